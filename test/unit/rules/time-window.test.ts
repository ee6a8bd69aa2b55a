import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  createLocalClock,
  isInWindow,
  parseTimeWindow,
  parseTimeZone,
} from '../../../src/rules/time-window.js';
import type { TimeWindow } from '../../../src/rules/time-window.js';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

function windowOf(text: string): TimeWindow {
  const parsed = parseTimeWindow(text);
  assert.ok('ok' in parsed, JSON.stringify(parsed));
  return parsed.ok;
}

describe('a window of time', () => {
  for (const [text, inside, outside] of [
    ['09:00-17:00', ['mon 09:00', 'sun 16:59'], ['mon 08:59', 'sun 17:00']],
    ['9:00-17:00', ['mon 09:00'], ['mon 08:59']],
    ['22:00-06:00', ['mon 22:00', 'mon 05:59', 'sun 00:00'], ['mon 21:59', 'mon 06:00']],
    ['00:00-24:00', ['mon 00:00', 'sun 23:59'], []],
    ['mon-fri', ['mon 00:00', 'fri 23:59'], ['sat 00:00', 'sun 23:59']],
    ['Saturday, sunday'.replace(' ', ''), ['sat 12:00', 'sun 12:00'], ['mon 12:00', 'fri 12:00']],
    ['sat-mon', ['sat 12:00', 'mon 12:00'], ['tue 12:00', 'fri 12:00']],
    ['mon,wed-thu', ['mon 12:00', 'wed 12:00', 'thu 12:00'], ['tue 12:00', 'fri 12:00']],
    ['fri 22:00-06:00', ['fri 22:00', 'sat 05:59'], ['fri 05:59', 'sat 06:00', 'sat 22:00']],
    ['sun 22:00-06:00', ['sun 23:00', 'mon 05:00'], ['sun 05:00', 'tue 05:00']],
    [' mon  09:00-10:00 ', ['mon 09:30'], ['mon 10:00']],
  ] as const)
    test(text, () => {
      const at = (time: string): boolean => {
        const [day = '', hour, minute] = time.split(/[ :]/);
        const local = { weekday: DAYS.indexOf(day), minute: Number(hour) * 60 + Number(minute) };
        return isInWindow(windowOf(text), local);
      };
      assert.deepEqual(
        inside.filter((time) => !at(time)),
        [],
      );
      assert.deepEqual(outside.filter(at), []);
    });

  test('is written in one spelling', () => {
    assert.equal(windowOf(' Mon-Fri   09:00-10:00').text, 'mon-fri 09:00-10:00');
  });

  for (const [text, problem] of [
    ['', 'is not a time'],
    ['09:00-10:00 mon', 'is not a time'],
    ['mon 09:00-10:00 UTC', 'is not a time'],
    ['noon', 'has "noon" for a day'],
    ['mon-noon', 'has "mon-noon" for a day'],
    ['noon-mon', 'has "noon-mon" for a day'],
    ['mon-tue-wed', 'has "mon-tue-wed" for a day'],
    ['mon,', 'has "" for a day'],
    ['monsoon', 'has "monsoon" for a day'],
    ['09:00', 'has "09:00" for hours'],
    ['9-17', 'has "9-17" for hours'],
    ['09:60-10:00', 'has "09:60-10:00" for hours'],
    ['09:00-24:01', 'has "09:00-24:01" for hours'],
    ['24:00-06:00', 'has "24:00-06:00" for hours'],
    ['09:00-10:00-11:00', 'has "09:00-10:00-11:00" for hours'],
    ['09:00-09:00', 'ends when it begins'],
  ] as const)
    test(`is not ${JSON.stringify(text)}`, () => {
      const parsed = parseTimeWindow(text);
      assert.ok('problem' in parsed);
      assert.equal(parsed.problem, problem);
      assert.ok(parsed.hint);
    });
});

describe('the clock of a place', () => {
  test('shows its weekday and time, also when clocks are changed', () => {
    const clock = createLocalClock('Europe/Berlin');
    const at = (text: string) => clock(Date.parse(text));
    assert.deepEqual(at('2026-03-29T00:59:59Z'), { weekday: 6, minute: 119, day: 29, month: 3 });
    assert.deepEqual(at('2026-03-29T01:00:00Z'), { weekday: 6, minute: 180, day: 29, month: 3 });
    assert.deepEqual(at('2026-10-25T00:59:00Z'), { weekday: 6, minute: 179, day: 25, month: 10 });
    assert.deepEqual(at('2026-10-25T01:00:00Z'), { weekday: 6, minute: 120, day: 25, month: 10 });
    assert.deepEqual(at('2026-11-22T23:00:00Z'), { weekday: 0, minute: 0, day: 23, month: 11 });
  });

  test('is looked at once a minute', () => {
    const clock = createLocalClock('UTC');
    const first = clock(Date.parse('2026-11-21T12:00:00Z'));
    assert.equal(clock(Date.parse('2026-11-21T12:00:59.999Z')), first);
    assert.notEqual(clock(Date.parse('2026-11-21T12:01:00Z')), first);
  });

  test('needs a time zone that there is', () => {
    assert.deepEqual(parseTimeZone('Europe/Berlin'), { ok: 'Europe/Berlin' });
    assert.ok('problem' in parseTimeZone('Mars/Olympus'));
  });
});
