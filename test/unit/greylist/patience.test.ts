import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { continueSeries, isPatient } from '../../../src/greylist/patience.js';

const TIMINGS = { delayMs: 100, retryWindowMs: 10_000 };

describe('continueSeries', () => {
  test('begins with the first attempt that is put off', () => {
    assert.deepEqual(continueSeries(undefined, TIMINGS, 5000), {
      firstAt: 5000,
      lastReturnAt: 5000,
      returns: 0,
    });
  });

  const series = { firstAt: 1000, lastReturnAt: 5000, returns: 2 };

  test('counts a return a delay after the last one, and none before', () => {
    assert.equal(continueSeries(series, TIMINGS, 5099), series);
    assert.deepEqual(continueSeries(series, TIMINGS, 5100), {
      firstAt: 1000,
      lastReturnAt: 5100,
      returns: 3,
    });
  });

  test('begins anew when the last return is a retry window ago', () => {
    assert.equal(continueSeries(series, TIMINGS, 14_999).returns, 3);
    assert.deepEqual(continueSeries(series, TIMINGS, 15_000), {
      firstAt: 15_000,
      lastReturnAt: 15_000,
      returns: 0,
    });
  });

  test('takes instants in the future for now', () => {
    assert.deepEqual(continueSeries(series, TIMINGS, 4000), {
      firstAt: 1000,
      lastReturnAt: 4000,
      returns: 2,
    });
    assert.deepEqual(continueSeries(series, TIMINGS, 400), {
      firstAt: 400,
      lastReturnAt: 400,
      returns: 2,
    });
  });
});

describe('isPatient', () => {
  const patience = { tries: 4, overMs: 1000 };
  const cases: readonly (readonly [returns: number, now: number, expected: boolean])[] = [
    [4, 1000, true],
    [5, 9000, true],
    [3, 9000, false],
    [4, 999, false],
  ];
  for (const [returns, now, expected] of cases) {
    test(`${returns} returns over ${now} ms: ${expected ? 'yes' : 'no'}`, () => {
      assert.equal(isPatient({ firstAt: 0, lastReturnAt: 0, returns }, patience, now), expected);
    });
  }

  test('is never so when it is turned off', () => {
    assert.equal(isPatient({ firstAt: 0, lastReturnAt: 0, returns: 99 }, undefined, 9999), false);
  });
});
