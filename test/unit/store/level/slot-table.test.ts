import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { CommitQueue } from '../../../../src/store/level/commit-queue.js';
import { CommitWriter } from '../../../../src/store/level/commit-writer.js';
import { FilledSlots } from '../../../../src/store/level/filled-slots.js';
import { LevelDatabase } from '../../../../src/store/level/level-database.js';
import type { Slot } from '../../../../src/store/level/slot.js';
import { SlotTable } from '../../../../src/store/level/slot-table.js';
import { TimeSlice } from '../../../../src/store/level/time-slice.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

const content = (text: string): Slot => [
  { key: 'key', value: Buffer.from(text), expiresAt: 1_800_000_000_000, commit: undefined },
];

const textIn = (slot: Slot): string | undefined => slot[0]?.value.toString();

interface Rig {
  readonly slots: SlotTable;
  /** Writes fail while it is on. */
  readonly failing: { isOn: boolean };
  /** How often one slot alone was read from the database. */
  readonly singleReads: () => number;
  /** Called with what was read ahead, before that is handed on. */
  beforeHandingOn: () => Promise<void>;
}

async function openRig(t: TestContext): Promise<Rig> {
  const database = await LevelDatabase.open(join(createTempDirectory(t), 'db'));
  t.after(() => database.close());
  const writer = new CommitWriter(database, { generation: 1, synced: false });
  const failing = { isOn: false };
  const queue = new CommitQueue({
    write: (commit) => (failing.isOn ? Promise.reject(new Error('full')) : writer.write(commit)),
    onFailed: (error) => {
      if (!failing.isOn) throw error;
    },
    onRecovered: () => undefined,
  });
  const filled = new FilledSlots({ database, queue, bytes: 1e9, slice: new TimeSlice() });
  const { mock } = t.mock.method(database, 'read');
  const readRange = database.readRange.bind(database);
  const rig: Rig = {
    slots: new SlotTable(database, queue, filled),
    failing,
    singleReads: () => mock.callCount(),
    beforeHandingOn: () => Promise.resolve(),
  };
  t.mock.method(database, 'readRange', async (...asked: Parameters<typeof readRange>) => {
    const found = await readRange(...asked);
    await rig.beforeHandingOn();
    return found;
  });
  return rig;
}

describe('what is read ahead', () => {
  test('is found at once, also that there is nothing', async (t) => {
    const { slots, singleReads } = await openRig(t);
    await slots.write(1, content('one')).done;
    await slots.readAhead([1, 2]);
    assert.equal(textIn(slots.read(1)), 'one');
    assert.deepEqual(slots.read(2), []);
    assert.equal(singleReads(), 0);
    assert.deepEqual(slots.read(3), []);
    assert.equal(singleReads(), 1);
  });

  test('is forgotten when other slots are', async (t) => {
    const { slots, singleReads } = await openRig(t);
    await slots.write(1, content('one')).done;
    await slots.readAhead([1]);
    await slots.readAhead([2]);
    assert.equal(textIn(slots.read(1)), 'one');
    assert.equal(singleReads(), 1);
  });

  test('gives way to what is written afterwards', async (t) => {
    const { slots } = await openRig(t);
    await slots.write(1, content('old')).done;
    await slots.readAhead([1]);
    const { done } = slots.write(1, content('new'));
    assert.equal(textIn(slots.read(1)), 'new');
    await done;
    assert.equal(textIn(slots.read(1)), 'new');
  });

  test('gives way to what is written meanwhile, and is committed before it comes', async (t) => {
    const rig = await openRig(t);
    const { slots } = rig;
    await slots.write(1, content('old')).done;
    rig.beforeHandingOn = () => slots.write(1, content('new')).done;
    await slots.readAhead([1]);
    assert.equal(textIn(slots.read(1)), 'new');
  });

  test('leaves out what was on its way to the disk before', async (t) => {
    const rig = await openRig(t);
    const { slots } = rig;
    await slots.write(1, content('old')).done;
    const { done } = slots.write(1, content('new'));
    rig.beforeHandingOn = () => done;
    await slots.readAhead([1, 2]);
    assert.equal(textIn(slots.read(1)), 'new');
    assert.equal(rig.singleReads(), 1);
  });

  test('is nothing if it cannot be read', async (t) => {
    const rig = await openRig(t);
    const { slots } = rig;
    await slots.write(1, content('old')).done;
    rig.beforeHandingOn = () => Promise.reject(new Error('no'));
    await assert.rejects(slots.readAhead([1]), /^Error: no$/);
    assert.equal(textIn(slots.read(1)), 'old');
    await slots.write(1, content('new')).done;
    assert.equal(textIn(slots.read(1)), 'new');
  });
});

describe('what was read', () => {
  test('is not read again, also that there is nothing', async (t) => {
    const { slots, singleReads } = await openRig(t);
    await slots.write(1, content('one')).done;
    for (let times = 0; times < 3; times++) {
      assert.equal(textIn(slots.read(1)), 'one');
      assert.deepEqual(slots.read(2), []);
    }
    assert.equal(singleReads(), 2);
  });

  test('gives way to what is written, and to nothing that is', async (t) => {
    const { slots } = await openRig(t);
    await slots.write(1, content('old')).done;
    assert.equal(textIn(slots.read(1)), 'old');
    assert.deepEqual(slots.read(2), []);
    const { done } = slots.write(1, content('new'));
    await Promise.all([done, slots.write(2, content('two')).done]);
    assert.equal(textIn(slots.read(1)), 'new');
    assert.equal(textIn(slots.read(2)), 'two');
    await slots.write(1, []).done;
    assert.deepEqual(slots.read(1), []);
  });

  test('is there again if what was written is not committed', async (t) => {
    const { slots, failing } = await openRig(t);
    await slots.write(1, content('old')).done;
    assert.equal(textIn(slots.read(1)), 'old');
    failing.isOn = true;
    const { done } = slots.write(1, content('new'));
    assert.equal(textIn(slots.read(1)), 'new');
    await assert.rejects(done, /^Error: full$/);
    assert.equal(textIn(slots.read(1)), 'old');
  });

  test('is read again after writes have failed, for one of them may be there', async (t) => {
    const { slots, singleReads, failing } = await openRig(t);
    failing.isOn = true;
    await assert.rejects(slots.write(1, content('lost')).done);
    assert.deepEqual(slots.read(1), []);
    assert.deepEqual(slots.read(1), []);
    assert.equal(singleReads(), 2);
    failing.isOn = false;
    await slots.write(2, content('two')).done;
    assert.deepEqual(slots.read(1), []);
    assert.deepEqual(slots.read(1), []);
    assert.equal(singleReads(), 3);
  });

  test('is forgotten behind some thousands of others', async (t) => {
    const { slots, singleReads } = await openRig(t);
    await slots.write(1, content('one')).done;
    assert.equal(textIn(slots.read(1)), 'one');
    for (let slot = 2; slot < 10_000; slot++) slots.read(slot);
    const before = singleReads();
    assert.equal(textIn(slots.read(1)), 'one');
    assert.equal(singleReads(), before + 1);
  });
});
