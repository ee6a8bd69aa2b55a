import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  bucketOf,
  decodePage,
  duePages,
  encodePage,
  pageKey,
  RECORD_RANGE,
  SLOT_KEY_BYTES,
  writeSlotKey,
  type KeyRange,
} from '../../../../src/store/level/layout.js';

const HOUR_MS = 3_600_000;

const isIn = (range: KeyRange, key: Uint8Array): boolean =>
  Buffer.compare(range.gte, key) <= 0 && Buffer.compare(key, range.lt) < 0;

describe('the layout in LevelDB', () => {
  test('puts slots under keys of eight bytes that sort as the slots do', () => {
    const slots = [0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 52, 2 ** 53 - 1];
    const keys = slots.map((slot) => writeSlotKey(slot, Buffer.alloc(SLOT_KEY_BYTES)));
    assert.equal(keys[1]?.toString('hex'), '7200000000000001');
    assert.equal(keys.at(-1)?.toString('hex'), '721fffffffffffff');
    assert.deepEqual(
      [...keys].sort((a, b) => a.compare(b)),
      keys,
    );
    assert.ok(keys.every((key) => isIn(RECORD_RANGE, key)));
  });

  test('lists slots on pages of seven bytes each', () => {
    const slots = [1, 2 ** 32, 2 ** 53 - 1];
    const page = encodePage(slots);
    assert.equal(page.toString('hex'), '00000000000001' + '00000100000000' + '1fffffffffffff');
    assert.deepEqual(decodePage(page), slots);
    assert.deepEqual(decodePage(page.subarray(0, 20)), slots.slice(0, 2), 'what is whole of it');
  });

  test('has the pages of a bucket due once the bucket is over, and not before', () => {
    const now = Date.UTC(2030, 0, 1, 12);
    const page = (expiresAt: number): Buffer =>
      pageKey({ bucket: bucketOf(expiresAt), generation: 0xffffff, page: 0xffffffff });
    assert.ok(isIn(duePages(now), page(now - 1)));
    assert.ok(!isIn(duePages(now), page(now)));
    assert.ok(!isIn(duePages(now + HOUR_MS - 1), page(now)));
    assert.ok(isIn(duePages(now + HOUR_MS), page(now)));
    assert.ok(isIn(duePages(now), page(0)));
    assert.ok(!isIn(duePages(-1), page(0)));
  });
});
