import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { changeEntry, type EntryChange } from '../../../src/store/change-entry.js';
import type { StoreEntry } from '../../../src/store/store.js';
import { createManualClock } from '../../support/manual-clock.js';
import { MemoryStore } from '../../support/memory-store.js';

const KEY = 'k';
const EXPIRES_AT = 1_000_000;

function textOf(entry: StoreEntry | undefined): string {
  return entry === undefined ? '' : Buffer.from(entry.value).toString();
}

function entryOf(text: string): EntryChange {
  return { value: Buffer.from(text), expiresAt: EXPIRES_AT };
}

function rig() {
  const store = new MemoryStore({ clock: createManualClock(0) });
  const change = (next: (entry: StoreEntry | undefined) => EntryChange): Promise<boolean> =>
    changeEntry(store, { key: KEY, maxConflicts: 3 }, next);
  return { store, change };
}

describe('an entry is changed', () => {
  test('to what is made of it, whether it is there or not', async () => {
    const { store, change } = rig();
    const append = (entry: StoreEntry | undefined): EntryChange => entryOf(`${textOf(entry)}x`);
    assert.equal(await change(append), true);
    assert.equal(await change(append), true);
    assert.equal(textOf(store.get(KEY)), 'xx');
  });

  test('or kept, or deleted', async () => {
    const { store, change } = rig();
    await change(() => entryOf('x'));
    assert.equal(await change(() => 'keep'), false);
    assert.equal(textOf(store.get(KEY)), 'x');
    assert.equal(await change(() => 'delete'), true);
    assert.equal(store.get(KEY), undefined);
  });

  test('and not deleted as it has become meanwhile', async () => {
    const { store, change } = rig();
    await change(() => entryOf('x'));
    const seen: string[] = [];
    const isDone = await change((entry) => {
      seen.push(textOf(entry));
      if (textOf(entry) !== 'x') return 'keep';
      void store.compareAndSet(KEY, entry, { value: Buffer.from('y'), expiresAt: EXPIRES_AT });
      return 'delete';
    });
    assert.deepEqual([isDone, seen, textOf(store.get(KEY))], [false, ['x', 'y'], 'y']);
  });

  test('in the turn of the call where the store reads at once', () => {
    const { change } = rig();
    let isAsked = false;
    void change(() => {
      isAsked = true;
      return 'keep';
    });
    assert.equal(isAsked, true);
  });

  test('anew when somebody else was faster, and not for ever', async () => {
    const { store, change } = rig();
    let asked = 0;
    const hurry = (times: number) => (entry: StoreEntry | undefined) => {
      asked += 1;
      if (asked <= times)
        void store.compareAndSet(KEY, entry, {
          value: Buffer.from(`other ${asked}`),
          expiresAt: EXPIRES_AT,
        });
      return entryOf(`${textOf(entry)} and mine`);
    };
    assert.equal(await change(hurry(2)), true);
    assert.equal(textOf(store.get(KEY)), 'other 2 and mine');
    asked = 0;
    await assert.rejects(change(hurry(3)), /3 conflicts in a row at one key/);
    assert.equal(asked, 3);
  });
});
