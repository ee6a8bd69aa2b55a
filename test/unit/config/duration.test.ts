import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { formatDuration, parseDuration } from '../../../src/config/duration.js';

describe('durations that are read', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['0s', 0],
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['2d', 172_800_000],
    ['1w', 604_800_000],
    ['1w2d3h4m5s', 788_645_000],
    ['007s', 7000],
  ];
  for (const [text, expected] of cases) {
    test(text, () => assert.deepEqual(parseDuration(text), { ok: expected }));
  }
});

describe('durations that are refused', () => {
  const whole = 'write a number and w, d, h, m or s, the largest unit first: 90s, 5m, 1h30m, 2d';
  const cases: readonly (readonly [text: string, problem: string, hint: string])[] = [
    ['300', 'needs a unit', 'write the unit: 300s, 300m, 300h or 300d'],
    ['', 'is not a duration', whole],
    ['m', 'is not a duration', whole],
    ['-5m', 'is not a duration', whole],
    ['30m1h', 'is not a duration', whole],
    ['5m5m', 'is not a duration', whole],
    ['99999999999999999999d', 'is not a duration', whole],
    ['1.5h', 'is not a duration', 'write whole numbers: 1h30m instead of 1.5h'],
    ['5 m', 'is not a duration', 'write 5m'],
    ['5M', 'is not a duration', 'write 5m'],
    ['5min', 'is not a duration', 'write 5m'],
    ['5 minutes', 'is not a duration', 'write 5m'],
    ['2 Days', 'is not a duration', 'write 2d'],
    ['1 hour, 30 mins', 'is not a duration', 'write 1h30m'],
    ['1hr', 'is not a duration', 'write 1h'],
    ['10secs', 'is not a duration', 'write 10s'],
  ];
  for (const [text, problem, hint] of cases) {
    test(JSON.stringify(text), () => assert.deepEqual(parseDuration(text), { problem, hint }));
  }
});

describe('durations that are written', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0s'],
    [1, '1s'],
    [1001, '2s'],
    [90_000, '1m30s'],
    [3_600_000, '1h'],
    [604_800_000, '7d'],
    [3_110_400_000, '36d'],
    [90_061_000, '1d1h1m1s'],
  ];
  for (const [durationMs, expected] of cases) {
    test(expected, () => assert.equal(formatDuration(durationMs), expected));
  }
});
