import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { HeadReader } from '../../../src/reports/line-head.js';
import { namedZone } from '../../../src/reports/zone.js';

const until = Date.parse('2026-11-28T12:00:00Z');

function read(line: string, zone = 'UTC') {
  const head = new HeadReader({ zone: namedZone(zone), until }).read(line);
  return head === undefined ? undefined : `${new Date(head.at).toISOString()} ${head.body}`;
}

describe('the head of a line', () => {
  for (const [kind, line, expected] of [
    ['of ours', '2026-11-20T10:00:00.123Z info x', '2026-11-20T10:00:00.123Z info x'],
    ['of syslog', 'Nov 20 10:00:00 mx postgrey[7]: x y', '2026-11-20T10:00:00.000Z x y'],
    ['without a pid', 'Nov  2 10:00:00 (none) postgrey: x', '2026-11-02T10:00:00.000Z x'],
    ['with a priority', '<22>Nov 20 10:00:00 mx a[7]: x', '2026-11-20T10:00:00.000Z x'],
    ['with a year', 'Nov 20 2024 10:00:00 mx a[7]: x', '2024-11-20T10:00:00.000Z x'],
    [
      "of Solaris's syslog",
      'Nov 20 10:00:00 oz m: [ID 703198 mail.info] x',
      '2026-11-20T10:00:00.000Z x',
    ],
    [
      'of rsyslog',
      '2026-11-20T10:00:00.123456+01:00 mx postfix/smtpd[7]: x',
      '2026-11-20T09:00:00.123Z x',
    ],
    [
      'of RFC 5424',
      '<22>1 2026-11-20T10:00:00.5-05:00 mx postgrey 7 - [a@1 b="c"] x',
      '2026-11-20T15:00:00.500Z x',
    ],
    ['without data', '<22>1 2026-11-20T10:00:00Z mx p - - - x', '2026-11-20T10:00:00.000Z x'],
    ['-o short-iso', '2026-11-20T10:00:00+0100 mx p[7]: x', '2026-11-20T09:00:00.000Z x'],
    ['-o short-precise', 'Nov 20 10:00:00.654321 mx p[7]: x', '2026-11-20T10:00:00.654Z x'],
    ['-o short-full', 'Fri 2026-11-20 10:00:00 UTC mx p[7]: x', '2026-11-20T10:00:00.000Z x'],
    ['-o short-unix', '1795687200.25 mx p[7]: x', '2026-11-26T10:00:00.250Z x'],
    ['-o short-unix, whole', '1795687200 mx p[7]: x', '2026-11-26T10:00:00.000Z x'],
    ['of last year', 'Nov 30 10:00:00 mx p[7]: x', '2025-11-30T10:00:00.000Z x'],
    ['of a leap day', 'Feb 29 10:00:00 mx p[7]: x', '2024-02-29T10:00:00.000Z x'],
    ['a bit in the future', 'Nov 29 10:00:00 mx p[7]: x', '2026-11-29T10:00:00.000Z x'],
    ['of a month that is none', 'Abc 29 10:00:00 mx p[7]: x', undefined],
    ['of a day that is none', 'Feb 30 10:00:00 mx p[7]: x', undefined],
    ['of a full date that is none', 'Fri 2026-02-30 10:00:00 UTC mx p[7]: x', undefined],
    ['without any', 'action=pass, reason=x', undefined],
  ] as const) {
    test(kind, () => assert.equal(read(line), expected));
  }

  test('has the zone of the logs', () => {
    const zone = 'Europe/Berlin';
    assert.equal(read('Nov 20 10:00:00 mx p: x', zone), '2026-11-20T09:00:00.000Z x');
    assert.equal(read('2026-11-20 10:00:00,5 mx p: x', zone), '2026-11-20T09:00:00.500Z x');
    assert.equal(read('Fri 2026-11-20 10:00:00 CET mx p: x', zone), '2026-11-20T09:00:00.000Z x');
  });
});
