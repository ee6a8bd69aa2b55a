import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listRecords, type PageQuery } from '../../../src/admin/records.js';
import type { ReadableRecords } from '../../../src/admin/records.js';
import { encodeReply, replyKey } from '../../../src/greylist/reply-record.js';
import type { ScannedEntry } from '../../../src/store/store.js';

const now = 1_800_000_000_000;
const million = 1_000_000;

/** A store of a million records, which are made when they are read, and counted. */
class CountingStore implements ReadableRecords {
  read = 0;
  /** Scans that have not ended. */
  open = 0;

  get(): undefined {
    return undefined;
  }

  async *scan(after?: string): AsyncGenerator<ScannedEntry, void, undefined> {
    this.open += 1;
    try {
      for (let index = after === undefined ? 0 : Number(after) + 1; index < million; index++) {
        this.read += 1;
        yield await Promise.resolve(entryOf(index));
      }
    } finally {
      this.open -= 1;
    }
  }
}

function entryOf(index: number): ScannedEntry {
  const number = String(index).padStart(7, '0');
  const key = replyKey({ sender: `${number}@sender.example`, recipient: 'a@local.example' });
  const value = encodeReply({ writtenAt: now });
  return [key, { value, expiresAt: now + index * 1000, commit: undefined }, String(index)];
}

const all: Pick<PageQuery, 'filter'> = { filter: () => true };

describe('a list of a million records', () => {
  test('reads what a page shows and no more, page after page', async () => {
    const store = new CountingStore();
    let cursor: string | undefined;
    let shown = 0;
    for (let page = 1; page <= 20; page++) {
      const { records, next } = await listRecords(store, { ...all, limit: 50, cursor }, now);
      shown += records.length;
      // On a machine that stands still a page may end early.
      assert.ok(records.length <= 50);
      assert.equal(store.read, shown);
      assert.equal(next, String(shown - 1));
      assert.equal(store.open, 0, 'nothing is kept open between');
      cursor = next;
    }
    const { next } = await listRecords(store, { ...all, limit: 50, cursor: '999949' }, now);
    assert.equal(next, '999999');
    const last = await listRecords(store, { ...all, limit: 50, cursor: next }, now);
    assert.deepEqual([last.records, last.next], [[], undefined]);
  });

  test('that are not wanted is given up after half a second, with where to go on', async () => {
    const store = new CountingStore();
    const filter = (): boolean => false;
    const { records, next } = await listRecords(
      store,
      { filter, limit: 50, cursor: undefined },
      now,
    );
    assert.deepEqual(records, []);
    // How many it comes to is the machine's; where it went on to is where it stopped.
    assert.equal(next, next === undefined ? undefined : String(store.read - 1));
    assert.equal(store.open, 0);
  });

  test('that are sorted has the first of a part, by their keys', async () => {
    const store = new CountingStore();
    const order = { by: 'until', isReverse: true } as const;
    const page = await listRecords(store, { ...all, limit: 3, cursor: undefined, order }, now);
    assert.equal(page.records.length, 3);
    const latest = [1, 2, 3].map((back) =>
      String(now + (store.read - back) * 1000).padStart(16, '0'),
    );
    assert.deepEqual(page.keys, latest);
  });
});
