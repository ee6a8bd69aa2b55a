import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runCommandLine } from '../../../../src/cli/command-line.js';
import { checkLevelStore } from '../../../../src/store/check-level-store.js';
import { garbleLargestTable } from '../../../contract/level-rig.js';
import { contentsOf, createStore } from '../../../contract/store-to-repair.js';
import { RecordingOutput } from '../recording-output.js';

async function check(
  store: string,
  exitCode: number,
  ...more: readonly string[]
): Promise<RecordingOutput> {
  const output = new RecordingOutput();
  assert.equal(await runCommandLine(['check-store', '--store', store, ...more], output), exitCode);
  return output;
}

describe('greymilter check-store says', () => {
  test('that a store is sound', async (t) => {
    const path = await createStore(t);
    const before = contentsOf(path);
    const { printed, errors } = await check(path, 0);
    assert.match(printed, /^The store \S+db is as it was written: 1 table, \d+\.\d KiB\n$/);
    assert.equal(errors, '');
    assert.deepEqual(contentsOf(path), before);
  });

  test('what is damaged, and what to do', async (t) => {
    const path = await createStore(t);
    garbleLargestTable(path);
    const before = contentsOf(path);
    const { printed, errors } = await check(path, 1);
    assert.match(printed, /^The store \S+db is damaged \(1 table, \d+\.\d KiB\):\n/);
    assert.match(
      printed,
      /\n {2}\d{6}\.ldb: \d+ blocks are not as written, at byte 0 and behind\n/,
    );
    assert.match(printed, /\nStop the filter and run "greymilter repair",/);
    assert.equal(errors, '');
    assert.deepEqual(contentsOf(path), before);
  });

  test('the same as an object', async (t) => {
    const path = await createStore(t);
    for (const [kind, exitCode] of [
      ['sound', 0],
      ['damaged', 1],
    ] as const) {
      if (kind === 'damaged') garbleLargestTable(path);
      const { printed } = await check(path, exitCode, '--json');
      const found = await checkLevelStore(path);
      assert.equal(found.bad.length, exitCode);
      assert.deepEqual(JSON.parse(printed), { store: path, kind, ...found });
    }
  });

  test('that there is no store, or that it is on a server', async () => {
    assert.match((await check('/nowhere/db', 69)).errors, /there is no such directory/);
    const { errors } = await check('redis://127.0.0.1:9', 64);
    assert.match(errors, /greymilter check-store is for a store on this machine/);
  });
});
