import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { StoreError, type GreylistStore, type NewEntry } from '../../src/store/store.js';
import {
  assertEntry,
  bytes,
  DAY_MS,
  refusedAs,
  scanned,
  setAll,
  type OpenRig,
} from './store-rig.js';

/** Whether writes succeed again shows in it. */
const WITNESS = 'witness';

/** A store that has tried in vain need not try again at once. */
async function untilItIsWritten(store: GreylistStore, entry: NewEntry): Promise<void> {
  const giveUpAt = performance.now() + 60_000;
  for (;;) {
    try {
      await store.compareAndSet(WITNESS, undefined, entry);
      return;
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
      await pause(20);
    }
  }
}

/** What is left when something fails. */
export function describeFailures(openRig: OpenRig): void {
  test('7. what resolved is there after the process was killed', async (t) => {
    const rig = await openRig(t);
    const keys = Array.from({ length: 300 }, (_, index) => `key ${String(index)}`);
    await setAll(rig, keys);
    await rig.crash();
    assert.deepEqual(await scanned(rig.store), [...keys].sort());
  });

  test('8. a failed commit rejects, and what was committed before shows again', async (t) => {
    const rig = await openRig(t);
    await setAll(rig, ['old']);
    const before = await rig.store.get('old');
    await rig.failWrites(true);
    const next = { value: bytes(2), expiresAt: rig.clock.now() + 2 * DAY_MS };
    const changes = [
      rig.store.compareAndSet('old', before, next),
      rig.store.compareAndSet('new', undefined, next),
    ];
    // Rejections are looked at below; none may be there before that is done.
    for (const change of changes) change.catch(() => undefined);
    const pending = await rig.store.get('new');
    // A remote store shows nothing that is not committed.
    if (pending !== undefined) {
      await assert.rejects(pending.commit ?? Promise.resolve(), refusedAs('STORE_UNAVAILABLE'));
    }
    for (const change of changes) await assert.rejects(change, refusedAs('STORE_UNAVAILABLE'));
    await assert.rejects(rig.store.delete('old'), refusedAs('STORE_UNAVAILABLE'));
    assertEntry(await rig.store.get('old'), { value: bytes(1), expiresAt: before?.expiresAt ?? 0 });
    assert.equal(await rig.store.get('new'), undefined);
    assert.ok((await rig.store.stats()).failedCommits > 0);
    await rig.failWrites(false);
  });

  test('13. reads that fail are errors, never absent entries', async (t) => {
    const rig = await openRig(t);
    const keys = Array.from({ length: 2000 }, (_, index) => `key ${String(index)}`);
    await setAll(rig, keys);
    await rig.breakReads();
    let failed = 0;
    for (const key of keys) {
      try {
        assert.notEqual(await rig.store.get(key), undefined, `${key} is not said to be absent`);
      } catch (error) {
        assert.ok(error instanceof StoreError, String(error));
        assert.ok(['STORE_UNAVAILABLE', 'STORE_DAMAGED'].includes(error.code), error.code);
        failed++;
      }
    }
    assert.ok(failed > 0);
    await assert.rejects(scanned(rig.store), StoreError);
  });

  test('14. an outage of writes ends by itself, and loses nothing that resolved', async (t) => {
    const rig = await openRig(t);
    const before = Array.from({ length: 40 }, (_, index) => `before ${String(index)}`);
    await setAll(rig, before);
    await rig.failWrites(true);
    const next = { value: bytes(1), expiresAt: rig.clock.now() + DAY_MS };
    await assert.rejects(rig.store.compareAndSet('during', undefined, next), StoreError);
    await rig.failWrites(false);
    await untilItIsWritten(rig.store, next);
    const after = Array.from({ length: 40 }, (_, index) => `after ${String(index)}`);
    await setAll(rig, after);
    await rig.crash();
    const found = (await scanned(rig.store)).filter((key) => key !== 'during' && key !== WITNESS);
    assert.deepEqual(found, [...before, ...after].sort());
  });
}
