import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { releaseRecords } from '../../../src/admin/release-records.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { recordOf } from '../../../src/migrate/record-kinds.js';
import { DAY, T0 } from '../../support/greylist-settings.js';
import { createManualClock } from '../../support/manual-clock.js';
import { MemoryStore } from '../../support/memory-store.js';

async function storeOfWaiting(count: number): Promise<MemoryStore> {
  const store = new MemoryStore({ clock: createManualClock(T0) });
  const address = parseIpAddress('192.0.2.7');
  assert.ok(address);
  const times = { firstSeenAt: T0, lastSeenAt: T0, expiresAt: T0 + DAY };
  const source = {
    address,
    prefix: 24,
    name: undefined,
    attempts: 1,
    passedAt: undefined,
    ...times,
  };
  for (let n = 0; n < count; n++) {
    const { key, ...entry } = recordOf(`cr${n}@b.example\0s@a.example`, {
      series: undefined,
      sources: [source],
    });
    await store.compareAndSet(key, undefined, entry);
  }
  return store;
}

/** Lets all that waits at the sender pass, in a store whose scan takes several turns. */
function release(
  store: MemoryStore,
  compareAndSet: MemoryStore['compareAndSet'],
): ReturnType<typeof releaseRecords> {
  const slowScan = async function* (after?: string): ReturnType<MemoryStore['scan']> {
    for await (const scanned of store.scan(after)) {
      await new Promise(setImmediate);
      yield scanned;
    }
  };
  const dependencies = {
    store: {
      get: (key: string) => store.get(key),
      delete: (key: string) => store.delete(key),
      scan: slowScan,
      compareAndSet,
    },
    now: () => T0,
    lifeMs: () => DAY,
    onReleased: () => undefined,
  };
  const texts = { client: undefined, sender: 's@a.example', recipient: undefined };
  return releaseRecords(dependencies, { texts, cursor: undefined, isDry: false });
}

describe('what waits is let through', () => {
  test('record by record', async () => {
    const store = await storeOfWaiting(5);
    const page = await release(store, (...args) => store.compareAndSet(...args));
    assert.deepEqual(page, { records: 5, triplets: 5, next: undefined });
  });

  test('or not, if the store fails while the scan goes on', async () => {
    const store = await storeOfWaiting(5);
    const full = (): Promise<boolean> => Promise.reject(new Error('the disk is full'));
    await assert.rejects(release(store, full), /the disk is full/);
  });
});
