import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setImmediate as turnOfLoop, setTimeout as pause } from 'node:timers/promises';
import { openLevelStore, type LevelStore } from '../../../../src/store/level-store.js';
import { StoreError } from '../../../../src/store/store.js';
import { LevelDatabase } from '../../../../src/store/level/level-database.js';
import type { SlicePace } from '../../../../src/store/level/time-slice.js';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Rig {
  readonly path: string;
  readonly clock: ManualClock;
  readonly store: LevelStore;
  readonly log: string[];
  /** Moves only the clock that can be set. */
  step(ms: number): void;
}

async function openRig(
  t: TestContext,
  intervalMs = 3_600_000,
  more: {
    readonly pace?: SlicePace;
    readonly round?: number;
    readonly onExpired?: () => void;
  } = {},
): Promise<Rig> {
  const path = join(createTempDirectory(t), 'db');
  const clock = createManualClock();
  let stepped = 0;
  const log: string[] = [];
  const write = (message: string): void => void log.push(message);
  const store = await openLevelStore({
    path,
    durability: 'process',
    clock: { now: () => clock.now() + stepped, monotonicNow: clock.now },
    logger: { error: write, warn: write, info: write },
    sweep: {
      ...{ intervalMs, batch: 10 },
      ...(more.round !== undefined && { round: more.round }),
    },
    ...(more.pace && { paces: { writing: more.pace } }),
    onExpired: more.onExpired,
  });
  t.after(() => store.close());
  const step = (ms: number): void => {
    stepped += ms;
  };
  return { path, clock, store, log, step };
}

async function set(rig: Rig, key: string, expiresAt: number): Promise<void> {
  const next = { value: Buffer.from('value'), expiresAt };
  assert.equal(await rig.store.compareAndSet(key, rig.store.get(key), next), true);
}

async function setMany(rig: Rig, count: number, expiresAt: number): Promise<void> {
  const keys = Array.from({ length: count }, (_, index) => `key ${String(index)}`);
  await Promise.all(keys.map((key) => set(rig, key, expiresAt)));
}

/** How many records and pages of the index are on disk; ends the store. */
async function countOnDisk(rig: Rig): Promise<{ records: number; pages: number }> {
  await rig.store.close();
  const database = await LevelDatabase.open(rig.path);
  const kinds: string[] = [];
  for await (const page of database.pages({})) {
    kinds.push(...page.map(([key]) => String.fromCharCode(key[0] ?? 0)));
  }
  await database.close();
  const count = (kind: string): number => kinds.filter((other) => other === kind).length;
  return { records: count('r'), pages: count('x') };
}

/** A clock of which every look takes longer than a piece may. */
function ticking(): () => number {
  let now = 0;
  return () => (now += 2);
}

describe('the expiry sweeper', () => {
  test('deletes what has expired once its hour is over, and nothing else', async (t) => {
    const rig = await openRig(t);
    await setMany(rig, 150, rig.clock.now() + DAY_MS);
    await set(rig, 'later', rig.clock.now() + 3 * DAY_MS);
    rig.clock.advance(DAY_MS + HOUR_MS - 1);
    assert.equal(await rig.store.sweep(), 0);
    rig.clock.advance(1);
    assert.equal(await rig.store.sweep(), 150);
    assert.equal(await rig.store.sweep(), 0);
    assert.equal((await rig.store.stats()).expired, 150);
    assert.ok(rig.store.get('later'));
    assert.deepEqual(await countOnDisk(rig), { records: 1, pages: 1 });
  });

  test('lists anew what lives longer by now, and deletes it in its turn', async (t) => {
    const rig = await openRig(t);
    await set(rig, 'key', rig.clock.now() + DAY_MS);
    await set(rig, 'key', rig.clock.now() + 5 * DAY_MS);
    rig.clock.advance(2 * DAY_MS);
    assert.equal(await rig.store.sweep(), 0);
    assert.ok(rig.store.get('key'));
    rig.clock.advance(4 * DAY_MS);
    assert.equal(await rig.store.sweep(), 1);
    assert.deepEqual(await countOnDisk(rig), { records: 0, pages: 0 });
  });

  test('comes in time for what lives shorter by now', async (t) => {
    const rig = await openRig(t);
    await set(rig, 'key', rig.clock.now() + 30 * DAY_MS);
    await set(rig, 'key', rig.clock.now() + DAY_MS);
    rig.clock.advance(2 * DAY_MS);
    assert.equal(await rig.store.sweep(), 1);
  });

  test('gives others their turn whenever half a millisecond is over, between any two slots', async (t) => {
    const count = 128;
    // At each page, of which there is one for half of the slots; at each slot, and at each entry that is told of.
    const all = 1 + count / 2 + 2 * count - 1;
    // By this clock each look at it takes so long, and nothing else takes any time.
    for (const { lookMs, least, most } of [
      { lookMs: 0, least: 0, most: 0 },
      { lookMs: 0.15, least: all / 5, most: all / 3 },
      { lookMs: 2, least: all, most: all },
    ]) {
      let [now, taken, heard] = [0, 0, 0];
      const pace: SlicePace = {
        now: () => (now += lookMs),
        turn: async () => {
          taken += 1;
          await turnOfLoop();
        },
      };
      const rig = await openRig(t, HOUR_MS, { pace, onExpired: () => void (heard += 1) });
      await setMany(rig, count / 2, rig.clock.now() + DAY_MS);
      for (let at = count / 2; at < count; at++) {
        // One lives longer by now, and is only listed anew.
        await set(rig, `key ${at}`, rig.clock.now() + DAY_MS);
        if (at === count - 1) await set(rig, `key ${at}`, rig.clock.now() + 9 * DAY_MS);
      }
      rig.clock.advance(2 * DAY_MS);
      assert.equal(await rig.store.sweep(), count - 1);
      assert.equal(heard, count - 1);
      assert.ok(taken >= least && taken <= most, `${taken} turns at ${lookMs} ms`);
      assert.ok(rig.store.get(`key ${count - 1}`));
      assert.deepEqual(await countOnDisk(rig), { records: 1, pages: 1 });
    }
  });

  test('forgets no listing when a piece of a step cannot be written', async (t) => {
    const pace: SlicePace = { now: ticking(), turn: () => turnOfLoop() };
    const rig = await openRig(t, HOUR_MS, { pace });
    await setMany(rig, 20, rig.clock.now() + DAY_MS);
    await setMany(rig, 10, rig.clock.now() + 5 * DAY_MS);
    rig.clock.advance(2 * DAY_MS);
    const write = Reflect.get<LevelDatabase, 'write'>(LevelDatabase.prototype, 'write');
    let writes = 0;
    t.mock.method(
      LevelDatabase.prototype,
      'write',
      function (this: LevelDatabase, ...args: Parameters<typeof write>) {
        writes += 1;
        // The clock is noted first; then comes the first piece.
        if (writes === 2) return Promise.reject(new StoreError('STORE_UNAVAILABLE', 'no room'));
        return write.apply(this, args);
      },
    );
    await assert.rejects(rig.store.sweep(), { code: 'STORE_UNAVAILABLE' });
    t.mock.restoreAll();
    // What was not written is done now, and what lives longer goes when it is due.
    await rig.store.sweep();
    rig.clock.advance(5 * DAY_MS);
    await rig.store.sweep();
    assert.deepEqual(await countOnDisk(rig), { records: 0, pages: 0 });
  });

  test('puts so many into order at a time, and leaves none', async (t) => {
    const rig = await openRig(t, HOUR_MS, { round: 1 });
    for (let at = 0; at < 6; at++) {
      await set(rig, `alone ${at}`, rig.clock.now() + DAY_MS);
      await setMany(rig, 70, rig.clock.now() + DAY_MS);
    }
    rig.clock.advance(2 * DAY_MS);
    assert.equal(await rig.store.sweep(), 76);
    assert.deepEqual(await countOnDisk(rig), { records: 0, pages: 0 });
  });

  test('stops between two steps when the clock jumps, and goes on with what is left', async (t) => {
    let heard = 0;
    const rig = await openRig(t, HOUR_MS, {
      onExpired: () => {
        if (++heard === 15) rig.step(300 * DAY_MS);
      },
    });
    await setMany(rig, 45, rig.clock.now() + DAY_MS);
    rig.clock.advance(2 * DAY_MS);
    assert.equal(await rig.store.sweep(), 20);
    rig.step(-300 * DAY_MS);
    assert.equal(await rig.store.sweep(), 25);
    assert.deepEqual(await countOnDisk(rig), { records: 0, pages: 0 });
  });

  test('spares what is renewed while it sweeps', async (t) => {
    const rig = await openRig(t);
    await setMany(rig, 100, rig.clock.now() + DAY_MS);
    rig.clock.advance(2 * DAY_MS);
    const sweeping = rig.store.sweep();
    await Promise.resolve();
    await setMany(rig, 100, rig.clock.now() + DAY_MS);
    await sweeping;
    for (let index = 0; index < 100; index++) assert.ok(rig.store.get(`key ${String(index)}`));
    rig.clock.advance(3 * DAY_MS);
    await rig.store.sweep();
    assert.deepEqual(await countOnDisk(rig), { records: 0, pages: 0 });
  });

  test('drops the listing of what was deleted', async (t) => {
    const rig = await openRig(t);
    await set(rig, 'key', rig.clock.now() + DAY_MS);
    await rig.store.delete('key');
    rig.clock.advance(2 * DAY_MS);
    assert.equal(await rig.store.sweep(), 0);
    assert.deepEqual(await countOnDisk(rig), { records: 0, pages: 0 });
  });

  test('sweeps by itself', async (t) => {
    const rig = await openRig(t, 5);
    await set(rig, 'key', rig.clock.now() + DAY_MS);
    rig.clock.advance(2 * DAY_MS);
    for (let turn = 0; turn < 1000 && (await rig.store.stats()).expired === 0; turn++) {
      await pause(5);
    }
    assert.equal((await rig.store.stats()).expired, 1);
  });

  test('pauses while the clock has jumped, and says so once', async (t) => {
    const rig = await openRig(t);
    await set(rig, 'key', rig.clock.now() + DAY_MS);
    rig.step(300 * DAY_MS);
    assert.equal(await rig.store.sweep(), 0);
    assert.equal(await rig.store.sweep(), 0);
    rig.step(-300 * DAY_MS);
    assert.ok(rig.store.get('key'), 'nothing was deleted');
    assert.equal(await rig.store.sweep(), 0);
    assert.deepEqual(rig.log, [
      'the clock is in doubt: no entry is deleted until it has run steadily for 24 hours',
      'expired entries are deleted again',
    ]);
  });

  test('pauses when the store was last in use long ago, until a day has passed', async (t) => {
    const rig = await openRig(t);
    await set(rig, 'key', rig.clock.now() + DAY_MS);
    await rig.store.close();
    rig.clock.advance(40 * DAY_MS);
    const clock = { now: rig.clock.now, monotonicNow: rig.clock.now };
    const store = await openLevelStore({ path: rig.path, durability: 'process', clock });
    t.after(() => store.close());
    assert.equal(await store.sweep(), 0);
    rig.clock.advance(DAY_MS);
    assert.equal(await store.sweep(), 1);
  });
});
