import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ProbePlan } from '../../../../src/cli/probe/probe-plan.js';
import type { ProbeReport, ProbeStep } from '../../../../src/cli/probe/probe-report.js';
import { formatReport, formatUnreachable } from '../../../../src/cli/probe/probe-text.js';
import {
  describeChange,
  describeReply,
  describeSilence,
} from '../../../../src/cli/probe/probe-words.js';
import {
  actionFlags,
  stepFlags,
  type FilterReply,
  type MessageChange,
} from '../../../../src/protocols/milter/index.js';

const plan: ProbePlan = {
  filter: { kind: 'unix', path: '/s' },
  as: 'postfix',
  client: { hostName: 'a.example', family: 'inet', port: 1, address: '192.0.2.1' },
  helo: 'a.example',
  from: '<a@example.org>',
  to: ['<b@example.org>'],
  macros: {},
  hasData: false,
  timeoutMs: 1000,
};

const empty: ProbeReport = {
  plan,
  agreement: undefined,
  steps: [],
  faults: [],
  failure: undefined,
};

function stepOf(
  event: ProbeStep['event'],
  answer: ProbeStep['answer'],
  more: Partial<ProbeStep> = {},
): ProbeStep {
  return { event, shown: 'x', answer, at: undefined, changes: [], progress: 0, tookMs: 1, ...more };
}

function text(report: Partial<ProbeReport>): string {
  return formatReport({ ...empty, ...report });
}

describe('the text of a probe', () => {
  test('what was agreed on, aligned', () => {
    const agreement = {
      version: 4,
      actions: actionFlags.addHeaders | actionFlags.quarantine,
      steps: stepFlags.noHelo | stepFlags.noReplyHelo | stepFlags.noReplyMail | stepFlags.skip,
      macroLists: { connect: ['j', '{if_addr}'], eom: [] },
    };
    assert.equal(
      text({ agreement }),
      `Postfix asks unix:/s

agreed on       version 4
  may           add headers, quarantine
  not sent      HELO
  not answered  MAIL
  besides       may say skip
  macros        connect  j {if_addr}
                eom      none

ok: the filter wants to hear nothing of this mail
`,
    );
  });

  test('a filter that wants everything and the usual macros', () => {
    const agreement = { version: 6, actions: 0, steps: 0, macroLists: {} };
    assert.match(
      text({ plan: { ...plan, as: 'sendmail' }, agreement }),
      /^Sendmail asks.*\n\nagreed on +version 6\n +may +nothing\n +not sent +nothing\n +not answered +nothing\n +macros +the MTA's own\n/,
    );
  });

  test('answers, aligned, with the lines and the changes that belong to them', () => {
    const reply = {
      kind: 'replycode',
      code: 451,
      enhanced: '4.7.1',
      lines: ['one', 'two'],
    } as const;
    const steps = [
      stepOf('connect', 'not-answered', { shown: 'a.example 192.0.2.1:1' }),
      stepOf('rcpt', reply, { shown: '<b@example.org>', tookMs: 12.25 }),
      stepOf('message', { kind: 'accept' }, { at: 'header', shown: '' }),
      stepOf(
        'message',
        { kind: 'continue' },
        { at: 'eom', progress: 2, changes: [{ kind: 'quarantine', reason: 'odd' }] },
      ),
    ];
    assert.equal(
      text({ steps }),
      `Postfix asks unix:/s

CONNECT  a.example 192.0.2.1:1           no answer: the filter only listens
RCPT     <b@example.org>        12.3 ms  451-4.7.1 one
                                         451 4.7.1 two
message                          1.0 ms  accept: the whole message passes, unseen from here on (header)
message  x                       1.0 ms  continue
                                         quarantine: odd
                                         asked for patience, times: 2

ok: every answer came, the slowest after 12.3 ms
`,
    );
  });

  test('what a filter says cannot drive the terminal', () => {
    const answer = {
      kind: 'replycode',
      code: 550,
      enhanced: undefined,
      lines: ['\x1b[2J\u202e'],
    } as const;
    assert.match(text({ steps: [stepOf('rcpt', answer)] }), /550 \\u001b\[2J\\u202e\n/);
  });

  test('faults, and that they fail the probe', () => {
    const faults = [
      { fault: 'reply-line-end', event: 'rcpt' },
      { fault: 'answer-unexpected', event: 'quit' },
    ] as const;
    assert.match(
      text({ faults }),
      /\n\nfault at RCPT: .*\(reply-line-end, MILTER_CUSTOM_REPLY_INVALID\)\n {2}Postfix .*\n {2}Sendmail .*\n\nfault at QUIT: .*\n.*\n.*\n\nfailed: 2 faults\n$/,
    );
  });

  test('a failure after a fault that is put up with is not blamed on the fault', () => {
    const faults = [{ fault: 'reply-percent', event: 'rcpt' }] as const;
    const failure = {
      kind: 'broken',
      code: 'MILTER_ANSWER_LATE',
      message: 'no answer',
      event: 'data',
    } as const;
    assert.match(text({ faults, failure }), /\nfailed at DATA: no answer \(MILTER_ANSWER_LATE\)\n/);
  });

  test('nobody to be asked', () => {
    const failure = {
      kind: 'unreachable',
      code: 'ENOENT',
      message: 'gone',
      event: undefined,
    } as const;
    assert.equal(formatUnreachable({ ...empty, failure }), 'unix:/s: gone (ENOENT)');
  });
});

describe('the words for an answer', () => {
  const replies: readonly (readonly [ProbeStep['event'], FilterReply, string])[] = [
    ['connect', { kind: 'accept' }, 'accept: the whole session passes, unseen from here on'],
    ['rcpt', { kind: 'reject' }, "reject: 5xx in the MTA's words"],
    ['rcpt', { kind: 'tempfail' }, "tempfail: 4xx in the MTA's words"],
    [
      'rcpt',
      { kind: 'discard' },
      'discard: the client sees success, and the whole message is thrown away',
    ],
    ['message', { kind: 'skip' }, 'skip'],
    ['rcpt', { kind: 'replycode', code: 550, enhanced: undefined, lines: ['no'] }, '550 no'],
  ];
  for (const [event, reply, expected] of replies) {
    test(expected, () => assert.deepEqual(describeReply(event, reply), [expected]));
  }

  test('why there is none', () =>
    assert.deepEqual(
      (['not-sent', 'not-answered', 'unknown', 'settled'] as const).map((silence) =>
        describeSilence(silence, 2),
      ),
      [
        'not sent: the filter does not want to see it',
        'no answer: the filter only listens',
        'not sent: version 2 does not have it',
        'not sent: the filter has said all it wants to',
      ],
    ));

  const changes: readonly (readonly [MessageChange, string])[] = [
    [{ kind: 'addHeader', name: 'X', value: ' v' }, 'add header X: v'],
    [{ kind: 'insertHeader', index: 0, name: 'X', value: 'v' }, 'insert header X: v (position 0)'],
    [{ kind: 'changeHeader', index: 2, name: 'X', value: 'v' }, 'change header X number 2 to v'],
    [{ kind: 'changeHeader', index: 1, name: 'X', value: '' }, 'delete header X number 1'],
    [{ kind: 'changeSender', address: '<a@b>', args: undefined }, 'change the sender to <a@b>'],
    [
      { kind: 'addRecipient', address: '<a@b>', args: 'NOTIFY=NEVER' },
      'add recipient <a@b> NOTIFY=NEVER',
    ],
    [{ kind: 'deleteRecipient', address: '<a@b>' }, 'delete recipient <a@b>'],
    [{ kind: 'replaceBody', chunk: Buffer.from('abc') }, 'replace the body: 3 bytes'],
  ];
  for (const [change, expected] of changes) {
    test(expected, () => assert.equal(describeChange(change), expected));
  }
});
