import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatTime, utcOffset } from '../../../src/greylist/strftime.js';

/** A Saturday. */
const moment = Date.UTC(2026, 10, 21, 3, 6, 22);

describe('local time as strftime writes it', () => {
  for (const [format, expected] of [
    ['%Y-%m-%d %H:%M:%S', '2026-11-21 03:06:22'],
    ['%F %T', '2026-11-21 03:06:22'],
    ['%a %A %b %B %h', 'Sat Saturday Nov November Nov'],
    ['%c', 'Sat Nov 21 03:06:22 2026'],
    ['%C %y %D %x', '20 26 11/21/26 11/21/26'],
    ['%e %k %l %I %p %r', '21  3  3 03 AM 03:06:22 AM'],
    ['%j %u %w %U %W', '325 6 6 46 46'],
    ['%R %X %s', '03:06 03:06:22 1795230382'],
    ['a%nb%tc%%', 'a b c%'],
    ['%z %Z', '+0000 UTC'],
    ['%Ey %Od', '26 21'],
    ['%Q %', '%Q %'],
  ] as const)
    test(format, () => assert.equal(formatTime(format, moment, 'UTC'), expected));

  test('in other zones, in the afternoon, and on a Sunday', () => {
    const summer = Date.UTC(2026, 5, 7, 12, 30);
    assert.equal(
      formatTime('%H:%M %I %p %z %Z', summer, 'Europe/Berlin'),
      '14:30 02 PM +0200 +0200',
    );
    assert.equal(formatTime('%u %w %U', summer, 'UTC'), '7 0 23');
    assert.equal(utcOffset(summer, 'America/St_Johns'), '-0230');
    assert.equal(formatTime('%j %U %W', Date.UTC(2027, 0, 1), 'UTC'), '001 00 00');
    assert.equal(formatTime('%I', Date.UTC(2027, 0, 1), 'UTC'), '12');
  });
});
