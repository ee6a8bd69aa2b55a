import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DailyQuota } from '../../../../src/daemon/greylisting/daily-quota.js';

const noon = Date.UTC(2026, 10, 21, 12);
const hour = 3_600_000;

test('everybody has as much on each day, and is told once that it is over', () => {
  const quota = new DailyQuota(2, 10);
  const take = (name: string, now: number): string => quota.take(name, now);
  assert.deepEqual(
    ['a', 'a', 'a', 'a', 'b'].map((name) => take(name, noon)),
    ['granted', 'granted', 'exhausted', 'refused', 'granted'],
  );
  assert.equal(take('a', noon + 11 * hour), 'refused');
  assert.equal(take('a', noon + 12 * hour), 'granted');
});

test('who are too many to be told apart share one', () => {
  const quota = new DailyQuota(2, 2);
  const names = ['a', 'b', 'c', 'd', 'e', 'a', 'b'];
  assert.deepEqual(
    names.map((name) => quota.take(name, noon)),
    ['granted', 'granted', 'granted', 'granted', 'exhausted', 'granted', 'granted'],
  );
});
