import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { SLOT_COUNT, SLOT_KEY_BYTES, writeSlotKey } from '../../../../src/store/level/layout.js';
import { LevelDatabase } from '../../../../src/store/level/level-database.js';
import { SlotReader } from '../../../../src/store/level/slot-reader.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

interface Rig {
  readonly reader: SlotReader;
  /** What has been asked of LevelDB since the last call. */
  readonly takeAsked: () => readonly string[];
}

/** A reader on a database in which each of these slots holds its number, or so many bytes. */
async function openRig(t: TestContext, slots: readonly number[], bytes?: number): Promise<Rig> {
  const database = await LevelDatabase.open(join(createTempDirectory(t), 'db'));
  t.after(() => database.close());
  await database.write((batch) => {
    for (const slot of slots) {
      const key = writeSlotKey(slot, Buffer.alloc(SLOT_KEY_BYTES));
      batch.put(key, bytes === undefined ? Buffer.from(String(slot)) : Buffer.alloc(bytes));
    }
  }, false);
  const range = t.mock.method(database, 'readRange').mock;
  const many = t.mock.method(database, 'readMany').mock;
  const takeAsked = (): readonly string[] => {
    const asked = [
      ...range.calls.map(() => 'range'),
      ...many.calls.map(({ arguments: [keys] }) => `${keys.length} slots`),
    ];
    range.resetCalls();
    many.resetCalls();
    return asked;
  };
  return { reader: new SlotReader(database), takeAsked };
}

/** Each slot with what was found in it. */
async function contentsOf(
  reader: SlotReader,
  slots: readonly number[],
): Promise<readonly (readonly [number, string | undefined])[]> {
  return Array.from(await reader.read(slots), ([slot, bytes]) => [slot, bytes?.toString()]);
}

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

describe('slots that are read together', () => {
  test('are read in one go where they lie beside each other', async (t) => {
    const { reader, takeAsked } = await openRig(t, upTo(1000));
    const wanted = upTo(500).map((at) => 100 + at);
    assert.deepEqual(
      await contentsOf(reader, wanted),
      wanted.map((slot) => [slot, String(slot)]),
    );
    assert.deepEqual(takeAsked(), ['range']);
  });

  test('also where some lie between that nobody asks for, and some are empty', async (t) => {
    const { reader, takeAsked } = await openRig(t, [1, 2, 3, 5, 6]);
    assert.deepEqual(await contentsOf(reader, [1, 3, 4, 6, 7]), [
      [1, '1'],
      [3, '3'],
      [4, undefined],
      [6, '6'],
      [7, undefined],
    ]);
    assert.deepEqual(takeAsked(), ['range']);
  });

  test('are read one by one where more lies between', async (t) => {
    const { reader, takeAsked } = await openRig(t, upTo(1000));
    assert.deepEqual(await contentsOf(reader, [0, 500, 999, 5000]), [
      [0, '0'],
      [500, '500'],
      [999, '999'],
      [5000, undefined],
    ]);
    assert.deepEqual(takeAsked(), ['range', '4 slots']);
  });

  test('which is not tried again at once, but after some time', async (t) => {
    const { reader, takeAsked } = await openRig(t, upTo(1000));
    await reader.read([0, 999]);
    assert.deepEqual(takeAsked(), ['range', '2 slots']);
    for (let reads = 0; reads < 32; reads++) {
      await reader.read([1, 2]);
      assert.deepEqual(takeAsked(), ['2 slots']);
    }
    await reader.read([1, 2]);
    assert.deepEqual(takeAsked(), ['range']);
    await reader.read([3, 4]);
    assert.deepEqual(takeAsked(), ['range']);
  });

  test('may be large', async (t) => {
    const { reader, takeAsked } = await openRig(t, upTo(8), 300_000);
    const found = await reader.read(upTo(8));
    assert.deepEqual(
      Array.from(found.values(), (bytes) => bytes?.length),
      upTo(8).map(() => 300_000),
    );
    assert.deepEqual(takeAsked(), ['range']);
  });

  test('may be one, the last there can be, or none', async (t) => {
    const { reader, takeAsked } = await openRig(t, [SLOT_COUNT - 1]);
    const last = String(SLOT_COUNT - 1);
    assert.deepEqual(await contentsOf(reader, [SLOT_COUNT - 1]), [[SLOT_COUNT - 1, last]]);
    assert.deepEqual(takeAsked(), ['range']);
    assert.equal((await reader.read([])).size, 0);
    assert.deepEqual(takeAsked(), []);
  });
});
