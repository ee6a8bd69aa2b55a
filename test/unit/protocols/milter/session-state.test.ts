import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CommandName, EventName } from '../../../../src/protocols/milter/events.js';
import type { ReplyKind } from '../../../../src/protocols/milter/replies.js';
import {
  step,
  stepAfterReply,
  type Phase,
} from '../../../../src/protocols/milter/session-state.js';

const phases = ['start', 'negotiated', 'ready', 'message', 'over'] as const;
const noConnect = 0x1;
const noMail = 0x4;

/** `handle → message`, with `, message ends` and `, session ends`, or the error of a `close`. */
function shown(phase: Phase, command: CommandName, suppressed = 0): string {
  const { effect, next, endsMessage, endsSession, error } = step(phase, command, suppressed);
  return [
    effect === 'close' ? `close ${error ?? 'normally'}` : `${effect} → ${next}`,
    ...(endsMessage ? ['message ends'] : []),
    ...(endsSession ? ['session ends'] : []),
  ].join(', ');
}

const first = 'close MILTER_NOT_NEGOTIATED';
const twice = 'close MILTER_NEGOTIATED_TWICE';
const insideMessage = [
  first,
  'continue → negotiated',
  'continue → ready',
  'handle → message',
  'continue → over',
] as const;

/** What each command does in each phase, in their order, with nothing suppressed. */
const table: Readonly<Record<CommandName, readonly string[]>> = {
  negotiate: ['handle → negotiated', twice, twice, twice, twice],
  macro: [first, 'ignore → negotiated', 'ignore → ready', 'ignore → message', 'ignore → over'],
  connect: [
    first,
    'handle → ready',
    'handle → ready, session ends',
    'handle → ready, message ends, session ends',
    'handle → ready, session ends',
  ],
  helo: [
    first,
    'continue → negotiated',
    'handle → ready',
    'handle → ready, message ends',
    'continue → over',
  ],
  mail: [
    first,
    'continue → negotiated',
    'handle → message',
    'handle → message, message ends',
    'continue → over',
  ],
  rcpt: insideMessage,
  data: insideMessage,
  header: insideMessage,
  eoh: insideMessage,
  body: insideMessage,
  eom: insideMessage,
  unknown: [
    first,
    'continue → negotiated',
    'handle → ready',
    'handle → message',
    'continue → over',
  ],
  abort: [
    first,
    'ignore → negotiated',
    'ignore → ready',
    'ignore → ready, message ends',
    'ignore → over',
  ],
  quit: [
    'close normally, session ends',
    'close normally, session ends',
    'close normally, session ends',
    'close normally, message ends, session ends',
    'close normally, session ends',
  ],
  quitNc: [
    first,
    'ignore → negotiated, session ends',
    'ignore → negotiated, session ends',
    'ignore → negotiated, message ends, session ends',
    'ignore → negotiated, session ends',
  ],
};

const commands = Object.keys(table) as readonly CommandName[]; // keys of a complete record

describe('step, each command in each phase', () => {
  for (const command of commands) {
    for (const [index, phase] of phases.entries()) {
      const expected = table[command][index];
      test(`${command} in ${phase}: ${String(expected)}`, () => {
        assert.equal(shown(phase, command), expected);
      });
    }
  }
});

describe('step, where steps are suppressed', () => {
  const cases: readonly (readonly [string, Phase, CommandName, number, string])[] = [
    ['NOCONNECT: HELO is first', 'negotiated', 'helo', noConnect, 'handle → ready'],
    ['NOCONNECT: MAIL is first', 'negotiated', 'mail', noConnect, 'handle → message'],
    [
      'NOCONNECT: an unknown command is first',
      'negotiated',
      'unknown',
      noConnect,
      'handle → ready',
    ],
    ['NOCONNECT: RCPT still needs MAIL', 'negotiated', 'rcpt', noConnect, 'continue → negotiated'],
    ['NOMAIL: RCPT starts a message', 'ready', 'rcpt', noMail, 'handle → message'],
    ['NOMAIL: DATA starts a message', 'ready', 'data', noMail, 'handle → message'],
    ['NOMAIL: the end of a message is one', 'ready', 'eom', noMail, 'handle → message'],
    ['NOMAIL: not before CONNECT', 'negotiated', 'rcpt', noMail, 'continue → negotiated'],
    ['NOMAIL: not when all is over', 'over', 'rcpt', noMail, 'continue → over'],
    ['both: RCPT is first', 'negotiated', 'rcpt', noConnect | noMail, 'handle → message'],
    ['both: E is first', 'negotiated', 'eom', noConnect | noMail, 'handle → message'],
    ['both: E after R', 'message', 'eom', noConnect | noMail, 'handle → message'],
  ];
  for (const [name, phase, command, suppressed, expected] of cases) {
    test(name, () => {
      assert.equal(shown(phase, command, suppressed), expected);
    });
  }
});

const kinds = [
  'continue',
  'accept',
  'reject',
  'tempfail',
  'discard',
  'replycode',
  'skip',
] as const satisfies readonly ReplyKind[];

/** The phase after each kind of answer, in their order, for an event that is handled in a phase. */
const after: readonly (readonly [EventName, Phase, ...Phase[]])[] = [
  ['connect', 'ready', 'ready', 'over', 'over', 'over', 'over', 'over', 'ready'],
  ['helo', 'ready', 'ready', 'over', 'ready', 'ready', 'ready', 'ready', 'ready'],
  ['mail', 'message', 'message', 'ready', 'ready', 'ready', 'ready', 'ready', 'message'],
  ['rcpt', 'message', 'message', 'ready', 'message', 'message', 'ready', 'message', 'message'],
  ['data', 'message', 'message', 'ready', 'message', 'message', 'ready', 'message', 'message'],
  ['header', 'message', 'message', 'ready', 'ready', 'ready', 'ready', 'ready', 'message'],
  ['eoh', 'message', 'message', 'ready', 'ready', 'ready', 'ready', 'ready', 'message'],
  ['body', 'message', 'message', 'ready', 'ready', 'ready', 'ready', 'ready', 'message'],
  ['eom', 'message', 'ready', 'ready', 'ready', 'ready', 'ready', 'ready', 'ready'],
  ['unknown', 'ready', 'ready', 'ready', 'ready', 'ready', 'ready', 'ready', 'ready'],
  [
    'unknown',
    'message',
    'message',
    'message',
    'message',
    'message',
    'message',
    'message',
    'message',
  ],
];

describe('stepAfterReply', () => {
  for (const [event, phase, ...expected] of after) {
    for (const [index, kind] of kinds.entries()) {
      test(`${kind} to ${event} in ${phase}: ${String(expected[index])}`, () => {
        assert.equal(stepAfterReply(phase, event, kind), expected[index]);
      });
    }
  }

  test('an answer at the end of the message of a session that is over changes nothing', () => {
    assert.equal(stepAfterReply('over', 'eom', 'continue'), 'over');
  });
});
