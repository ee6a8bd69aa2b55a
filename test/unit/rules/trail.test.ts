import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Condition, Truth } from '../../../src/rules/condition.js';
import { evaluateRules } from '../../../src/rules/evaluate.js';
import type { Rule } from '../../../src/rules/rule.js';
import { describeTrail, TrailRecorder, type RuleTrace } from '../../../src/rules/trail.js';
import { createEvaluation, createRule } from '../../support/rule-parts.js';

/** A condition that says what it finds. */
function finds(truth: Truth, name = 'client', isLookup = false): Condition {
  return {
    name,
    isLookup,
    test: ({ note }) => {
      note?.(`${name} is ${truth}`);
      return isLookup ? Promise.resolve(truth) : truth;
    },
  };
}

async function trace(...rules: readonly Rule[]): Promise<readonly RuleTrace[]> {
  const recorder = new TrailRecorder();
  await evaluateRules(rules, createEvaluation(), recorder);
  return recorder.traces(rules);
}

function obstacles([first]: readonly RuleTrace[]): readonly string[] {
  return first?.obstacles.map(({ side, name }) => `${side} ${name}`) ?? [];
}

describe('the trail of an evaluation', () => {
  test('has each rule with what its conditions found, asked or not', async () => {
    const first = createRule({ name: 'one', when: [finds('no'), finds('yes', 'helo')] });
    const second = createRule({ name: 'two', unless: [finds('no', 'login')] });
    const third = createRule({ name: 'three', when: [finds('yes')] });
    const traces = await trace(first, second, third);
    assert.deepEqual(
      traces.map(({ rule, match }) => [rule.name, match]),
      [
        ['one', 'no-match'],
        ['two', 'match'],
        ['three', undefined],
      ],
    );
    assert.deepEqual(traces[0]?.conditions, [
      { name: 'client', side: 'when', truth: 'no', findings: ['client is no'] },
      { name: 'helo', side: 'when', truth: undefined, findings: [] },
    ]);
    assert.deepEqual(traces[1]?.conditions, [
      { name: 'login', side: 'unless', truth: 'no', findings: ['login is no'] },
    ]);
    assert.deepEqual(traces[2]?.conditions, [
      { name: 'client', side: 'when', truth: undefined, findings: [] },
    ]);
  });

  test('keeps lookups that are under way together apart', async () => {
    const spf = finds('yes', 'spf', true);
    const dnsbl = finds('no', 'dnsbl', true);
    const [only] = await trace(createRule({ when: [spf, dnsbl] }));
    assert.deepEqual(
      only?.conditions.map(({ name, truth, findings }) => [name, truth, ...findings]),
      [
        ['spf', 'yes', 'spf is yes'],
        ['dnsbl', 'no', 'dnsbl is no'],
      ],
    );
  });

  test('names what kept a rule from matching', async () => {
    const yes = finds('yes');
    assert.deepEqual(obstacles(await trace(createRule({ when: [yes] }))), []);
    assert.deepEqual(obstacles(await trace(createRule({ when: [yes, finds('no', 'helo')] }))), [
      'when helo',
    ]);
    const exceptTwo = createRule({ when: [yes], unless: [yes, finds('yes', 'helo')] });
    assert.deepEqual(obstacles(await trace(exceptTwo)), ['unless client', 'unless helo']);
    const unknown = createRule({ when: [yes, finds('unknown', 'spf', true)] });
    assert.deepEqual(obstacles(await trace(unknown)), ['when spf']);
    const putOff = createRule({ when: [finds('unknown', 'spf', true)], onUnknown: 'tempfail' });
    assert.deepEqual(obstacles(await trace(putOff)), ['when spf']);
  });
});

describe('a trail in one line', () => {
  test('says of each rule that was asked what decided about it', async () => {
    const traces = await trace(
      createRule({ name: 'one', when: [finds('no')] }),
      createRule({ name: 'two', when: [finds('unknown', 'spf', true)] }),
      createRule({ name: 'three', when: [finds('yes', 'helo')], unless: [finds('no', 'login')] }),
      createRule({ name: 'four' }),
    );
    assert.equal(
      describeTrail(traces),
      'one [greymilter.yaml:1] does not match (client: client is no); ' +
        'two [greymilter.yaml:1] does not match (spf: spf is unknown); ' +
        'three [greymilter.yaml:1] matches (helo: helo is yes, unless login: login is no)',
    );
  });

  test('says so where it cannot be known, where nothing is said, and of everybody', async () => {
    const silent: Condition = { name: 'spf', isLookup: true, test: () => 'unknown' };
    const putOff = createRule({ name: 'a', when: [silent], onUnknown: 'tempfail' });
    assert.equal(
      describeTrail(await trace(putOff)),
      'a [greymilter.yaml:1] cannot be known (spf: unknown)',
    );
    assert.equal(describeTrail(await trace(createRule())), 'a rule [greymilter.yaml:1] matches');
    assert.equal(describeTrail([]), '');
  });

  test('is bounded; the rule that decides stays', async () => {
    const rules = Array.from({ length: 50 }, (_, index) =>
      createRule({ name: `rule ${index + 1}`, when: [finds('no')] }),
    );
    const line = describeTrail(await trace(...rules, createRule({ name: 'last' })), 300);
    assert.ok(line.length < 350, line);
    assert.match(
      line,
      /^\d+ rules that do not decide; rule \d+ .*; last \[greymilter\.yaml:1\] matches$/,
    );
    const long = createRule({ name: 'x'.repeat(500) });
    assert.equal(describeTrail(await trace(long), 100).length, 100);
  });
});
