import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseReplyTemplate, type ReplyTemplate } from '../../../../src/greylist/reply-template.js';
import type { Condition } from '../../../../src/rules/condition.js';
import { createCondition, createRule, headerField } from '../../../support/rule-parts.js';
import { createContext, createEndOfMessage } from '../fake-context.js';
import { beginMail, createRuledRig, openClientSession, textOf } from '../filter-rig.js';

const minute = 60_000;

/** Holds for this recipient. */
function recipientIs(address: string): Condition {
  return {
    ...createCondition('yes'),
    test: ({ facts }) => (facts.attempt.recipient.text === address ? 'yes' : 'no'),
  };
}

function template(text: string): ReplyTemplate {
  const parsed = parseReplyTemplate(text);
  assert.ok('ok' in parsed);
  return parsed.ok;
}

describe('a rule at RCPT', () => {
  for (const [action, settings, answer] of [
    ['accept', {}, 'continue'],
    ['reject', {}, '550 5.7.1 Mail refused'],
    ['tempfail', {}, '451 4.7.1 Please try again later'],
    [
      'reject',
      { code: 554, enhanced: '5.7.0', text: template('no mail from {client}') },
      '554 5.7.0 no mail from 192.0.2.1',
    ],
    ['tempfail', { code: 450, enhanced: '4.2.0' }, '450 4.2.0 Please try again later'],
    ['discard', {}, 'continue'],
  ] as const) {
    test(`${action}: ${answer}`, async (t) => {
      const rule = createRule({ name: 'the one', action, settings });
      const { rcpt, logger, store } = createRuledRig(t, { rules: [rule] });
      const session = openClientSession();
      beginMail(session);
      assert.equal(await rcpt(session), answer);
      const [decision] = logger.decisions;
      assert.deepEqual(
        [decision?.verdict, decision?.reason, decision?.rule, decision?.stage],
        [action, 'rule', 'the one', 'rcpt'],
      );
      assert.equal(store.stats().commits, 0, 'nothing is remembered');
    });

    test(`${action} in shadow mode lets pass, and says what it would have said`, async (t) => {
      const rule = createRule({ action, settings: { ...settings, mode: 'shadow' } });
      const { rcpt, logger } = createRuledRig(t, { rules: [rule] });
      const session = openClientSession();
      beginMail(session);
      assert.equal(await rcpt(session), 'continue');
      const [decision] = logger.decisions;
      assert.deepEqual([decision?.verdict, decision?.would], ['accept', action]);
    });
  }

  test('is not asked about what passes anyway', async (t) => {
    const condition = createCondition('yes');
    const rule = createRule({ action: 'reject', when: [condition] });
    const { rcpt } = createRuledRig(t, { rules: [rule] }, 'trusted=["192.0.2.0/24"]');
    const session = openClientSession();
    beginMail(session);
    assert.equal(await rcpt(session), 'continue');
    assert.equal(condition.asked(), 0);
  });

  test('greylist with its own delay, code, text and name', async (t) => {
    const rule = createRule({
      name: 'longer',
      action: 'greylist',
      settings: {
        delayMs: 30 * minute,
        code: 450,
        enhanced: '4.2.0',
        text: template('wait {wait}'),
      },
    });
    const { rcpt, clock, logger } = createRuledRig(t, { rules: [rule] });
    const session = openClientSession();
    beginMail(session);
    assert.equal(await rcpt(session), '450 4.2.0 wait 1800');
    clock.advance(29 * minute);
    beginMail(session);
    assert.equal(await rcpt(session), '450 4.2.0 wait 60');
    clock.advance(minute);
    beginMail(session);
    assert.equal(await rcpt(session), 'continue');
    assert.deepEqual(
      logger.decisions.map(({ reason, rule: name }) => [reason, name]),
      [
        ['greylist-new', 'longer'],
        ['greylist-early', 'longer'],
        ['greylist-passed', 'longer'],
      ],
    );
  });

  test('a delay that grows while the client waits takes effect', async (t) => {
    let isListed = false;
    const listed = { ...createCondition('yes'), test: () => (isListed ? 'yes' : 'no') } as const;
    const rule = createRule({
      action: 'greylist',
      when: [listed],
      settings: { delayMs: 30 * minute },
    });
    const { rcpt, clock } = createRuledRig(t, { rules: [rule] });
    const session = openClientSession();
    beginMail(session);
    assert.match(await rcpt(session), /in 180 seconds/);
    clock.advance(5 * minute);
    isListed = true;
    beginMail(session);
    assert.match(await rcpt(session), /in 1500 seconds/);
  });

  test('`stage: data` holds its recipients only', async (t) => {
    const rule = createRule({
      action: 'greylist',
      when: [recipientIs('late@example.org')],
      settings: { stage: 'data' },
    });
    const { rcpt, answers } = createRuledRig(t, { rules: [rule] });
    const session = openClientSession();
    beginMail(session);
    assert.equal(await rcpt(session, 'late@example.org'), 'continue');
    assert.match(await rcpt(session, 'bob@example.org'), /^451/);
    assert.match(textOf(await answers.data(session, createContext())), /^451/);
  });

  test('recipients are judged one by one, also when a lookup takes its time', async (t) => {
    const slow: Condition = {
      ...createCondition('yes', 'lookup'),
      test: async ({ facts }) => {
        await new Promise(setImmediate);
        return facts.attempt.recipient.text === 'a@example.org' ? ('yes' as const) : 'no';
      },
    };
    const rule = createRule({ action: 'reject', when: [slow] });
    const { rcpt } = createRuledRig(t, { rules: [rule] });
    const session = openClientSession();
    beginMail(session);
    assert.match(await rcpt(session, 'a@example.org'), /^550/);
    assert.match(await rcpt(session, 'b@example.org'), /^451/);
  });

  test('a client that has gone meanwhile is not answered', async (t) => {
    const slow: Condition = {
      ...createCondition('yes', 'lookup'),
      test: async () => {
        await new Promise(setImmediate);
        return 'yes' as const;
      },
    };
    const { rcpt, logger } = createRuledRig(t, { rules: [createRule({ when: [slow] })] });
    const session = openClientSession();
    beginMail(session);
    const answer = rcpt(session);
    session.endMessage();
    assert.equal(await answer, 'continue');
    assert.deepEqual(logger.decisions, []);
  });

  test('a lookup beyond the limit follows store.on-failure, and its answer is not heard', (t) => {
    const never: Condition = {
      ...createCondition('yes', 'lookup'),
      test: () => new Promise(() => undefined),
    };
    const { rcpt, answers, logger } = createRuledRig(t, { rules: [createRule({ when: [never] })] });
    const session = openClientSession();
    beginMail(session);
    void rcpt(session);
    assert.equal(textOf(answers.late(session, 'rcpt')), 'continue');
    assert.equal(logger.decisions[0]?.reason, 'store-unavailable');
    logger.take('no answer within limits.answer');
  });
});

describe('the text of a rule', () => {
  test('may show what a condition has found', async (t) => {
    const listed: Condition = {
      ...createCondition('yes', 'lookup'),
      test: async ({ found }) => {
        await new Promise(setImmediate);
        found.set('dnsbl', 'zen.dnsbl.example');
        return 'yes' as const;
      },
    };
    for (const action of ['reject', 'tempfail', 'greylist'] as const) {
      const settings = { text: template('you are listed in {dnsbl}') };
      const { rcpt } = createRuledRig(t, {
        rules: [createRule({ action, when: [listed], settings })],
      });
      const session = openClientSession();
      beginMail(session);
      assert.match(await rcpt(session), /you are listed in zen\.dnsbl\.example$/);
    }
  });
});

describe('a discarded recipient', () => {
  const discardsSpam = createRule({ action: 'discard', when: [recipientIs('spam@example.org')] });
  const accepts = createRule();

  test('is taken off the message, which the others get', async (t) => {
    const { rcpt, answers } = createRuledRig(t, { rules: [discardsSpam, accepts] });
    const session = openClientSession();
    beginMail(session);
    await rcpt(session, 'spam@example.org');
    await rcpt(session, 'bob@example.org');
    const context = createEndOfMessage({}, ['addHeaders', 'deleteRecipients']);
    assert.equal(textOf(await answers.eom(session, context)), 'continue');
    assert.deepEqual(context.deleted, ['<spam@example.org>']);
  });

  test('is taken off by its mailbox: Postfix does not know the source route before it', async (t) => {
    const routed = '@relay.example:"spam"@example.org';
    const discards = createRule({ action: 'discard', when: [recipientIs(routed)] });
    const { rcpt, answers } = createRuledRig(t, { rules: [discards, accepts] });
    const session = openClientSession();
    beginMail(session);
    await rcpt(session, routed);
    await rcpt(session, 'bob@example.org');
    const context = createEndOfMessage({}, ['deleteRecipients']);
    assert.equal(textOf(await answers.eom(session, context)), 'continue');
    assert.deepEqual(context.deleted, ['<"spam"@example.org>']);
  });

  test('alone: the whole message goes', async (t) => {
    const { rcpt, answers } = createRuledRig(t, { rules: [discardsSpam] });
    const session = openClientSession();
    beginMail(session);
    await rcpt(session, 'spam@example.org');
    assert.equal(textOf(await answers.eom(session, createEndOfMessage())), 'discard');
  });

  test('next to one that was put off: the whole message goes, and the other comes again', async (t) => {
    const { rcpt, answers } = createRuledRig(t, { rules: [discardsSpam] });
    const session = openClientSession();
    beginMail(session);
    await rcpt(session, 'spam@example.org');
    assert.match(await rcpt(session, 'bob@example.org'), /^451/);
    assert.equal(textOf(await answers.eom(session, createEndOfMessage())), 'discard');
  });

  test('of an MTA that cannot do that gets the message, and the log says so', async (t) => {
    const { rcpt, answers, logger } = createRuledRig(t, { rules: [discardsSpam, accepts] });
    const session = openClientSession();
    beginMail(session);
    await rcpt(session, 'spam@example.org');
    await rcpt(session, 'bob@example.org');
    assert.equal(textOf(await answers.eom(session, createEndOfMessage())), 'continue');
    logger.take('the MTA does not let us take a recipient off the message: it passes');
  });
});

describe('header fields of rules', () => {
  test('are added once, for the recipients that get the message', async (t) => {
    const field = headerField('X-Rule', 'yes');
    const { rcpt, answers } = createRuledRig(t, {
      rules: [
        createRule({
          action: 'greylist',
          when: [recipientIs('late@example.org')],
          settings: { headers: [headerField('X-Late', 'no')] },
        }),
        createRule({ settings: { headers: [field] } }),
      ],
    });
    const session = openClientSession();
    beginMail(session);
    for (const name of ['a', 'b', 'late']) await rcpt(session, `${name}@example.org`);
    const context = createEndOfMessage();
    await answers.eom(session, context);
    assert.deepEqual(context.headers, ['X-Rule: yes']);
  });
});

describe('a rule for the message', () => {
  const pass = createRule({ name: 'pass' });
  const subject: Condition = {
    ...createCondition('yes'),
    test: ({ facts }) =>
      facts.message?.headers.some(([name, value]) => name === 'Subject' && value === 'spam') ===
      true
        ? 'yes'
        : 'no',
  };

  for (const [action, answer, quarantined] of [
    ['reject', '550 5.7.1 Mail refused', []],
    ['tempfail', '451 4.7.1 Please try again later', []],
    ['discard', 'discard', []],
    ['quarantine', 'continue', ['no spam']],
    ['accept', 'continue', []],
  ] as const) {
    test(`${action}: ${answer}`, async (t) => {
      const messageRules = [createRule({ name: 'no spam', action, when: [subject] })];
      const { rcpt, answers, logger } = createRuledRig(t, { rules: [pass], messageRules });
      for (const [value, expected, held] of [
        ['spam', answer, quarantined],
        ['hello', 'continue', []],
      ] as const) {
        const session = openClientSession();
        beginMail(session);
        await rcpt(session);
        session.header({ name: 'Subject', value });
        const context = createEndOfMessage({}, ['addHeaders', 'quarantine']);
        assert.equal(textOf(await answers.eom(session, context)), expected);
        assert.deepEqual(context.quarantined, held);
      }
      const said = logger.decisions.filter(({ stage }) => stage === 'eom');
      assert.deepEqual(
        said.map(({ verdict, rule }) => [verdict, rule]),
        action === 'accept' ? [] : [[action, 'no spam']],
      );
    });
  }

  test('quarantine: the text of the rule says why', async (t) => {
    const settings = { text: template('Spam for {to}') };
    const messageRules = [createRule({ action: 'quarantine', when: [subject], settings })];
    const { rcpt, answers } = createRuledRig(t, { rules: [pass], messageRules });
    const session = openClientSession();
    beginMail(session);
    await rcpt(session);
    session.header({ name: 'Subject', value: 'spam' });
    const context = createEndOfMessage({}, ['quarantine']);
    await answers.eom(session, context);
    assert.deepEqual(context.quarantined, ['Spam for bob@example.org']);
  });

  test('counts the bytes of header and body', async (t) => {
    let seen: number | undefined;
    const size: Condition = {
      ...createCondition('yes'),
      test: ({ facts }) => {
        seen = facts.message?.bytes;
        return 'no';
      },
    };
    const { rcpt, answers } = createRuledRig(t, {
      rules: [pass],
      messageRules: [createRule({ when: [size] })],
    });
    const session = openClientSession();
    beginMail(session);
    await rcpt(session);
    session.header({ name: 'Subject', value: 'hello' });
    session.body({ chunk: Buffer.from('12345\r\n') });
    session.body({ chunk: Buffer.from('6\r\n') });
    await answers.eom(session, createEndOfMessage());
    assert.equal(seen, 'Subject: hello\r\n'.length + 10);
  });

  test('in shadow mode lets pass', async (t) => {
    const rule = createRule({ action: 'reject', settings: { mode: 'shadow' } });
    const { rcpt, answers, logger } = createRuledRig(t, { rules: [pass], messageRules: [rule] });
    const session = openClientSession();
    beginMail(session);
    await rcpt(session);
    assert.equal(textOf(await answers.eom(session, createEndOfMessage())), 'continue');
    const [, decision] = logger.decisions;
    assert.deepEqual([decision?.verdict, decision?.would], ['accept', 'reject']);
  });

  test('is not asked where every recipient was refused', async (t) => {
    const condition = createCondition('yes');
    const messageRules = [createRule({ action: 'reject', when: [condition] })];
    const { rcpt, answers } = createRuledRig(t, { messageRules });
    const session = openClientSession();
    beginMail(session);
    assert.match(await rcpt(session), /^451/);
    assert.equal(textOf(await answers.eom(session, createEndOfMessage())), 'continue');
    assert.equal(condition.asked(), 0);
  });
});
