import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openLevelStore } from '../../../src/store/level-store.js';
import type { SlicePace } from '../../../src/store/level/time-slice.js';
import { StoreError } from '../../../src/store/store.js';
import type { LogFields } from '../../../src/telemetry/logger.js';
import { LevelRig } from '../../contract/level-rig.js';
import { limitFiles } from '../../support/limit-files.js';
import { createManualClock } from '../../support/manual-clock.js';
import { createTempDirectory } from '../../support/temp-directory.js';

const DAY_MS = 86_400_000;

describe('the LevelDB store', () => {
  test('reads without a promise, and writes many in one commit', async (t) => {
    const { store, clock } = await LevelRig.open(t);
    const next = { value: Buffer.from('value'), expiresAt: clock.now() + DAY_MS };
    const before = (await store.stats()).commits;
    const set = ['a', 'b', 'c'].map((key) => store.compareAndSet(key, undefined, next));
    assert.equal(store.get('b')?.expiresAt, next.expiresAt);
    assert.equal((await store.stats()).pendingWrites, 3);
    assert.deepEqual(await Promise.all(set), [true, true, true]);
    const stats = await store.stats();
    assert.deepEqual(
      {
        commits: stats.commits - before,
        pending: stats.pendingWrites,
        failed: stats.failedCommits,
      },
      { commits: 1, pending: 0, failed: 0 },
    );
    assert.ok(Number(stats.bytes) > 0);
  });

  test('keeps a write that was accepted on top of one that failed', async (t) => {
    const { store, clock } = await LevelRig.open(t);
    const next = { value: Buffer.from('first'), expiresAt: clock.now() + DAY_MS };
    limitFiles(true);
    const failing = store.compareAndSet('key', undefined, next);
    // Until its commit is in flight: a turn that adds nothing to it.
    await nextTurn();
    await nextTurn();
    const later = { ...next, value: Buffer.from('second') };
    const standing = store.compareAndSet('key', store.get('key'), later);
    await assert.rejects(failing, StoreError);
    limitFiles(false);
    assert.equal(Buffer.from(store.get('key')?.value ?? []).toString(), 'second');
    assert.equal(await standing, true);
    clock.advance(2 * DAY_MS);
    assert.equal(await store.sweep(), 1, 'it was listed with its own commit');
  });

  test('gives others their turn while a scan passes over what has expired', async (t) => {
    let [now, turns] = [0, 0];
    const pace: SlicePace = {
      // By this clock each look takes longer than a piece may.
      now: () => (now += 2),
      turn: async () => {
        turns += 1;
        await nextTurn();
      },
    };
    const clock = createManualClock();
    const path = join(createTempDirectory(t), 'db');
    const sweep = { intervalMs: DAY_MS, batch: 10 };
    const store = await openLevelStore({
      path,
      durability: 'process',
      clock,
      sweep,
      paces: { reading: pace },
    });
    t.after(() => store.close());
    const next = { value: Buffer.from('value'), expiresAt: clock.now() + DAY_MS };
    const keys = Array.from({ length: 40 }, (_, index) => `key ${index}`);
    await Promise.all(keys.map((key) => store.compareAndSet(key, undefined, next)));
    clock.advance(2 * DAY_MS);
    for await (const [key] of store.scan()) assert.fail(key);
    assert.equal(turns, 40);
  });

  test('gives others their turn in the middle of a scan, by time and not by count', async (t) => {
    const { store, clock } = await LevelRig.open(t);
    const next = { value: Buffer.from('value'), expiresAt: clock.now() + DAY_MS };
    const keys = Array.from({ length: 40 }, (_, index) => `key ${index}`);
    await Promise.all(keys.map((key) => store.compareAndSet(key, undefined, next)));
    let turns = 0;
    const count = (): void => {
      turns += 1;
      counting = setImmediate(count);
    };
    let counting = setImmediate(count);
    let before = -1;
    for await (const [key] of store.scan()) {
      assert.ok(turns > before, `others had their turn before ${key}`);
      before = turns;
      // Whoever makes much of an entry.
      for (const until = performance.now() + 2; performance.now() < until;);
    }
    clearImmediate(counting);
    assert.ok(turns >= keys.length);
  });

  test('says once that commits fail, and once that they succeed again', async (t) => {
    const clock = createManualClock();
    const log: string[] = [];
    const said: unknown[] = [];
    const write = (message: string, fields?: LogFields): void => {
      log.push(message);
      said.push(fields?.['error']);
    };
    const store = await openLevelStore({
      path: createTempDirectory(t),
      durability: 'process',
      clock: { now: clock.now },
      logger: { error: write, warn: write, info: write },
    });
    t.after(() => store.close());
    const next = { value: Buffer.from('value'), expiresAt: clock.now() + DAY_MS };
    limitFiles(true);
    await assert.rejects(store.compareAndSet('a', undefined, next), (error) => {
      assert.ok(error instanceof StoreError);
      // Whoever asked is not the one who goes on.
      assert.match(error.message, /does not work: .* errors of the device\.$/);
      return true;
    });
    limitFiles(false);
    assert.equal(await store.compareAndSet('b', undefined, next), true);
    assert.deepEqual(log, ['the store cannot be written', 'the store is written again']);
    assert.match(String(said[0]), / errors of the device\. greymilter goes on trying\.$/);
  });

  test('keeps apart keys that collide, through updates, deletions and expiry', async (t) => {
    const rig = await LevelRig.open(t, { slotHash: () => 0 });
    const lives = { a: 1, b: 2, c: 3 };
    for (const [key, days] of Object.entries(lives)) {
      const next = { value: Buffer.from(key), expiresAt: rig.clock.now() + days * DAY_MS };
      assert.equal(await rig.store.compareAndSet(key, undefined, next), true);
    }
    const { store } = rig;
    const both = ['b', 'c'].map((key) => {
      const entry = store.get(key);
      const next = { value: Buffer.from(`${key}2`), expiresAt: entry?.expiresAt ?? 0 };
      return store.compareAndSet(key, entry, next);
    });
    assert.deepEqual(await Promise.all([...both, store.delete('a')]), [true, true, undefined]);
    await rig.reopen();
    const read = (key: string): string | undefined =>
      rig.store.get(key) && Buffer.from(rig.store.get(key)?.value ?? []).toString();
    assert.deepEqual(['a', 'b', 'c'].map(read), [undefined, 'b2', 'c2']);
    rig.clock.advance(2.5 * DAY_MS);
    assert.equal(await rig.store.sweep(), 1);
    assert.deepEqual(['a', 'b', 'c'].map(read), [undefined, undefined, 'c2']);
    rig.clock.advance(2 * DAY_MS);
    assert.equal(await rig.store.sweep(), 1);
  });

  test('sweeps around what is damaged', async (t) => {
    const rig = await LevelRig.open(t);
    const next = { value: Buffer.alloc(20), expiresAt: rig.clock.now() + DAY_MS };
    const keys = Array.from({ length: 2000 }, (_, index) => `key ${String(index)}`);
    await Promise.all(keys.map((key) => rig.store.compareAndSet(key, undefined, next)));
    await rig.breakReads();
    rig.clock.advance(2 * DAY_MS);
    const swept = await rig.store.sweep();
    assert.ok(swept > 0 && swept < keys.length, String(swept));
  });
});
