import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { EarlyAnswers, type EarlyQuestion } from '../../../../src/daemon/answers/early-answers.js';
import { milterForm } from '../../../../src/daemon/milter/milter-form.js';
import { createMilterFilter } from '../../../../src/daemon/milter/milter-filter.js';
import { RuleJudge, type RuleDependencies } from '../../../../src/daemon/answers/rule-judge.js';
import type { Condition } from '../../../../src/rules/condition.js';
import {
  createAttempt,
  createCondition,
  createRule,
  headerField,
} from '../../../support/rule-parts.js';
import { createContext } from '../fake-context.js';
import { createRuledRig, openClientSession, textOf } from '../filter-rig.js';

function question(): EarlyQuestion {
  const context = createContext();
  const attempt = openClientSession().earlyAttempt(context);
  return { attempt, context, isGone: () => false };
}

describe('an answer before RCPT', () => {
  for (const stage of ['connect', 'helo', 'mail'] as const) {
    test(`at ${stage}, where a rule says so`, async (t) => {
      const rule = createRule({
        name: 'early',
        action: 'reject',
        decidableAt: 'connect',
        settings: { stage },
      });
      const { policy, dependencies, logger } = createRuledRig(t, { rules: [rule] });
      const early = new EarlyAnswers(policy, dependencies, milterForm);
      assert.deepEqual(
        (['connect', 'helo', 'mail'] as const).filter((at) => early.answersAt(at)),
        [stage],
      );
      const answer = await early.answer(stage, question());
      assert.equal(textOf(answer), '550 5.7.1 Mail refused');
      const [decision] = logger.decisions;
      assert.deepEqual([decision?.stage, decision?.rule], [stage, 'early']);
    });
  }

  test('a rule before it that accepts goes first, if it can be answered by then', async (t) => {
    const refuse = createRule({
      action: 'reject',
      decidableAt: 'connect',
      settings: { stage: 'connect' },
    });
    for (const [decidableAt, expected] of [
      ['connect', 'continue'],
      ['rcpt', '550 5.7.1 Mail refused'],
    ] as const) {
      const rules = [createRule({ decidableAt }), refuse];
      const { policy, dependencies } = createRuledRig(t, { rules });
      const early = new EarlyAnswers(policy, dependencies, milterForm);
      const answer = await early.answer('connect', question());
      assert.equal(textOf(answer), expected);
    }
  });

  test('only tempfail and reject are said; what else a rule does is done at RCPT', async (t) => {
    for (const action of ['accept', 'greylist', 'discard'] as const) {
      const rule = createRule({ action, decidableAt: 'connect', settings: { stage: 'connect' } });
      const { policy, dependencies, logger } = createRuledRig(t, { rules: [rule] });
      const early = new EarlyAnswers(policy, dependencies, milterForm);
      const answer = await early.answer('connect', question());
      assert.equal(textOf(answer), 'continue');
      assert.deepEqual(logger.decisions, []);
    }
  });

  test('in shadow mode nothing is said', async (t) => {
    const rule = createRule({
      action: 'tempfail',
      decidableAt: 'connect',
      settings: { stage: 'helo', mode: 'shadow' },
    });
    const { policy, dependencies, logger } = createRuledRig(t, { rules: [rule] });
    const early = new EarlyAnswers(policy, dependencies, milterForm);
    const answer = await early.answer('helo', question());
    assert.equal(textOf(answer), 'continue');
    assert.equal(logger.decisions[0]?.would, 'tempfail');
  });

  test('authenticated clients and trusted networks are not asked about', async (t) => {
    const condition = createCondition('yes');
    const rule = createRule({
      action: 'reject',
      when: [condition],
      decidableAt: 'connect',
      settings: { stage: 'connect' },
    });
    const { policy, dependencies } = createRuledRig(t, { rules: [rule] }, 'trusted=["192.0.2.1"]');
    const early = new EarlyAnswers(policy, dependencies, milterForm);
    const answer = await early.answer('connect', question());
    assert.equal(textOf(answer), 'continue');
    assert.equal(condition.asked(), 0);
  });
});

describe('rates', () => {
  test('are only asked before RCPT, and counted there', async (t) => {
    const heard: (number | undefined)[] = [];
    const rate: Condition = {
      ...createCondition('yes'),
      test: ({ rates }) => (rates.hit('key', 1000, 0) > 5 ? 'yes' : 'no'),
    };
    const rules = [
      createRule({ when: [rate], decidableAt: 'connect', settings: { stage: 'connect' } }),
    ];
    const { policy, dependencies } = createRuledRig(t, { rules });
    const counting: RuleDependencies = {
      ...dependencies,
      rates: { hit: (_key, _windowMs, _now, times) => heard.push(times) },
    };
    const judge = new RuleJudge(policy, counting);
    const attempt = createAttempt();
    const submission = { attempt, recipientsBefore: 0, context: createContext() };
    await judge.atStage('connect', submission);
    await judge.ofRecipient(submission);
    assert.deepEqual(heard, [0, undefined]);
  });
});

describe('what a filter asks for because of its rules', () => {
  const usual = 'connect:object helo:object mail:object rcpt:function data:function eom:function';
  for (const [what, program, expected] of [
    ['none', {}, usual],
    ['at RCPT', { rules: [createRule()] }, usual],
    [
      'at CONNECT and MAIL',
      {
        rules: [
          createRule({ settings: { stage: 'connect' } }),
          createRule({ settings: { stage: 'mail' } }),
        ],
      },
      'connect:function helo:object mail:function rcpt:function data:function eom:function',
    ],
    [
      'headers',
      { needs: { macros: [], headers: true, body: false, text: false, rawHeaders: false } },
      usual.replace(' eom', ' header:object eom'),
    ],
    [
      'headers and size',
      { needs: { macros: [], headers: true, body: true, text: true, rawHeaders: false } },
      usual.replace(' eom', ' header:object body:object eom'),
    ],
  ] as const) {
    test(`${what}: the events`, (t) => {
      const { policy, dependencies } = createRuledRig(t, program);
      const filter = Object.entries(createMilterFilter(policy, dependencies));
      const events = ['connect', 'helo', 'mail', 'rcpt', 'data', 'header', 'eoh', 'body', 'eom'];
      const found = new Map(filter);
      const shown = events.flatMap((name) =>
        found.get(name) === undefined ? [] : [`${name}:${typeof found.get(name)}`],
      );
      assert.equal(shown.join(' '), expected);
    });
  }

  test('DATA, where only a rule answers there', (t) => {
    const rules = [createRule({ settings: { stage: 'data' } })];
    const { policy, dependencies } = createRuledRig(
      t,
      { rules },
      'greylist.probe-senders.stage=rcpt',
    );
    assert.equal(typeof createMilterFilter(policy, dependencies).data, 'function');
  });

  test('the actions that rules need', (t) => {
    const rules = [createRule({ action: 'discard' })];
    const messageRules = [createRule({ action: 'quarantine' })];
    const { policy, dependencies } = createRuledRig(
      t,
      { rules, messageRules },
      'greylist.header=never',
    );
    assert.deepEqual(createMilterFilter(policy, dependencies).actions, [
      'deleteRecipients',
      'quarantine',
    ]);
    const adding = createRuledRig(
      t,
      { rules: [createRule({ settings: { headers: [headerField('X', 'y')] } })] },
      'greylist.header=never',
    );
    assert.deepEqual(createMilterFilter(adding.policy, adding.dependencies).actions, [
      'addHeaders',
    ]);
  });

  test('the macros that rules name, on top of the usual ones', (t) => {
    const needs = {
      macros: ['{mine}', 'i', '{client_ptr}'],
      headers: false,
      body: false,
      text: false,
      rawHeaders: false,
    };
    const { policy, dependencies } = createRuledRig(t, { needs });
    const { macros = {} } = createMilterFilter(policy, dependencies);
    const without = createMilterFilter(createRuledRig(t, {}).policy, dependencies).macros ?? {};
    for (const stage of ['connect', 'helo', 'mail', 'rcpt', 'eoh', 'eom'] as const) {
      assert.deepEqual(macros[stage], [...(without[stage] ?? []), '{mine}']);
    }
  });
});
