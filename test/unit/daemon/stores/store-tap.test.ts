import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordChange } from '../../../../src/admin/admin-dependencies.js';
import { StoreTap } from '../../../../src/daemon/stores/store-tap.js';
import { ENDED } from '../../../../src/store/store.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { MemoryStore } from '../../../support/memory-store.js';

const value = Uint8Array.of(1);
const expiresAt = 2_000_000_000_000;

function rig() {
  const store = new StoreTap(new MemoryStore({ clock: createManualClock() }));
  const changes: RecordChange[] = [];
  store.listen((change) => changes.push(change));
  return { store, changes };
}

test('others hear of what is stored and of what is deleted, as it was', async () => {
  const { store, changes } = rig();
  await store.compareAndSet('k', undefined, { value, expiresAt });
  await store.delete('k');
  const record = { key: 'k', value, expiresAt };
  assert.deepEqual(changes, [
    { record, isForgotten: false },
    { record, isForgotten: true },
  ]);
});

test('what gets an end that is over is deleted', async () => {
  const { store, changes } = rig();
  await store.compareAndSet('k', undefined, { value, expiresAt });
  const entry = await store.get('k');
  await store.compareAndSet('k', entry, { value: new Uint8Array(), expiresAt: ENDED });
  assert.equal(await store.get('k'), undefined);
  assert.deepEqual(changes.at(-1), { record: { key: 'k', value, expiresAt }, isForgotten: true });
});

test('what somebody else was faster with is nothing to hear of', async () => {
  const { store, changes } = rig();
  await store.compareAndSet('k', undefined, { value, expiresAt });
  assert.equal(await store.compareAndSet('k', undefined, { value, expiresAt }), false);
  assert.equal(changes.length, 1);
});
