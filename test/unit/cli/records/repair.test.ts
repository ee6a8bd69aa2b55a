import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runCommandLine } from '../../../../src/cli/command-line.js';
import { garbleLargestTable } from '../../../contract/level-rig.js';
import { createStore, deleteWithLevel, writeWithLevel } from '../../../contract/store-to-repair.js';
import { RecordingOutput } from '../recording-output.js';

async function repair(store: string, ...more: readonly string[]): Promise<RecordingOutput> {
  const output = new RecordingOutput();
  assert.equal(await runCommandLine(['repair', '--store', store, ...more], output), 0);
  assert.equal(output.errors, '');
  return output;
}

describe('greymilter repair says', () => {
  test('that a store is sound', async (t) => {
    const path = await createStore(t);
    const { printed } = await repair(path);
    assert.match(
      printed,
      /^The store \S+db is sound, nothing was changed:\n {2}3000 records, \d+ /,
    );
  });

  test('how much was kept of what there was, and which table was bad', async (t) => {
    const path = await createStore(t);
    garbleLargestTable(path);
    const { printed } = await repair(path, '--yes');
    const [, kept, known] = / kept: +(\d+) of about (\d+) records, /.exec(printed) ?? [];
    assert.ok(Number(kept) >= 1000 && Number(kept) < Number(known), printed);
    assert.match(printed, /\n {2}bad: +\d{6}\.ldb\n/);
    assert.match(printed, /\nWhat is lost is new when it comes next, and waits once\.\n/);
    assert.match(printed, /\nThe old one is kept, .* in \S+db\.aside-\d{8}T\d{6}Z; /);
  });

  test('that a record is garbled, and the identity was lost', async (t) => {
    const path = await createStore(t);
    await writeWithLevel(path, 'r1234567', 'garbled');
    await deleteWithLevel(path, 'mstore');
    const { printed } = await repair(path, '--yes');
    assert.match(printed, /\n {2}found: +its identity is missing\n/);
    assert.match(printed, /\n {2}kept: +3000 of about 3000 records, /);
    assert.match(printed, /\n {2}garbled: +1 record that nobody can read\n/);
    assert.match(printed, /\n {2}identity: +lost; /);
  });

  test('which options name a store, if there is none', async () => {
    const output = new RecordingOutput();
    assert.equal(await runCommandLine(['repair', '--store', '/nowhere/db'], output), 69);
    assert.match(
      output.errors,
      /^greymilter: \/nowhere\/db is not .* --config FILE or --store PATH\.\n$/,
    );
  });

  test('where the old store is, after --start-empty', async (t) => {
    const path = await createStore(t);
    const { printed } = await repair(path, '--start-empty', '--yes');
    assert.match(printed, /^The store \S+db is empty now: .*\nThe old one is kept, .* in \S+Z; /);
    assert.match((await repair(path)).printed, /\n {2}0 records, /);
  });
});
