import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AnswerCache } from '../../../src/lookups/answer-cache.js';

const limits = { maxEntries: 3, minTtlMs: 100, maxTtlMs: 1000 };

describe('AnswerCache', () => {
  test('keeps an answer for its time and not a moment longer', () => {
    const cache = new AnswerCache<string>(limits);
    cache.set('a', 'A', 0, 500);
    assert.equal(cache.get('a', 499), 'A');
    assert.equal(cache.get('a', 500), undefined);
    assert.equal(cache.size, 0);
  });

  test('keeps it neither too short nor too long', () => {
    const cache = new AnswerCache<string>(limits);
    cache.set('short', 'A', 0, 0);
    cache.set('long', 'B', 0, 1e9);
    assert.equal(cache.get('short', 99), 'A');
    assert.equal(cache.get('short', 100), undefined);
    assert.equal(cache.get('long', 999), 'B');
    assert.equal(cache.get('long', 1000), undefined);
  });

  test('forgets what was not asked for longest', () => {
    const cache = new AnswerCache<string>(limits);
    for (const key of ['a', 'b', 'c']) cache.set(key, key, 0, 500);
    assert.equal(cache.get('a', 1), 'a');
    cache.set('d', 'd', 1, 500);
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((key) => cache.get(key, 2)),
      ['a', undefined, 'c', 'd'],
    );
    assert.equal(cache.size, 3);
  });

  test('replaces without forgetting others', () => {
    const cache = new AnswerCache<string>(limits);
    for (const key of ['a', 'b', 'c', 'c']) cache.set(key, key, 0, 500);
    assert.equal(cache.get('a', 1), 'a');
  });

  test('trusts nothing when the clock was set back', () => {
    const cache = new AnswerCache<string>(limits);
    cache.set('a', 'A', 1_000_000, 1000);
    assert.equal(cache.get('a', 0), undefined);
  });
});
