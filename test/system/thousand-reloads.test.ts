import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { median } from '../../scripts/benchmark/statistics.js';
import { startGreymilter, type GreymilterProcess } from '../support/daemon-process.js';
import { createTempDirectory, type CleanUp } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';
import { reloadUnderLoad, rulesText, type Effort } from './reload-load.js';

/** Clients that pause leave a small machine the time to read a configuration so often. */
const effort: Effort = { versions: 1000, clients: 3, pauseMs: 10 };

/** In the daemon's process: says what is left after a collection, counted so that each is told apart. */
const weigh = `let count = 0;
process.on('SIGUSR2', () => {
  gc();
  process.stderr.write('heap ' + count++ + ' ' + process.memoryUsage().heapUsed + '.\\n');
});`;

interface Weight {
  readonly heapBytes: number;
  readonly descriptors: number;
}

async function weightOf(greymilter: GreymilterProcess, count: number): Promise<Weight> {
  greymilter.kill('SIGUSR2');
  const said = new RegExp(`^heap ${count} (\\d+)\\.$`, 'm');
  await waitUntil(() => said.test(greymilter.stderr), 'its memory');
  const [, heapBytes] = said.exec(greymilter.stderr) ?? [];
  const descriptors = readdirSync(`/proc/${greymilter.pid}/fd`).length;
  return { heapBytes: Number(heapBytes), descriptors };
}

/** How much more there is of something at the end than at the beginning. */
function growthOf(of: keyof Weight, weights: readonly Weight[]): number {
  const values = weights.map((weight) => weight[of]);
  return median(values.slice(-3)) - median(values.slice(0, 3));
}

test('reloads by SIGHUP, a thousand times: each is done, no session is lost, and no memory', async (t) => {
  const cleanUps: (() => Promise<void> | void)[] = [];
  const cleanUp = { after: (stop: Parameters<CleanUp['after']>[0]) => cleanUps.unshift(stop) };
  t.after(async () => {
    for (const stop of cleanUps) await stop();
  });
  const directory = createTempDirectory(cleanUp);
  const file = join(directory, 'greymilter.yaml');
  const path = join(directory, 'milter.sock');
  const write = (version: number): void => {
    writeFileSync(
      file,
      `listen: {milter: 'unix:${path}'}
store: {url: 'level:${join(directory, 'db')}'}
log: {level: info, to: 'file:${join(directory, 'log')}'}
${rulesText(directory, version, 100)}`,
    );
  };
  write(0);
  const greymilter = startGreymilter(cleanUp, ['--config', file], {
    logFile: join(directory, 'log'),
    withinMs: 180_000,
    // Optimised code lies in the same heap: what V8 compiles meanwhile would be taken for what a reload leaves.
    nodeOptions: [
      '--no-opt',
      '--expose-gc',
      '--import',
      `data:text/javascript,${encodeURIComponent(weigh)}`,
    ],
  });
  await greymilter.ready();
  const after: Weight[] = [];
  await reloadUnderLoad(path, effort, async (version) => {
    write(version);
    const before = greymilter.log.length;
    greymilter.kill('SIGHUP');
    await greymilter.logged(/ configuration reloaded /, before);
    if (version % 100 === 0) after.push(await weightOf(greymilter, after.length));
  });
  assert.doesNotMatch(greymilter.log, / (warn|error) /);
  assert.equal(after.length, 10);
  // Single moments differ by up to two megabytes. Seven hundred configurations kept would be some 58 MB.
  const grown = growthOf('heapBytes', after);
  assert.ok(grown < 2_000_000, `grown by ${grown} bytes: ${JSON.stringify(after)}`);
  // Some clients, and files of the store, more or less.
  assert.ok(growthOf('descriptors', after) < 20, JSON.stringify(after));
  greymilter.kill('SIGTERM');
  assert.equal((await greymilter.ending).code, 0);
});
