import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createTimeStamp } from '../../../src/telemetry/time-stamp.js';

describe('time stamps', () => {
  const start = Date.UTC(2026, 11, 31, 23, 59, 59, 998);

  test('are those of toISOString, also over a second, a day and a year', () => {
    const stamp = createTimeStamp();
    for (let at = start; at < start + 5; at++) assert.equal(stamp(at), new Date(at).toISOString());
  });

  test('are the same for the same instant, and follow a clock that steps back', () => {
    const stamp = createTimeStamp();
    for (const at of [start, start, start + 60_000, start, 0, 7, start]) {
      assert.equal(stamp(at), new Date(at).toISOString());
    }
  });

  test('leave out parts of a millisecond', () => {
    const stamp = createTimeStamp();
    assert.equal(stamp(1.9), '1970-01-01T00:00:00.001Z');
    assert.equal(stamp(999.999), '1970-01-01T00:00:00.999Z');
  });

  test('do not mix with those of another', () => {
    const one = createTimeStamp();
    const other = createTimeStamp();
    one(start);
    assert.equal(other(0), '1970-01-01T00:00:00.000Z');
    assert.equal(one(start), new Date(start).toISOString());
  });
});
