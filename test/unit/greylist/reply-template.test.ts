import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseReplyTemplate, renderReplyTemplate } from '../../../src/greylist/reply-template.js';
import type { ReplyTemplate, ReplyValues } from '../../../src/greylist/reply-template.js';

const VALUES: ReplyValues = {
  waitMs: 170_001,
  delayMs: 180_000,
  client: '192.0.2.1',
  name: 'mx.example.org',
  from: 'joe@example.org',
  to: 'ann@example.com',
  id: '4Y1abc',
  host: 'mail.example.com',
};

function read(text: string): ReplyTemplate {
  const parsed = parseReplyTemplate(text);
  assert.ok('ok' in parsed, text);
  return parsed.ok;
}

const render = (text: string, values: Partial<ReplyValues> = {}): string =>
  renderReplyTemplate(read(text), { ...VALUES, ...values });

describe('what a text becomes', () => {
  const cases: readonly (readonly [text: string, expected: string])[] = [
    ['Greylisted', 'Greylisted'],
    ['try again in {wait} seconds', 'try again in 171 seconds'],
    ['{minutes} minutes of {delay}', '3 minutes of 180'],
    ['{client} ({name}) {from} {to}', '192.0.2.1 (mx.example.org) joe@example.org ann@example.com'],
    ['see https://help.example/{domain}.html', 'see https://help.example/example.com.html'],
    ['{id} at {host}', '4Y1abc at mail.example.com'],
    ['back in {remaining}', 'back in 00:02:51'],
    ['{wait}{wait}', '171171'],
    ['{{wait}} is {wait}', '{wait} is 171'],
    ['{{{wait}}}', '{171}'],
    ['a } and }} and {{', 'a } and } and {'],
    ['100 % sure', '100 % sure'],
  ];
  for (const [text, expected] of cases) {
    test(text, () => {
      assert.equal(render(text), expected);
      assert.equal(read(text).text, text);
    });
  }
});

describe('times are rounded up, and never nothing', () => {
  const cases: readonly (readonly [waitMs: number, expected: string])[] = [
    [0, '1 1'],
    [-5000, '1 1'],
    [1, '1 1'],
    [1000, '1 1'],
    [1001, '2 1'],
    [60_000, '60 1'],
    [60_001, '61 2'],
    [Number.MAX_VALUE, '9999999 9999999'],
  ];
  for (const [waitMs, expected] of cases) {
    test(`${waitMs} ms`, () => assert.equal(render('{wait} {minutes}', { waitMs }), expected));
  }
});

describe('values from the wire', () => {
  test('the null sender is <>', () => assert.equal(render('{from}', { from: '' }), '<>'));

  test('what is not there is unknown', () => {
    const nothing = { client: undefined, name: undefined, id: undefined, host: '', to: '' };
    assert.equal(
      render('{client} {name} {id} {host} {to}', nothing),
      'unknown unknown unknown unknown unknown',
    );
  });

  test('what is not printable US-ASCII is a question mark, one for each character', () => {
    assert.equal(render('{from}', { from: 'a\r\n250 ok\0b' }), 'a??250 ok?b');
    assert.equal(render('{from}', { from: 'bücher😀\u007f\ud800' }), 'b?cher???');
  });

  test('a recipient without a domain is all of it', () => {
    assert.equal(render('{domain}', { to: 'postmaster' }), 'postmaster');
    assert.equal(render('{domain}', { to: '"a@b"@Example.com' }), 'Example.com');
    assert.equal(render('{domain}', { to: '' }), 'unknown');
  });

  test('braces and per cent signs in a value stay what they are', () =>
    assert.equal(render('{from}', { from: '{wait}%s@x' }), '{wait}%s@x'));

  test('long values are cut', () => {
    const long = 'x'.repeat(300);
    assert.equal(render('{from}', { from: long }), `${'x'.repeat(77)}...`);
    assert.equal(render('{from}', { from: 'x'.repeat(80) }), 'x'.repeat(80));
    assert.equal(render('{client}', { client: long }), `${'x'.repeat(42)}...`);
  });
});

describe('texts that are refused', () => {
  const known =
    'there are {wait}, {minutes}, {remaining}, {delay}, {client}, {name}, {from}, {to}, {domain}, {id}, {host}, {dnsbl}, and those of any text, such as {sender} or {helo}';
  const braces = 'write {{ for a brace that is only a brace';
  const ascii = 'has a character that is not printable US-ASCII';
  const cases: readonly (readonly [text: string, problem: string, hint?: string])[] = [
    ['', 'is empty', 'leave it out for the usual words'],
    ['   ', 'is empty', 'leave it out for the usual words'],
    ['a\nb', 'has more than one line', 'write it on one'],
    ['a\rb', 'has more than one line', 'write it on one'],
    ['a\n', 'has more than one line', 'write it on one'],
    ['später', ascii, 'MTAs garble it'],
    ['a\0b', ascii, 'MTAs garble it'],
    ['a\tb', ascii, 'MTAs garble it'],
    ['a\u007f', ascii, 'MTAs garble it'],
    ['{waiting}', 'has an unknown placeholder {waiting}', known],
    ['{}', 'has an unknown placeholder {}', known],
    ['{ wait }', 'has an unknown placeholder { wait }', known],
    ['{toString}', 'has an unknown placeholder {toString}', known],
    ['{wait', 'has a { without a }', braces],
    ['a {', 'has a { without a }', braces],
  ];
  for (const [text, problem, hint] of cases) {
    test(JSON.stringify(text), () =>
      assert.deepEqual(parseReplyTemplate(text), hint ? { problem, hint } : { problem }),
    );
  }
});

describe('a text may only become as long as a reply can be', () => {
  const hint = 'a reply holds 6540: shorten it';
  test('without placeholders', () => {
    assert.equal(render('x'.repeat(6540)).length, 6540);
    assert.deepEqual(parseReplyTemplate('x'.repeat(6541)), {
      problem: 'may become 6541 bytes long',
      hint,
    });
  });
  test('with the longest values', () => {
    const template = `{from}{to}{name}{host}{id}${'x'.repeat(6140)}`;
    const long = 'y'.repeat(500);
    const values = { from: long, to: long, name: long, host: long, id: long };
    assert.equal(render(template, values).length, 6540);
    assert.deepEqual(parseReplyTemplate(`${template}{wait}`), {
      problem: 'may become 6547 bytes long',
      hint,
    });
  });
});
