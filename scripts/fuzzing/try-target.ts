import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { CoverageGuide } from '../../test/fuzz/coverage-guide.js';
import { kindOf, Fuzzer, shrink } from '../../test/fuzz/fuzzer.js';
import { appendInput, readInputs } from '../../test/fuzz/inputs-file.js';
import { fuzzTargets } from '../../test/fuzz/targets/index.js';
import type { WorkerOrder, WorkerReport } from './protocol.js';

/** What is asked of at a time, between two looks at the clock. */
const inputsAtATime = 240;

// The parent starts it with just this.
const order = workerData as WorkerOrder;
const watch = new Int32Array(order.watch, 0, 2);
const running = new Uint8Array(order.watch, watch.byteLength);

/** Tells the parent, which watches, what is tried now: a loop without an end tells nobody. */
function tellInput(input: Buffer): void {
  running.set(input.subarray(0, running.length));
  Atomics.store(watch, 1, Math.min(input.length, running.length));
  Atomics.add(watch, 0, 1);
}

async function run(): Promise<void> {
  const target = fuzzTargets.find(({ name }) => name === order.target);
  if (target === undefined) throw new Error(`no target ${order.target}`);
  const found = join(order.corpus, `${target.name}.jsonl`);
  const corpus = [...readInputs(order.fixtures), ...readInputs(found)];
  const failures = new Set<string>();
  const guide = order.isGuided ? new CoverageGuide() : undefined;
  const fuzzer = new Fuzzer(target, {
    seed: order.seed,
    corpus,
    ...(guide !== undefined && { guide }),
    onInput: tellInput,
    onFound: (input) => appendInput(found, input),
  });
  const until = performance.now() + order.seconds * 1000;
  const isOver = (): boolean => performance.now() >= until || fuzzer.runs >= order.inputs;
  for (let failure = await fuzzer.replay(); ; failure = await fuzzer.tryInputs(inputsAtATime)) {
    if (failure !== undefined && !failures.has(kindOf(failure.error))) {
      failures.add(kindOf(failure.error));
      const { input, error } = await shrink(target, failure);
      appendInput(join(order.corpus, `${target.name}.failures.jsonl`), input);
      tell({ kind: 'failure', input, error: error instanceof Error ? error.stack : String(error) });
    }
    const { runs, corpusSize, slowest } = fuzzer;
    tell({ kind: 'progress', runs, corpusSize, covered: guide?.size ?? 0, slowestMs: slowest.ms });
    if (isOver()) return;
  }
}

function tell(report: WorkerReport): void {
  parentPort?.postMessage(report);
}

await run();
