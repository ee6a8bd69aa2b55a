import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeXtext, parseReply, stuffDots } from '../../support/smtp-text.js';

describe('an SMTP reply', () => {
  test('has a code, an enhanced code and a text', () => {
    assert.deepEqual(parseReply('451 4.7.1 Try again\r\nrest'), {
      reply: {
        code: 451,
        enhanced: '4.7.1',
        text: 'Try again',
        lines: ['451 4.7.1 Try again'],
      },
      rest: 'rest',
    });
  });

  test('may have several lines', () => {
    const parsed = parseReply('550-5.7.1 no,\r\n550-\r\n550 5.7.1 never\r\n');
    assert.equal(parsed?.reply.text, 'no,\n\nnever');
    assert.equal(parsed.reply.lines.length, 3);
    assert.equal(parsed.rest, '');
  });

  test('may be without an enhanced code, or without any text', () => {
    assert.equal(parseReply('220 mx.local.test ESMTP\r\n')?.reply.enhanced, undefined);
    assert.equal(parseReply('354 10.20.30 is no code\r\n')?.reply.text, '10.20.30 is no code');
    assert.deepEqual(parseReply('250\n')?.reply.text, '');
  });

  test('is not there before its last line is complete', () => {
    const text = '250-first\r\n250 last\r\n';
    for (let length = 0; length < text.length; length++)
      assert.equal(parseReply(text.slice(0, length)), undefined);
    assert.equal(parseReply(text)?.reply.code, 250);
  });

  test('that is none is an error', () => {
    assert.throws(() => parseReply('hello\r\n'), /not an SMTP reply/);
  });
});

describe('a message', () => {
  test('gets CRLF, doubled dots and a final dot', () => {
    assert.equal(stuffDots('A: b\n\n.\n..x\n'), 'A: b\r\n\r\n..\r\n...x\r\n.\r\n');
    assert.equal(stuffDots('A: b\r\n\r\nx'), 'A: b\r\n\r\nx\r\n.\r\n');
  });
});

describe('xtext', () => {
  test('escapes what may not stand in it, byte by byte', () => {
    assert.equal(encodeXtext('[UNAVAILABLE]'), '[UNAVAILABLE]');
    assert.equal(encodeXtext('a+b=c d'), 'a+2Bb+3Dc+20d');
    assert.equal(encodeXtext('ü\n'), '+C3+BC+0A');
  });
});
