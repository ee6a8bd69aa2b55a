import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { headerTextOf, replyOf } from '../../../../src/cli/stand-ins/postgrey-texts.js';

describe("Postgrey's texts", () => {
  for (const [written, text, enhanced] of [
    ['Wait %s seconds, %r', 'Wait {wait} seconds, {domain}', undefined],
    ['%s %s %x 100%', '{wait} {wait} %x 100%', undefined],
    ['a {b}', 'a {{b}}', undefined],
    ['4.7.1 Later', 'Later', '4.7.1'],
    ['5 minutes', '5 minutes', undefined],
  ] as const)
    test(`${written} as a reply`, () => assert.deepEqual(replyOf(written), { text, enhanced }));

  test('as a header', () => {
    const version = '1.37';
    assert.equal(
      headerTextOf(undefined, { hostname: undefined, version }),
      'X-Greylist: delayed {delayed} seconds by postgrey-1.37 at {host}; {date}',
    );
    assert.equal(headerTextOf('X-G: %t %h', { hostname: 'm{x', version }), 'X-G: {delayed} m{{x');
  });
});
