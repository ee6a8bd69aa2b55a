import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoreEntry } from '../../src/store/store.js';
import {
  assertEntry,
  bytes,
  DAY_MS,
  refusedAs,
  scanned,
  setAll,
  type OpenRig,
} from './store-rig.js';

/** What calls see of each other. */
export function describeConcurrency(openRig: OpenRig): void {
  test('2. get sees what is accepted, with the commit that it waits for', async (t) => {
    const { store, clock } = await openRig(t);
    const next = { value: bytes(1), expiresAt: clock.now() + DAY_MS };
    let isCommitted = false;
    const won = store.compareAndSet('key', undefined, next);
    won.then(
      () => (isCommitted = true),
      () => undefined,
    );
    const entry = await store.get('key');
    assertEntry(entry, next);
    // What is read of a remote store is committed already, and hears of it in the same turn.
    if (entry.commit === undefined) {
      await new Promise<void>((resolve) => process.nextTick(resolve));
      assert.ok(isCommitted);
    }
    await entry.commit;
    assert.equal((await store.get('key'))?.commit, undefined);
    assert.equal(await won, true);
  });

  test('6. of several calls that expect the same entry exactly one wins', async (t) => {
    const rig = await openRig(t);
    const race = async (expected: StoreEntry | undefined): Promise<void> => {
      const expiresAt = rig.clock.now() + DAY_MS;
      const calls = [2, 3, 4, 5, 6].map((value) =>
        rig.store.compareAndSet('key', expected, { value: bytes(value), expiresAt }),
      );
      const won = (await Promise.all(calls)).map((result, index) => (result ? index : -1));
      const winners = won.filter((index) => index >= 0);
      assert.equal(winners.length, 1);
      assertEntry(await rig.store.get('key'), { value: bytes(2 + (winners[0] ?? 0)), expiresAt });
    };
    await race(undefined);
    rig.clock.advance(1000);
    await race(await rig.store.get('key'));
  });

  test('10. scan yields each living entry once, and what was accepted before it', async (t) => {
    const rig = await openRig(t);
    const keys = Array.from({ length: 700 }, (_, index) => `key ${String(index)}`);
    await setAll(rig, keys);
    const soon = { value: bytes(1), expiresAt: rig.clock.now() + 1000 };
    await rig.store.compareAndSet('expired', undefined, soon);
    rig.clock.advance(1000);
    const late = rig.store.compareAndSet('late', undefined, {
      value: bytes(1),
      expiresAt: rig.clock.now() + DAY_MS,
    });
    assert.deepEqual(await scanned(rig.store), [...keys, 'late'].sort());
    await late;
  });

  test('10. scan does not hold up other calls, nor do they disturb it', async (t) => {
    const rig = await openRig(t);
    const keys = Array.from({ length: 700 }, (_, index) => `key ${String(index)}`);
    await setAll(rig, keys);
    const seen = new Set<string>();
    for await (const [key, entry] of rig.store.scan()) {
      assert.ok(!seen.has(key), 'no key comes twice');
      seen.add(key);
      if (seen.size % 100 !== 1) continue;
      const next = { value: bytes(2), expiresAt: entry.expiresAt + DAY_MS };
      assert.equal(await rig.store.compareAndSet(key, await rig.store.get(key), next), true);
    }
    assert.deepEqual([...seen].sort(), [...keys].sort());
  });

  test('15. scan goes on behind a position, also if the entry there is gone', async (t) => {
    const rig = await openRig(t);
    const keys = Array.from({ length: 40 }, (_, index) => `key ${String(index)}`);
    await setAll(rig, keys);
    const all: (readonly [key: string, position: string])[] = [];
    for await (const [key, , position] of rig.store.scan()) all.push([key, position]);
    for (const [index, [gone, position]] of all.entries()) {
      await rig.store.delete(gone);
      const rest: string[] = [];
      for await (const [key] of rig.store.scan(position)) rest.push(key);
      const behind = all.slice(index + 1).map(([key]) => key);
      assert.deepEqual(rest.sort(), behind.sort());
    }
  });

  test('15. what is no position is refused', async (t) => {
    const { store } = await openRig(t);
    for (const position of ['', 'x', 'key', '00', `${'0'.repeat(13)}g`, `${'0'.repeat(14)}.+`])
      await assert.rejects(async () => {
        await store.scan(position)[Symbol.asyncIterator]().next();
      }, RangeError);
  });

  test('12. close waits for what was accepted, and may be called again', async (t) => {
    const rig = await openRig(t);
    const { store } = rig;
    const next = { value: bytes(1), expiresAt: rig.clock.now() + DAY_MS };
    const accepted = store.compareAndSet('key', undefined, next);
    const closing = Promise.all([store.close(), store.close()]);
    assert.equal(await accepted, true);
    await closing;
    await store.close();
  });

  test('12. after close every other call fails with STORE_CLOSED', async (t) => {
    const { store, clock } = await openRig(t);
    const next = { value: bytes(1), expiresAt: clock.now() + DAY_MS };
    const closed = store.close();
    const calls = {
      get: async () => await store.get('key'),
      compareAndSet: async () => await store.compareAndSet('key', undefined, next),
      delete: async () => await store.delete('key'),
      stats: async () => await store.stats(),
      scan: async () => await scanned(store),
    };
    const assertRefused = async (when: string): Promise<void> => {
      for (const [name, call] of Object.entries(calls)) {
        await assert.rejects(call, refusedAs('STORE_CLOSED'), `${name} ${when}`);
      }
    };
    await assertRefused('while it closes');
    await closed;
    await assertRefused('when it has closed');
  });

  test('12. a scan that is cut short by close fails with STORE_CLOSED', async (t) => {
    const rig = await openRig(t);
    await setAll(rig, ['a', 'b', 'c']);
    const scan = rig.store.scan()[Symbol.asyncIterator]();
    assert.equal((await scan.next()).done, false);
    await rig.store.close();
    const rest = async (): Promise<void> => {
      while ((await scan.next()).done !== true);
    };
    await assert.rejects(rest, refusedAs('STORE_CLOSED'));
  });
}
