import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { RecordImport } from '../../../src/migrate/import-records.js';
import { recordOf } from '../../../src/migrate/record-kinds.js';
import type { StoredRecord } from '../../../src/migrate/stored-record.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { FaultyStore } from '../../support/faulty-store.js';
import { DAY, T0 } from '../../support/greylist-settings.js';
import { createManualClock } from '../../support/manual-clock.js';
import { MemoryStore } from '../../support/memory-store.js';

function record(n: number, client = '192.0.2.7', expiresAt = T0 + DAY): StoredRecord {
  const address = parseIpAddress(client);
  assert.ok(address);
  const times = { firstSeenAt: T0, lastSeenAt: T0, expiresAt };
  const source = {
    address,
    prefix: 24,
    name: undefined,
    attempts: 1,
    passedAt: undefined,
    ...times,
  };
  return recordOf(`cr${n}@b.example\0s@a.example`, { series: undefined, sources: [source] });
}

const records = (count: number): readonly StoredRecord[] =>
  Array.from({ length: count }, (_, n) => record(n));

function rig() {
  const clock = createManualClock(T0);
  const store = new MemoryStore({ clock });
  const importer = (target: ConstructorParameters<typeof RecordImport>[0] = store): RecordImport =>
    new RecordImport(target, clock.now);
  return { clock, store, importer };
}

/** How often others have had their turn. */
function countTurns(): { stop(): number } {
  let turns = 0;
  const count = (): void => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  return {
    stop: () => {
      clearImmediate(next);
      return turns;
    },
  };
}

describe('an import', () => {
  test('takes what is new, and counts only what is committed', async () => {
    const { store, importer } = rig();
    const running = importer();
    for (let from = 0; from < 3; from++) await running.take(records(300));
    assert.deepEqual(await running.end(), { taken: 300, merged: 0, unchanged: 600, expired: 0 });
    assert.equal(store.committed.size, 300);
    assert.equal(store.stats().pendingWrites, 0);
  });

  test('gives others their turn, by time and not by count', async () => {
    const { store, importer } = rig();
    const running = importer({
      get: (key) => {
        // A store that takes its time, in the event loop.
        for (const until = performance.now() + 2; performance.now() < until;);
        return store.get(key);
      },
      compareAndSet: (...args) => store.compareAndSet(...args),
    });
    const turns = countTurns();
    await running.take(records(30));
    assert.ok(turns.stop() >= 29);
  });

  test('lets mail wait for a short commit only: few writes are on their way at a time', async () => {
    const { store, importer } = rig();
    let onTheirWay = 0;
    let most = 0;
    const running = importer({
      get: (key) => store.get(key),
      compareAndSet: async (...args) => {
        most = Math.max(most, ++onTheirWay);
        await new Promise(setImmediate);
        onTheirWay -= 1;
        return await store.compareAndSet(...args);
      },
    });
    await running.take(records(2000));
    assert.equal((await running.end()).taken, 2000);
    assert.ok(most > 1 && most <= 256, `${most} at a time`);
  });

  test('hears of a write that fails while more is merged', async () => {
    const { store, importer } = rig();
    const running = importer({
      get: (key) => {
        for (const until = performance.now() + 2; performance.now() < until;);
        return store.get(key);
      },
      compareAndSet: () => Promise.reject(new Error('the disk is full')),
    });
    await running.take(records(10));
    await assert.rejects(running.end(), /the disk is full/);
  });

  test('done twice changes nothing', async () => {
    const { store, importer } = rig();
    for (const expected of [
      { taken: 400, merged: 0, unchanged: 0, expired: 0 },
      { taken: 0, merged: 0, unchanged: 400, expired: 0 },
    ]) {
      const before = new Map(store.committed);
      const running = importer();
      await running.take(records(400));
      assert.deepEqual(await running.end(), expected);
      if (expected.taken === 0) assert.deepEqual(store.committed, before);
    }
  });

  test('unites what is in both, also within one batch', async () => {
    const { importer } = rig();
    const running = importer();
    await running.take([record(1), record(1, '192.0.3.1'), record(1), record(2)]);
    assert.deepEqual(await running.end(), { taken: 2, merged: 1, unchanged: 1, expired: 0 });
  });

  test('leaves out what would be forgotten', async () => {
    const { clock, store, importer } = rig();
    clock.advance(2 * DAY);
    const running = importer();
    await running.take([record(1), record(2, '192.0.2.7', T0 + 9 * DAY)]);
    assert.deepEqual(await running.end(), { taken: 1, merged: 0, unchanged: 0, expired: 1 });
    assert.equal(store.committed.size, 1);
  });

  test('reads from a store that takes its time as well', async () => {
    const { store, importer } = rig();
    const slow = new FaultyStore(store);
    slow.reads = 'slow';
    const running = importer(slow);
    await running.take(records(10));
    await running.take(records(20));
    assert.deepEqual(await running.end(), { taken: 20, merged: 0, unchanged: 10, expired: 0 });
  });

  test('tries again when somebody else was quicker', async () => {
    const { store, importer } = rig();
    let disturbances = 3;
    const busy: ConstructorParameters<typeof RecordImport>[0] = {
      get: (key) => store.get(key),
      compareAndSet: async (key, expected, next) => {
        if (disturbances-- > 0) {
          const { value, expiresAt } = record(1, `192.0.${10 + disturbances}.1`);
          await store.compareAndSet(key, store.get(key), { value, expiresAt });
        }
        return await store.compareAndSet(key, expected, next);
      },
    };
    const running = importer(busy);
    await running.take([record(1)]);
    assert.deepEqual(await running.end(), { taken: 0, merged: 1, unchanged: 0, expired: 0 });
  });

  test('gives up at a key that never holds still', async () => {
    const { store, importer } = rig();
    const running = importer({
      get: (key) => store.get(key),
      compareAndSet: () => Promise.resolve(false),
    });
    await running.take([record(1)]);
    await assert.rejects(running.end(), /conflicts in a row/);
  });

  test('ends with the error of the store', async () => {
    const { store, importer } = rig();
    const running = importer();
    await running.take(records(5));
    await running.end();
    store.failWrites = true;
    await running.take([record(50)]);
    await assert.rejects(running.take([record(51)]), { code: 'STORE_UNAVAILABLE' });
    // That one is on its way still.
    await assert.rejects(running.end(), { code: 'STORE_UNAVAILABLE' });
    store.failWrites = false;
    store.failReads = true;
    await assert.rejects(importer().take([record(1)]), { code: 'STORE_UNAVAILABLE' });
    assert.equal(store.committed.size, 5);
  });
});
