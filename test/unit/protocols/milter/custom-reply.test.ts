import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { customReply } from '../../../../src/protocols/milter/custom-reply.js';
import { fromHex, packet } from '../../../support/packet-builder.js';

function textOf(parts: Parameters<typeof customReply>[0]): string {
  const { bytes } = customReply(parts);
  assert.equal(bytes.readUInt32BE(0), bytes.length - 4);
  assert.equal(bytes[4], 0x79);
  assert.equal(bytes.indexOf(0, 5), bytes.length - 1, 'one NUL, at the end');
  return bytes.toString('utf8', 5, bytes.length - 1);
}

describe('customReply', () => {
  test('is what a greylisting filter answers to RCPT, byte for byte', () => {
    assert.deepEqual(
      customReply({ code: 451, enhanced: '4.7.1', text: 'Greylisted, please come back later' }),
      {
        kind: 'replycode',
        bytes: fromHex(`0000002e 79 343531 20 342e372e31 20 477265796c69737465642c20706c65617365
          20 636f6d65206261636b206c61746572 00`),
      },
    );
  });

  const cases = [
    {
      name: 'no enhanced code',
      parts: { code: 450, text: 'come back later' },
      text: '450 come back later',
    },
    {
      name: 'a permanent one',
      parts: { code: 550, enhanced: '5.7.1', text: 'no' },
      text: '550 5.7.1 no',
    },
    {
      name: 'a long enhanced code',
      parts: { code: 599, enhanced: '5.999.999', text: 'no' },
      text: '599 5.999.999 no',
    },
    {
      name: 'several lines with the same code and status each, joined by CRLF',
      parts: { code: 451, enhanced: '4.7.1', text: ['first line', 'second line', 'last line'] },
      text: '451-4.7.1 first line\r\n451-4.7.1 second line\r\n451 4.7.1 last line',
    },
    {
      name: 'several lines without a status',
      parts: { code: 550, text: ['one', 'two'] },
      text: '550-one\r\n550 two',
    },
    {
      name: 'a single % is doubled (Sendmail would send a permanent 550 instead)',
      parts: { code: 451, enhanced: '4.7.1', text: 'wait 100% sure, user%domain@relay' },
      text: '451 4.7.1 wait 100%% sure, user%%domain@relay',
    },
    {
      name: 'CR and LF cannot forge a reply',
      parts: { code: 451, text: 'a\r\n250 b\rc\nd' },
      text: '451 a 250 b c d',
    },
    { name: 'NUL is gone', parts: { code: 451, text: 'te\0xt' }, text: '451 text' },
    {
      name: '8-bit text is replaced',
      parts: { code: 451, text: 'später €' },
      text: '451 sp?ter ?',
    },
    {
      name: 'a character of two UTF-16 units is one',
      parts: { code: 451, text: 'a😀b' },
      text: '451 a?b',
    },
    {
      name: 'control characters are replaced',
      parts: { code: 451, text: 'a\x1b[1m\x7f' },
      text: '451 a?[1m?',
    },
    { name: 'a tab is a blank', parts: { code: 451, text: 'a\t\tb' }, text: '451 a b' },
    { name: 'blanks around the text are gone', parts: { code: 451, text: '  a ' }, text: '451 a' },
    {
      name: 'no text becomes one',
      parts: { code: 451, text: '' },
      text: '451 Please try again later',
    },
    {
      name: 'a text of line ends becomes one',
      parts: { code: 451, text: '\r\n\0' },
      text: '451 Please try again later',
    },
    {
      name: 'no lines become one',
      parts: { code: 451, text: [] },
      text: '451 Please try again later',
    },
    {
      name: 'an empty line among others stays',
      parts: { code: 451, enhanced: '4.7.1', text: ['a', '', 'b'] },
      text: '451-4.7.1 a\r\n451-4.7.1 \r\n451 4.7.1 b',
    },
    {
      name: 'a text that begins with a digit is not taken for an enhanced code of another class',
      parts: { code: 451, text: '10 minutes, please' },
      text: '451 4.0.0 10 minutes, please',
    },
    {
      name: 'nor is one on a later line',
      parts: { code: 550, text: ['no', '4 ever'] },
      text: '550-5.0.0 no\r\n550 5.0.0 4 ever',
    },
    {
      name: 'a text that brings an enhanced code of the right class stays',
      parts: { code: 451, text: '4.7.1 later' },
      text: '451 4.7.1 later',
    },
  ];
  for (const { name, parts, text } of cases) {
    test(name, () => {
      assert.equal(textOf(parts), text);
    });
  }

  test('a long line is cut before % is doubled', () => {
    assert.equal(textOf({ code: 451, text: '%'.repeat(1000) }), `451 ${'%%'.repeat(450)}`);
  });

  test('more than 32 lines are cut', () => {
    const lines = textOf({ code: 451, text: Array.from({ length: 40 }, (_, at) => `line ${at}`) });
    assert.equal(lines.split('\r\n').length, 32);
    assert.ok(lines.endsWith('\r\n451 line 31'));
  });

  for (const code of [250, 399, 600, 450.5, -451, Number.NaN]) {
    test(`refuses the code ${code}`, () => {
      assert.throws(() => customReply({ code, text: 'x' }), { code: 'MILTER_REPLY_INVALID' });
    });
  }

  const classes = ['5.7.1', '2.0.0', '4.7', '4.7.1.1', '4.7.1 ', '4.1000.1', '4.7.1\n', '', 'x'];
  for (const enhanced of classes) {
    test(`refuses the enhanced code ${JSON.stringify(enhanced)} with 451`, () => {
      assert.throws(() => customReply({ code: 451, enhanced, text: 'x' }), {
        code: 'MILTER_REPLY_INVALID',
      });
    });
  }

  test('is a packet like any other', () => {
    assert.deepEqual(
      customReply({ code: 421, enhanced: '4.7.0', text: 'bye' }).bytes,
      packet('y', '421 4.7.0 bye\0'),
    );
  });
});
