import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_REPLY_BYTES, replyLines } from '../../../src/greylist/reply-lines.js';
import { fc } from '../../support/properties.js';

test('a short text is one line', () => {
  assert.deepEqual(replyLines('please come back later'), ['please come back later']);
  assert.deepEqual(replyLines('x'.repeat(436)), ['x'.repeat(436)]);
});

test('a long one is broken at blanks, or where there are none anywhere', () => {
  assert.deepEqual(replyLines(`${'x'.repeat(430)} ${'y'.repeat(20)}`), [
    'x'.repeat(430),
    'y'.repeat(20),
  ]);
  assert.deepEqual(replyLines('x'.repeat(437)), ['x'.repeat(436), 'x']);
});

test('no text that is taken becomes more lines than MTAs take, and nothing of it is lost', () => {
  const word = fc.integer({ min: 1, max: 500 }).map((length) => 'w'.repeat(length));
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), (words) => {
      const text = words.join(' ').slice(0, MAX_REPLY_BYTES).trim();
      const lines = replyLines(text);
      assert.ok(lines.length <= 32, String(lines.length));
      assert.ok(lines.every((line) => line.length <= 436));
      assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
    }),
  );
});
