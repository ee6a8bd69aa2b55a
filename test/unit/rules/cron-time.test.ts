import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { isAtCronTime, parseCronTime } from '../../../src/rules/cron-time.js';
import { createLocalClock } from '../../../src/rules/time-window.js';

const clock = createLocalClock('UTC');

function isAt(text: string, moment: string): boolean {
  const parsed = parseCronTime(text);
  assert.ok('ok' in parsed, text);
  return isAtCronTime(parsed.ok, clock(Date.parse(moment)));
}

describe('a time of crontab', () => {
  // 2026-11-22 is a Sunday.
  for (const [text, moment, expected] of [
    ['* * * * *', '2026-11-22T00:00Z', true],
    ['5 * * * *', '2026-11-22T00:05Z', true],
    ['5 * * * *', '2026-11-22T00:06Z', false],
    ['*/15 * * * *', '2026-11-22T00:45Z', true],
    ['*/15 * * * *', '2026-11-22T00:50Z', false],
    ['* 8-16/2 * * *', '2026-11-22T16:59Z', true],
    ['* 8-16/2 * * *', '2026-11-22T15:59Z', false],
    ['* 8-16/2 * * *', '2026-11-22T18:00Z', false],
    ['50/3 * * * *', '2026-11-22T00:59Z', true],
    ['50/3 * * * *', '2026-11-22T00:49Z', false],
    ['* * 1,22 * *', '2026-11-22T00:00Z', true],
    ['* * 1,23 * *', '2026-11-22T00:00Z', false],
    ['* * * 11 *', '2026-11-30T23:59Z', true],
    ['* * * 10,12 *', '2026-11-22T00:00Z', false],
    ['* * * * 0', '2026-11-22T00:00Z', true],
    ['* * * * 7', '2026-11-22T00:00Z', true],
    ['* * * * 5-7', '2026-11-22T00:00Z', true],
    ['* * * * 5-7', '2026-11-21T00:00Z', true],
    ['* * * * 5-7', '2026-11-23T00:00Z', false],
    ['* * * * 1-6', '2026-11-22T00:00Z', false],
    // Day and weekday must both match, and not one of the two as in crontab.
    ['* * 22 * 1', '2026-11-22T00:00Z', false],
  ] as const)
    test(`${text} at ${moment}: ${String(expected)}`, () => {
      assert.equal(isAt(text, moment), expected);
    });

  test('is kept as it was written, but for the blanks', () => {
    const parsed = parseCronTime('  */5\t8 * * 1-5 ');
    assert.equal('ok' in parsed && parsed.ok.text, '*/5 8 * * 1-5');
  });

  for (const [text, problem] of [
    ['* * * *', 'has 4 fields, and not five'],
    ['* * * * * *', 'has 6 fields, and not five'],
    ['* * * jan *', 'has "jan" for a month'],
    ['1,, * * * *', 'has "" for a minute'],
    ['-1 * * * *', 'has "-1" for a minute'],
    ['*/0 * * * *', 'has a step of 0 in "*/0"'],
    ['70 * * * *', 'has "70" for a minute, which no clock shows'],
    ['* * 0 * *', 'has "0" for a day, which no clock shows'],
    ['* 9-8 * * *', 'has "9-8" for an hour, which no clock shows'],
  ] as const)
    test(`is not ${text}`, () => {
      const parsed = parseCronTime(text);
      assert.equal('problem' in parsed && parsed.problem, problem);
    });
});
