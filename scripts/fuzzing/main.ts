import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { readOrExplain } from '../wrong-usage.js';
import { appendInput, formatInput } from '../../test/fuzz/inputs-file.js';
import { fuzzTargets } from '../../test/fuzz/targets/index.js';
import type { WorkerOrder, WorkerReport } from './protocol.js';

const names = fuzzTargets.map(({ name }) => name);
const usage = `usage: scripts/fuzz [--target NAME]... [--seconds 60] [--inputs N] [--seed N]
                    [--corpus .fuzz] [--no-guide]

Tries each target with input after input, for so many seconds or inputs. Inputs that lead somewhere
new in the code join the corpus, a directory that the next run goes on with; what a target does not
stand, or what takes it twenty seconds of the processor, is written there as NAME.failures.jsonl, as short
as it could be made. Exit status 1 if there is any.

Targets: ${names.join(', ')}
`;

/** Of the processor's time, which a busy machine does not lengthen: an input takes milliseconds. */
const hangMs = 20_000;
const watchBytes = 64 * 1024;
const fixtures = fileURLToPath(new URL('../../test/fixtures/fuzz/', import.meta.url));

type Progress = Extract<WorkerReport, { readonly kind: 'progress' }>;

function readArguments() {
  const { values } = readOrExplain('scripts/fuzz', usage, () =>
    parseArgs({
      options: {
        target: { type: 'string', multiple: true },
        seconds: { type: 'string', default: '60' },
        inputs: { type: 'string', default: 'Infinity' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000) },
        corpus: { type: 'string', default: '.fuzz' },
        'no-guide': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }),
  );
  if (values.help) {
    process.stdout.write(usage);
    process.exit(0);
  }
  const targets = values.target ?? names;
  const unknown = targets.find((name) => !names.includes(name));
  if (unknown !== undefined) refuse(`there is no target "${unknown}"`);
  const number = (name: 'seconds' | 'inputs' | 'seed'): number => {
    if (Number(values[name]) >= 0) return Number(values[name]);
    refuse(`--${name} wants a number, not "${values[name]}"`);
  };
  return {
    ...{ targets, seconds: number('seconds'), inputs: number('inputs'), seed: number('seed') },
    corpus: resolve(values.corpus),
    isGuided: !values['no-guide'],
  };
}

function refuse(problem: string): never {
  process.stderr.write(`scripts/fuzz: ${problem}\n${usage}`);
  process.exit(64);
}

/** Tries one target; returns how many failures there were. */
async function tryTarget(
  target: string,
  wanted: ReturnType<typeof readArguments>,
): Promise<number> {
  const { corpus } = wanted;
  const watch = new SharedArrayBuffer(8 + watchBytes);
  const order: WorkerOrder = {
    ...{ ...wanted, target, watch },
    fixtures: join(fixtures, `${target}.jsonl`),
  };
  let failures = 0;
  let last: Progress | undefined;
  const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData: order });
  const startedAt = performance.now();
  worker.on('message', (report: WorkerReport) => {
    if (report.kind === 'progress') last = report;
    else {
      failures += 1;
      process.stdout.write(
        `${target}: ${formatInput(Buffer.from(report.input))}\n${report.error}\n`,
      );
    }
  });
  const hung = watchOver(worker, watch, (input) => {
    failures += 1;
    appendInput(join(corpus, `${target}.failures.jsonl`), input);
    process.stdout.write(
      `${target}: no end within ${hangMs} ms of CPU time of ${formatInput(input)}\n`,
    );
  });
  await new Promise<void>((done, failed) => {
    worker.once('error', failed);
    worker.once('exit', () => done());
  }).finally(() => clearInterval(hung));
  report(target, last, { failures, seconds: (performance.now() - startedAt) / 1000 });
  return failures;
}

/** Ends a worker that is at one and the same input for too long. */
function watchOver(
  worker: Worker,
  watch: SharedArrayBuffer,
  onHang: (input: Buffer) => void,
): NodeJS.Timeout {
  const state = new Int32Array(watch, 0, 2);
  let [seen, since] = [0, cpuMs()];
  return setInterval(() => {
    const begun = Atomics.load(state, 0);
    if (begun !== seen) [seen, since] = [begun, cpuMs()];
    else if (begun > 0 && cpuMs() - since > hangMs) {
      since = Infinity;
      onHang(Buffer.from(Buffer.from(watch, 8, Atomics.load(state, 1))));
      void worker.terminate();
    }
  }, 1000);
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function report(
  target: string,
  last: Progress | undefined,
  { failures, seconds }: { readonly failures: number; readonly seconds: number },
): void {
  const { runs = 0, corpusSize = 0, covered = 0, slowestMs = 0 } = last ?? {};
  const columns = [
    target.padEnd(24),
    `${runs} inputs`.padStart(16),
    `${Math.round(runs / seconds)}/s`.padStart(9),
    `corpus ${corpusSize}`.padStart(13),
    `${covered} blocks`.padStart(15),
    `slowest ${slowestMs.toFixed(0)} ms`.padStart(17),
    `${failures} failures`.padStart(13),
  ];
  process.stdout.write(`${columns.join('')}\n`);
}

const wanted = readArguments();
mkdirSync(wanted.corpus, { recursive: true });
process.stdout.write(`seed ${wanted.seed}, corpus ${wanted.corpus}\n`);
let failures = 0;
for (const target of wanted.targets) failures += await tryTarget(target, wanted);
process.exitCode = failures === 0 ? 0 : 1;
