import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { customReply } from '../../../../../src/protocols/milter/custom-reply.js';
import { parseReplyText } from '../../../../../src/protocols/milter/mta/reply-text.js';

describe('the text of a custom reply', () => {
  const good: readonly (readonly [string, object])[] = [
    ['451 4.7.1 later\0', { code: 451, enhanced: '4.7.1', lines: ['later'] }],
    ['451 later\0', { code: 451, enhanced: undefined, lines: ['later'] }],
    ['451 \0', { code: 451, enhanced: undefined, lines: [''] }],
    ['451 4.7.1\0', { code: 451, enhanced: '4.7.1', lines: [''] }],
    ['550-5.7.1 a\r\n550 5.7.1 b\0', { code: 550, enhanced: '5.7.1', lines: ['a', 'b'] }],
    ['550-5.7.1\r\n550 b\0', { code: 550, enhanced: '5.7.1', lines: ['', 'b'] }],
    ['450 wait 100%%, %%s\0', { code: 450, enhanced: undefined, lines: ['wait 100%, %s'] }],
  ];
  for (const [payload, parts] of good) {
    test(JSON.stringify(payload), () => {
      assert.deepEqual(parseReplyText(payload), { ...parts, faults: [] });
    });
  }

  const bad: readonly (readonly [string, readonly string[]])[] = [
    ['', ['reply-nul-missing', 'reply-code']],
    ['451 4.7.1 x', ['reply-nul-missing']],
    ['451 4.7.1 x\0y\0', ['reply-nul-inside']],
    ['250 2.1.5 fine\0', ['reply-code']],
    ['45x no\0', ['reply-code']],
    ['451\0', ['reply-separator']],
    ['451_4.7.1 x\0', ['reply-separator']],
    ['451 wait 100% sure\0', ['reply-percent']],
    ['451 %%%\0', ['reply-percent']],
    ['550 4.7.1 x\0', ['reply-class']],
    ['451 10 minutes\0', ['reply-class']],
    ['451-x\0', ['reply-continuation']],
    ['451 x\r\n451 y\0', ['reply-continuation']],
    ['451-x\r\n450 y\0', ['reply-continuation']],
    ['451-x\n451 y\0', ['reply-line-end']],
    ['451 sp\xe4ter\0', ['reply-character']],
    ['451 a\rb\0', ['reply-character']],
    ['451 a\tb\0', ['reply-character']],
  ];
  for (const [payload, faults] of bad) {
    test(`${JSON.stringify(payload)} breaks it`, () => {
      assert.deepEqual(parseReplyText(payload).faults, faults);
    });
  }

  test("is what the filter's end makes of any text", () => {
    for (const text of ['100% sure\r\n250 ok', '10 minutes', 'gr\u00fcn \u0000', '']) {
      const { bytes } = customReply({ code: 451, text: [text, text] });
      assert.deepEqual(parseReplyText(bytes.toString('latin1', 5)).faults, []);
    }
  });
});
