import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BucketCounts } from '../../../src/telemetry/bucket-counts.js';
import { fc } from '../../support/properties.js';

test('a value at the end of a bucket belongs to it, one above the last to none', () => {
  const counts = new BucketCounts([1, 2.5, 10]);
  for (const value of [0, 1, 1.01, 2.5, 9, 10, 11]) counts.observe(value);
  assert.deepEqual(counts.cumulative(), [2, 4, 6]);
  assert.equal(counts.count, 7);
  assert.equal(counts.sum, 34.51);
});

test('each bucket has what is not above its end, whatever comes', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 1 }),
      fc.array(fc.double({ min: 0, max: 2000, noNaN: true })),
      (ends, values) => {
        const bounds = ends.sort((a, b) => a - b);
        const counts = new BucketCounts(bounds);
        for (const value of values) counts.observe(value);
        assert.deepEqual(
          counts.cumulative(),
          bounds.map((bound) => values.filter((value) => value <= bound).length),
        );
        assert.equal(counts.count, values.length);
      },
    ),
  );
});
