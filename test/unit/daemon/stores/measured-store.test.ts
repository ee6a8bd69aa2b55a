import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { MeasuredStore } from '../../../../src/daemon/stores/measured-store.js';
import { StoreError } from '../../../../src/store/store.js';
import { LevelRig } from '../../../contract/level-rig.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { MemoryStore } from '../../../support/memory-store.js';

async function open(t: TestContext) {
  const { store, clock } = await LevelRig.open(t);
  const next = { value: Buffer.from('value'), expiresAt: clock.now() + 60_000 };
  return { inner: store, measured: new MeasuredStore(store), next };
}

describe('a store that is measured', () => {
  test('reads at once where the store does, and counts each read', async (t) => {
    const { measured, next } = await open(t);
    assert.equal(measured.get('a'), undefined);
    await measured.compareAndSet('a', undefined, next);
    const entry = measured.get('a');
    assert.ok(entry !== undefined && !(entry instanceof Promise));
    assert.deepEqual(Buffer.from(entry.value), next.value);
    assert.equal(measured.reads.count, 2);
  });

  test('counts a commit once, however many writes it has', async (t) => {
    const { measured, next } = await open(t);
    const writes = ['a', 'b', 'c'].map((key) => measured.compareAndSet(key, undefined, next));
    await Promise.all(writes);
    assert.equal(measured.commits.count, 1);
    assert.ok(measured.commits.sum > 0);
    await measured.compareAndSet('d', undefined, next);
    assert.equal(measured.commits.count, 2);
  });

  test('counts a read that comes later when it has come', async () => {
    const store = new MemoryStore({ clock: createManualClock() });
    const later = Object.assign(Object.create(store) as MemoryStore, {
      get: (key: string) => Promise.resolve(store.get(key)),
    });
    const measured = new MeasuredStore(later);
    const reading = measured.get('a');
    assert.equal(measured.reads.count, 0);
    assert.equal(await reading, undefined);
    assert.equal(measured.reads.count, 1);
  });

  test('hands failures on, and times commits that fail as well', async () => {
    const clock = createManualClock();
    const store = new MemoryStore({ clock });
    const measured = new MeasuredStore(store);
    store.failReads = true;
    assert.throws(() => measured.get('a'), StoreError);
    store.failReads = false;
    store.failWrites = true;
    const next = { value: Buffer.from('value'), expiresAt: clock.now() + 60_000 };
    await assert.rejects(measured.compareAndSet('a', undefined, next), StoreError);
    assert.equal(measured.commits.count, 1);
  });

  test('is the same store otherwise', async (t) => {
    const { inner, measured, next } = await open(t);
    await measured.compareAndSet('a', undefined, next);
    const keys: string[] = [];
    for await (const [key] of measured.scan()) keys.push(key);
    assert.deepEqual(keys, ['a']);
    await measured.delete('a');
    assert.equal(inner.get('a'), undefined);
    assert.equal((await measured.stats()).commits, (await inner.stats()).commits);
    await measured.close();
    assert.throws(() => inner.get('a'), StoreError);
  });
});
