import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { delayedHeaderName, formatDelayedHeader } from '../../../src/daemon/delayed-header.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

test('its name is the customary one', () => assert.equal(delayedHeaderName, 'X-Greylist'));

describe('how long', () => {
  const cases: readonly (readonly [delayedMs: number | undefined, expected: string])[] = [
    [undefined, 'not delayed'],
    [1, 'delayed 00:00:00'],
    [999, 'delayed 00:00:00'],
    [SECOND, 'delayed 00:00:01'],
    [5 * MINUTE + 12 * SECOND + 999, 'delayed 00:05:12'],
    [HOUR - 1, 'delayed 00:59:59'],
    [HOUR, 'delayed 01:00:00'],
    [24 * HOUR + MINUTE + SECOND, 'delayed 24:01:01'],
    [1000 * HOUR, 'delayed 1000:00:00'],
  ];
  for (const [delayedMs, expected] of cases) {
    test(`${delayedMs ?? 'no'} ms: ${expected}`, () => {
      const header = formatDelayedHeader({ delayedMs, host: 'mx.example.org', now: 0 });
      assert.equal(
        header,
        `${expected} by greymilter at mx.example.org; Thu, 01 Jan 1970 00:00:00 +0000`,
      );
    });
  }
});

describe('when, as RFC 5322 writes it', () => {
  const cases: readonly (readonly [at: number, expected: string])[] = [
    [Date.UTC(2026, 10, 21, 3, 6, 22), 'Sat, 21 Nov 2026 03:06:22 +0000'],
    [Date.UTC(2028, 1, 29, 23, 59, 59, 999), 'Tue, 29 Feb 2028 23:59:59 +0000'],
    [Date.UTC(2030, 0, 1), 'Tue, 01 Jan 2030 00:00:00 +0000'],
  ];
  const rfc5322 =
    /; (Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000$/;
  for (const [now, expected] of cases) {
    test(expected, () => {
      const header = formatDelayedHeader({ delayedMs: undefined, host: 'h', now });
      assert.match(header, rfc5322);
      assert.ok(header.endsWith(`; ${expected}`));
    });
  }
});
