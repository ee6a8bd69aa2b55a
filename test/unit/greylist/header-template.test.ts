import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  parseHeaderTemplate,
  renderHeaderTemplate,
  type HeaderValues,
} from '../../../src/greylist/header-template.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const VALUES: HeaderValues = {
  delayedMs: undefined,
  host: 'mx.example.org',
  version: '1.2.3',
  now: 0,
};

function render(text: string, values: Partial<HeaderValues>): string {
  const parsed = parseHeaderTemplate(text);
  assert.ok('ok' in parsed, text);
  return renderHeaderTemplate(parsed.ok, { ...VALUES, ...values });
}

test('a header has what its template says', () => {
  assert.equal(
    render('delayed {delayed} seconds by greymilter-{version} at {host}', { delayedMs: 61_999 }),
    'delayed 61 seconds by greymilter-1.2.3 at mx.example.org',
  );
  assert.equal(render('{delayed} {{', {}), '0 {');
  assert.equal(
    render('{milter-greylist} by {host}', { delayedMs: 3_723_000 }),
    'Delayed for 01:02:03 by mx.example.org',
  );
  assert.equal(
    render('{milter-greylist}', { reasons: 'Sender IP whitelisted' }),
    'Sender IP whitelisted, not delayed',
  );
  assert.equal(render('at {host}', { host: 'a\r\nb\u00e9' }), 'at a??b?');
});

test('a template that no header can be is refused', () => {
  const known =
    'there are {status}, {delayed}, {host}, {version}, {date}, {milter-greylist}, and those of any text, such as {sender} or {helo}';
  assert.deepEqual(parseHeaderTemplate('{wait}'), {
    problem: 'has an unknown placeholder {wait}',
    hint: known,
  });
  assert.deepEqual(parseHeaderTemplate(`${'{host}'.repeat(3)}${'x'.repeat(174)}`), {
    problem: 'may become 933 bytes long',
    hint: 'a line of a header holds 932: shorten it',
  });
});

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
      assert.equal(render('{status} at {host}', { delayedMs }), `${expected} at mx.example.org`);
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
      const header = render('at {host}; {date}', { host: 'h', now });
      assert.match(header, rfc5322);
      assert.ok(header.endsWith(`; ${expected}`));
    });
  }
});
