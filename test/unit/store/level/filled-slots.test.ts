import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Commit } from '../../../../src/store/level/commit.js';
import { CommitQueue } from '../../../../src/store/level/commit-queue.js';
import { CommitWriter } from '../../../../src/store/level/commit-writer.js';
import { FilledSlots } from '../../../../src/store/level/filled-slots.js';
import { LevelDatabase } from '../../../../src/store/level/level-database.js';
import type { Slot } from '../../../../src/store/level/slot.js';
import { createSlotHash } from '../../../../src/store/level/slot-hash.js';
import { SlotTable } from '../../../../src/store/level/slot-table.js';
import { StoreError } from '../../../../src/store/store.js';
import { TimeSlice } from '../../../../src/store/level/time-slice.js';
import { LevelRig } from '../../../contract/level-rig.js';
import { DAY_MS, scanned } from '../../../contract/store-rig.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

const content: Slot = [
  { key: 'key', value: Buffer.from('value'), expiresAt: 1_800_000_000_000, commit: undefined },
];

const MISSES = 8;
const ROOM = 65_536;

/** Slots that nothing is ever written to. */
const nowhere = (index: number): number => 2 ** 40 + index;

class Rig {
  readonly database: LevelDatabase;
  readonly filled: FilledSlots;
  readonly slots: SlotTable;
  /** How often LevelDB was asked for a slot. */
  readonly looks: () => number;
  /** How often all keys have been read, or begun to be. */
  readings = 0;
  /** Called when all keys are about to be read; what they are is settled by then. */
  whileReading: () => Promise<void> = () => Promise.resolve();
  /** Bytes that the database seems to have. */
  bytes = 0;
  /** What has been written in vain, while all writes fail. */
  refused: Commit[] | undefined;
  readonly writer: CommitWriter;
  #missed = 0;

  private constructor(t: TestContext, database: LevelDatabase) {
    this.database = database;
    const { mock } = t.mock.method(database, 'read');
    this.looks = () => mock.callCount();
    this.writer = new CommitWriter(database, { generation: 1, synced: false });
    const queue = new CommitQueue({
      write: (commit) => {
        if (this.refused === undefined) return this.writer.write(commit);
        this.refused.push(commit);
        return Promise.reject(new Error('refused'));
      },
      onFailed: (error) => {
        if (this.refused === undefined) assert.ifError(error);
      },
      onRecovered: () => undefined,
    });
    const slice = new TimeSlice();
    const asked = {
      keys: (range: Parameters<LevelDatabase['keys']>[0]) => this.#keys(range),
      bytes: () => Promise.resolve(this.bytes),
    };
    const least = { leastMisses: MISSES, leastRoom: ROOM };
    this.filled = new FilledSlots({ database: asked, queue, bytes: 0, slice, ...least });
    this.slots = new SlotTable(database, queue, this.filled);
  }

  static async open(t: TestContext): Promise<Rig> {
    const database = await LevelDatabase.open(join(createTempDirectory(t), 'db'));
    const rig = new Rig(t, database);
    t.after(async () => {
      await rig.filled.stop();
      await database.close();
    });
    return rig;
  }

  async *#keys(
    range: Parameters<LevelDatabase['keys']>[0],
  ): AsyncGenerator<readonly Uint8Array[], void, undefined> {
    this.readings++;
    const keys = this.database.keys(range);
    const first = await keys.next();
    await this.whileReading();
    if (first.done !== true) yield first.value;
    yield* keys;
  }

  /** Looks in vain for the first time, so often. */
  miss(times = MISSES): void {
    for (let more = 0; more < times; more++) {
      assert.deepEqual(this.slots.read(nowhere(this.#missed++)), []);
    }
  }

  async learn(): Promise<void> {
    this.miss();
    while (this.filled.mayHave(nowhere(this.#missed))) await turn();
  }

  async write(...slots: readonly number[]): Promise<void> {
    await Promise.all(slots.map((slot) => this.slots.write(slot, content).done));
  }

  /** What part of the slots that nothing is in seems to be filled. */
  seeming(): number {
    let found = 0;
    for (let index = 0; index < 1000; index++) if (this.filled.mayHave(nowhere(index))) found++;
    return found / 1000;
  }

  /** What is there is found, and nothing else is asked for. */
  assertHas(...slots: readonly number[]): void {
    for (const slot of slots) assert.deepEqual(this.slots.read(slot), content, String(slot));
    const before = this.looks();
    assert.deepEqual(this.slots.read(nowhere(-1)), []);
    assert.equal(this.looks(), before);
  }
}

describe('what is empty', () => {
  test('is looked into until it has been learnt, after some misses', async (t) => {
    const rig = await Rig.open(t);
    await rig.write(1, 2);
    rig.miss(MISSES - 1);
    await turn();
    assert.equal(rig.readings, 0);
    assert.equal(rig.looks(), MISSES - 1);
    rig.miss(1);
    await rig.learn();
    assert.equal(rig.readings, 1);
    rig.assertHas(1, 2);
  });

  test('is not what is found: hits begin nothing', async (t) => {
    const rig = await Rig.open(t);
    await rig.write(1, 2);
    for (let times = 0; times < 2 * MISSES; times++) {
      assert.deepEqual(rig.slots.read(1), content);
      assert.deepEqual(rig.slots.read(2), content);
    }
    await turn();
    assert.equal(rig.readings, 0);
  });

  test('is not so any more once something was written there', async (t) => {
    const rig = await Rig.open(t);
    await rig.learn();
    await rig.write(1, 2);
    rig.assertHas(1, 2);
    await rig.slots.write(1, []).done;
    assert.deepEqual(rig.slots.read(1), []);
    await rig.write(1);
    rig.assertHas(1, 2);
  });

  test('does not take in what is on its way when all keys are read', async (t) => {
    const rig = await Rig.open(t);
    await rig.write(1);
    const written = rig.write(2, 3);
    await rig.learn();
    await written;
    rig.assertHas(1, 2, 3);
  });

  test('does not take in what is written while all keys are read', async (t) => {
    const rig = await Rig.open(t);
    await rig.write(1);
    rig.whileReading = () => rig.write(2, 3);
    await rig.learn();
    rig.assertHas(1, 2, 3);
  });

  test('does not take in what a failed write has left, for the database to find when it is opened anew', async (t) => {
    const rig = await Rig.open(t);
    const refused: Commit[] = [];
    rig.refused = refused;
    await assert.rejects(rig.write(1));
    rig.miss(2 * MISSES);
    for (let turns = 0; turns < 100; turns++) await turn();
    rig.refused = undefined;
    for (const commit of refused) await rig.writer.write(commit);
    assert.deepEqual(rig.slots.read(1), content);
    await rig.write(2);
    await rig.learn();
    rig.assertHas(1, 2);
  });

  test('is looked into as before if the keys cannot be read, and learnt after as many misses again', async (t) => {
    const rig = await Rig.open(t);
    await rig.write(1);
    rig.whileReading = () => Promise.reject(new Error('no'));
    rig.miss();
    for (let misses = 0; misses < 1000 && rig.readings < 2; misses++) {
      rig.miss(1);
      await turn();
    }
    assert.equal(rig.readings, 2);
    rig.whileReading = () => Promise.resolve();
    await rig.learn();
    rig.assertHas(1);
  });

  test('is learnt no more when it is to stop', async (t) => {
    const rig = await Rig.open(t);
    await rig.write(1);
    let stopped = Promise.resolve();
    const begun = new Promise<void>((resolve) => {
      rig.whileReading = () => {
        stopped = rig.filled.stop();
        resolve();
        return Promise.resolve();
      };
    });
    rig.miss();
    await begun;
    await stopped;
    assert.ok(rig.filled.mayHave(nowhere(0)));
    rig.miss(2 * MISSES);
    await turn();
    assert.equal(rig.readings, 1);
  });
});

test('when there is much more than there was, it is learnt anew', async (t) => {
  const rig = await Rig.open(t);
  await rig.learn();
  const before = rig.readings;
  // Far more than there is room for: nearly every other slot seems to be among them.
  for (let slot = 0; slot < 500_000; slot++) rig.filled.add(slot * 0x9e3779b1);
  await rig.write(1, 2);
  assert.ok(rig.seeming() > 0.3, String(rig.seeming()));
  while (rig.readings === before) {
    rig.miss(1);
    // It begins when the size of the database is known.
    await Promise.resolve();
  }
  // It does not take a few for so many.
  assert.ok(rig.looks() > 20_000, String(rig.looks()));
  while (rig.seeming() > 0.3) await turn();
  assert.ok(rig.seeming() < 0.02, String(rig.seeming()));
  rig.assertHas(1, 2);
});

describe('it is learnt anew with room', () => {
  const SLOTS = 200_000;
  const hash = createSlotHash([9, 10]);

  /** The part that seems to be filled when so many have been written, all are gone, and so many are written again. */
  async function seemingAfter(t: TestContext, bytes: number): Promise<number> {
    const rig = await Rig.open(t);
    await rig.learn();
    rig.bytes = bytes;
    const addAll = (): void => {
      for (let index = 0; index < SLOTS; index++) rig.filled.add(hash(`key ${index}`));
    };
    addAll();
    for (let index = 0; index < SLOTS; index++) rig.filled.miss();
    while (rig.seeming() > 0) await turn();
    addAll();
    return rig.seeming();
  }

  test('for as many as there have been', async (t) => {
    const seeming = await seemingAfter(t, SLOTS * 60);
    assert.ok(seeming < 0.05, String(seeming));
  });

  test('for no more than there can be in the database', async (t) => {
    const seeming = await seemingAfter(t, 1000);
    assert.ok(seeming > 0.3, String(seeming));
  });
});

test('what cannot be read is not taken for empty', async (t) => {
  const rig = await LevelRig.open(t, { leastMisses: 1 });
  const keys = Array.from({ length: 2000 }, (_, index) => `key ${index}`);
  const next = { value: Buffer.alloc(200), expiresAt: rig.clock.now() + DAY_MS };
  await Promise.all(keys.map((key) => rig.store.compareAndSet(key, undefined, next)));
  await rig.breakReads();
  const assertTold = (): void => {
    let [told, found] = [0, 0];
    for (const key of keys) {
      try {
        if (rig.store.get(key) !== undefined) found++;
      } catch {
        told++;
      }
    }
    assert.equal(told + found, keys.length);
    assert.ok(told > 0);
  };
  assertTold();
  for (let times = 0; times < 3; times++) {
    for (let index = 0; index < 4000; index++) {
      try {
        assert.equal(rig.store.get(`nowhere ${times} ${index}`), undefined);
      } catch (error) {
        // Its place may be in what is garbled.
        assert.ok(error instanceof StoreError, String(error));
      }
    }
    // Takes as long as to read all keys.
    await assert.rejects(scanned(rig.store), { code: 'STORE_DAMAGED' });
    assertTold();
  }
});
