import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertEntry, bytes, DAY_MS, scanned, setAll, type OpenRig } from './store-rig.js';

/** What is stored, and how long it stays. */
export function describeValues(openRig: OpenRig): void {
  test('1. get returns the entry that was last set, or undefined', async (t) => {
    const { store, clock } = await openRig(t);
    assert.equal(await store.get('key'), undefined);
    const first = { value: bytes(1, 2), expiresAt: clock.now() + DAY_MS };
    assert.equal(await store.compareAndSet('key', undefined, first), true);
    const entry = await store.get('key');
    assertEntry(entry, first);
    const second = { value: bytes(), expiresAt: clock.now() + 2 * DAY_MS };
    assert.equal(await store.compareAndSet('key', entry, second), true);
    assertEntry(await store.get('key'), second);
    assert.equal(await store.get('other'), undefined);
  });

  test('3. an entry is absent from the instant it expires, swept or not', async (t) => {
    const { store, clock } = await openRig(t);
    const next = { value: bytes(1), expiresAt: clock.now() + DAY_MS };
    await store.compareAndSet('key', undefined, next);
    clock.advance(DAY_MS - 1);
    const entry = await store.get('key');
    assertEntry(entry, next);
    clock.advance(1);
    assert.equal(await store.get('key'), undefined);
    assert.equal(await store.compareAndSet('key', entry, next), false, 'it cannot be expected');
    clock.advance(-1);
    assertEntry(await store.get('key'), next);
  });

  test('4. the instant of expiry is a whole second, rounded up', async (t) => {
    const { store, clock } = await openRig(t);
    const second = clock.now() + DAY_MS;
    await store.compareAndSet('key', undefined, { value: bytes(1), expiresAt: second + 1 });
    assertEntry(await store.get('key'), { value: bytes(1), expiresAt: second + 1000 });
    clock.set(second + 999);
    assert.notEqual(await store.get('key'), undefined);
    clock.set(second + 1000);
    assert.equal(await store.get('key'), undefined);
  });

  test('5. compareAndSet changes nothing unless value and expiry are as expected', async (t) => {
    const { store, clock } = await openRig(t);
    const first = { value: bytes(1), expiresAt: clock.now() + DAY_MS };
    const next = { value: bytes(9), expiresAt: clock.now() + 2 * DAY_MS };
    await store.compareAndSet('key', undefined, first);
    const unexpected = [
      undefined,
      { ...first, value: bytes(2), commit: undefined },
      { ...first, expiresAt: first.expiresAt + 1000, commit: undefined },
    ];
    for (const expected of unexpected) {
      assert.equal(await store.compareAndSet('key', expected, next), false);
      assertEntry(await store.get('key'), first);
    }
    const copy = { ...first, commit: undefined };
    assert.equal(await store.compareAndSet('none', copy, next), false);
    assert.equal(await store.compareAndSet('key', copy, next), true);
    assertEntry(await store.get('key'), next);
  });

  test('5. compareAndSet takes an expired entry for none', async (t) => {
    const rig = await openRig(t);
    const { store, clock } = rig;
    await setAll(rig, ['key']);
    clock.advance(DAY_MS);
    const next = { value: bytes(2), expiresAt: clock.now() + DAY_MS };
    assert.equal(await store.compareAndSet('key', undefined, next), true);
    assertEntry(await store.get('key'), next);
  });

  test('9. delete makes an entry absent, and is no error if there is none', async (t) => {
    const rig = await openRig(t);
    await setAll(rig, ['key', 'other']);
    await rig.store.delete('key');
    await rig.store.delete('none');
    assert.equal(await rig.store.get('key'), undefined);
    await rig.crash();
    assert.equal(await rig.store.get('key'), undefined);
    assert.notEqual(await rig.store.get('other'), undefined);
    await setAll(rig, ['key']);
  });

  test('11. different keys are different entries, whatever is in them', async (t) => {
    const rig = await openRig(t);
    const keys = ['', '\0', 'a', 'a\0', '\0a', 'a\0b', 'A', 'ä', 'a\u0308', '\u{1f4e7}', '\uffff'];
    keys.push('x'.repeat(5000), 'x'.repeat(5001), 'r', 'm', 'mstore', 't\n', 't\r\n');
    const expiresAt = rig.clock.now() + DAY_MS;
    for (const [index, key] of keys.entries()) {
      const next = { value: bytes(index), expiresAt };
      assert.equal(await rig.store.compareAndSet(key, undefined, next), true);
    }
    await rig.crash();
    for (const [index, key] of keys.entries()) {
      assertEntry(await rig.store.get(key), { value: bytes(index), expiresAt });
    }
    assert.deepEqual(await scanned(rig.store), [...keys].sort());
  });
}
