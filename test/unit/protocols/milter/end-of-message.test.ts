import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { customReply } from '../../../../src/protocols/milter/custom-reply.js';
import { EndOfMessage } from '../../../../src/protocols/milter/end-of-message.js';
import { actionFlags, type Action } from '../../../../src/protocols/milter/flags.js';
import type { EndOfMessageContext } from '../../../../src/protocols/milter/filter.js';
import { replies, type Reply } from '../../../../src/protocols/milter/replies.js';
import { packet, uint32 } from '../../../support/packet-builder.js';

function contextWith(actions: number) {
  const sent: Buffer[] = [];
  const allowed: number[] = [];
  const signal = new AbortController().signal;
  const context = new EndOfMessage(
    {
      agreement: { version: 6, actions, steps: 0 },
      macro: (symbol) => (symbol === 'i' ? 'A1' : undefined),
      gone: signal,
      allowMore: (ms) => void allowed.push(ms),
    },
    (bytes) => sent.push(bytes),
  );
  return { context, sent, allowed };
}

const changes: readonly (readonly [string, Action, (to: EndOfMessageContext) => void, Buffer])[] = [
  ['addHeader', 'addHeaders', (to) => to.addHeader('X', 'v'), packet('h', 'X\0v\0')],
  [
    'insertHeader',
    'addHeaders',
    (to) => to.insertHeader(1, 'X', 'v'),
    packet('i', uint32(1), 'X\0v\0'),
  ],
  [
    'changeHeader',
    'changeHeaders',
    (to) => to.changeHeader('X', 2, 'v'),
    packet('m', uint32(2), 'X\0v\0'),
  ],
  [
    'deleteHeader',
    'changeHeaders',
    (to) => to.deleteHeader('X', 2),
    packet('m', uint32(2), 'X\0\0'),
  ],
  [
    'changeSender',
    'changeSender',
    (to) => to.changeSender('<a>', 'RET=HDRS'),
    packet('e', '<a>\0RET=HDRS\0'),
  ],
  ['addRecipient', 'addRecipients', (to) => to.addRecipient('<a>'), packet('+', '<a>\0')],
  [
    'addRecipient with arguments',
    'addRecipientsWithArguments',
    (to) => to.addRecipient('<a>', 'NOTIFY=NEVER'),
    packet('2', '<a>\0NOTIFY=NEVER\0'),
  ],
  ['deleteRecipient', 'deleteRecipients', (to) => to.deleteRecipient('<a>'), packet('-', '<a>\0')],
  ['replaceBody', 'changeBody', (to) => to.replaceBody(Buffer.from('x')), packet('b', 'x')],
  ['quarantine', 'quarantine', (to) => to.quarantine('why'), packet('q', 'why\0')],
];

describe('EndOfMessage', () => {
  for (const [name, action, change, bytes] of changes) {
    test(`${name} is sent with continue and accept`, () => {
      for (const reply of [replies.continue, replies.accept]) {
        const { context } = contextWith(actionFlags[action]);
        change(context);
        assert.deepEqual(context.conclude(reply), [bytes]);
      }
    });

    test(`${name} needs its action`, () => {
      const { context } = contextWith(0x1ff & ~actionFlags[action]);
      assert.equal(context.may(action), false);
      assert.throws(() => change(context), {
        name: 'MilterProtocolError',
        code: 'MILTER_ACTION_NOT_NEGOTIATED',
      });
      assert.deepEqual(context.conclude(replies.continue), []);
    });
  }

  const voids: readonly Reply[] = [
    replies.reject,
    replies.tempfail,
    replies.discard,
    customReply({ code: 451, text: 'later' }),
  ];
  for (const reply of voids) {
    test(`nothing is changed with ${reply.kind}`, () => {
      const { context } = contextWith(0x1ff);
      context.addHeader('X', 'v');
      assert.deepEqual(context.conclude(reply), []);
    });
  }

  test('changes leave in the safe order', () => {
    const { context } = contextWith(0x1ff);
    context.replaceBody(Buffer.from('x'));
    context.deleteHeader('D', 1);
    context.deleteHeader('D', 2);
    context.addHeader('X', 'v');
    const letters = context
      .conclude(replies.continue)
      .map((bytes) => bytes.toString('latin1', 4, 5));
    assert.deepEqual(letters, ['m', 'm', 'h', 'b']);
  });

  test('progress goes out at once, and never after the answer', () => {
    const { context, sent } = contextWith(0);
    context.progress();
    context.progress();
    assert.deepEqual(sent, [packet('p'), packet('p')]);
    context.conclude(replies.continue);
    context.progress();
    assert.equal(sent.length, 2);
  });

  test('shows what the session shows', () => {
    const { context } = contextWith(0x1);
    assert.equal(context.macro('i'), 'A1');
    assert.equal(context.macro('j'), undefined);
    assert.equal(context.gone.aborted, false);
    assert.equal(context.may('addHeaders'), true);
    assert.equal(context.may('changeBody'), false);
    assert.deepEqual(context.agreement, { version: 6, actions: 1, steps: 0 });
  });

  test('passes on that the answer may take longer', () => {
    const { context, allowed } = contextWith(0);
    context.allowMore(7);
    assert.deepEqual(allowed, [7]);
  });
});
