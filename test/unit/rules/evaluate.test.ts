import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evaluateRules, type Trail } from '../../../src/rules/evaluate.js';
import type { Condition, Truth } from '../../../src/rules/condition.js';
import type { Rule, Ruling } from '../../../src/rules/rule.js';
import {
  createCondition,
  createEvaluation,
  createRule,
  headerField,
} from '../../support/rule-parts.js';

/** What is decided, however long it takes. */
async function decide(...rules: readonly Rule[]): Promise<Ruling> {
  return await evaluateRules(rules, createEvaluation());
}

const yes = (): ReturnType<typeof createCondition> => createCondition('yes');
const no = (): ReturnType<typeof createCondition> => createCondition('no');

describe('evaluateRules', () => {
  test('without rules everybody is greylisted, at once', () => {
    const ruling = evaluateRules([], createEvaluation());
    assert.deepEqual(ruling, { action: 'greylist', rule: undefined, settings: {} });
  });

  test('the first rule that matches decides', async () => {
    const second = createRule({ name: 'second', action: 'reject', when: [yes()] });
    const { rule, action } = await decide(
      createRule({ when: [no()] }),
      second,
      createRule({ name: 'third' }),
    );
    assert.equal(rule, second);
    assert.equal(action, 'reject');
  });

  test('all conditions of a rule must hold', async () => {
    assert.equal((await decide(createRule({ when: [yes(), no()] }))).action, 'greylist');
    assert.equal((await decide(createRule({ when: [yes(), yes()] }))).action, 'accept');
  });

  test('`unless` keeps a rule from matching only if all of it holds', async () => {
    assert.equal((await decide(createRule({ unless: [yes(), no()] }))).action, 'accept');
    assert.equal((await decide(createRule({ unless: [yes(), yes()] }))).action, 'greylist');
  });

  test('`continue` leaves its settings to whatever decides, which goes before', async () => {
    const { action, settings } = await decide(
      createRule({ action: 'continue', settings: { delayMs: 1, retryWindowMs: 2 } }),
      createRule({ action: 'continue', when: [no()], settings: { delayMs: 9 } }),
      createRule({ action: 'greylist', settings: { delayMs: 3, code: 450 } }),
    );
    assert.equal(action, 'greylist');
    assert.deepEqual(settings, { delayMs: 3, retryWindowMs: 2, code: 450 });
  });

  test('header fields of several rules are all added; of the same name the last', async () => {
    const adding = (...fields: (readonly [string, string])[]) => ({
      settings: { headers: fields.map((field) => headerField(...field)) },
    });
    const { settings } = await decide(
      createRule({ action: 'continue', ...adding(['X-A', '1'], ['X-B', '1']) }),
      createRule({ action: 'continue', settings: { delayMs: 1 } }),
      createRule({ action: 'accept', ...adding(['x-b', '2'], ['X-C', '2']) }),
    );
    assert.deepEqual(settings, {
      delayMs: 1,
      headers: [headerField('X-A', '1'), headerField('x-b', '2'), headerField('X-C', '2')],
    });
  });

  test('header fields of earlier rules can be taken away again', async () => {
    const first = createRule({
      action: 'continue',
      settings: { headers: [headerField('X-A', '1'), headerField('X-B', '1')] },
    });
    const without = await decide(
      first,
      createRule({ action: 'accept', settings: { withoutHeaders: ['x-a'] } }),
    );
    assert.deepEqual(without.settings.headers, [headerField('X-B', '1')]);
    const instead = await decide(
      first,
      createRule({
        action: 'accept',
        settings: { headers: [headerField('X-C', '2')], withoutHeaders: ['x-a', 'x-b'] },
      }),
    );
    assert.deepEqual(instead.settings.headers, [headerField('X-C', '2')]);
  });

  test('the same rules come to the very same settings, so that nothing is derived twice', async () => {
    const rules = [
      createRule({ action: 'continue', settings: { delayMs: 1 } }),
      createRule({ action: 'continue', settings: { code: 450 } }),
      createRule({ action: 'greylist', settings: { retryWindowMs: 3 } }),
    ];
    assert.equal((await decide(...rules)).settings, (await decide(...rules)).settings);
  });

  test('`continue` as the last rule counts for those that nothing matches', async () => {
    const ruling = await decide(createRule({ action: 'continue', settings: { delayMs: 5 } }));
    assert.deepEqual(ruling, { action: 'greylist', rule: undefined, settings: { delayMs: 5 } });
  });

  test('nobody is asked outside if the rest of a rule says no, or an earlier rule decides', async () => {
    const asked = [
      createCondition('yes', 'lookup'),
      createCondition('yes', 'lookup'),
      createCondition('yes', 'lookup'),
    ];
    const [first, second, third] = asked;
    assert.ok(first && second && third);
    await decide(
      createRule({ when: [first, no()] }),
      createRule({ when: [second], unless: [yes()] }),
      createRule(),
      createRule({ when: [third] }),
    );
    assert.deepEqual(
      asked.map((condition) => condition.asked()),
      [0, 0, 0],
    );
  });

  test('an `unless` that cannot hold any more asks nobody', async () => {
    const lookup = createCondition('yes', 'lookup');
    assert.equal((await decide(createRule({ unless: [lookup, no()] }))).action, 'accept');
    assert.equal(lookup.asked(), 0);
  });

  for (const side of ['when', 'unless'] as const) {
    test(`an unknown condition in \`${side}\` makes the rule not match`, async () => {
      const unknown = createRule({ [side]: [createCondition('unknown', 'lookup')] });
      assert.equal((await decide(unknown)).action, 'greylist');
    });

    test(`on-unknown decides about an unknown condition in \`${side}\``, async () => {
      const conditions = { [side]: [createCondition('unknown', 'lookup')] };
      const matching = createRule({ ...conditions, onUnknown: 'match', action: 'reject' });
      assert.equal((await decide(matching)).action, 'reject');
      const deferring = createRule({
        ...conditions,
        onUnknown: 'tempfail',
        settings: { code: 550 },
      });
      const { action, rule, settings } = await decide(deferring);
      assert.deepEqual([action, rule, settings], ['tempfail', deferring, {}]);
    });
  }

  test('a lookup that says no outweighs one that says nothing', async () => {
    const rule = createRule({
      when: [createCondition('unknown', 'lookup'), createCondition('no', 'lookup')],
      onUnknown: 'match',
    });
    assert.equal((await decide(rule)).action, 'greylist');
  });

  describe('what counts is asked last,', () => {
    const counting = (truth: 'yes' | 'no' = 'yes') => ({
      ...createCondition(truth),
      isCounting: true,
    });
    const lookup = (truth: Truth) => createCondition(truth, 'lookup');

    for (const [what, rule] of Object.entries({
      'a lookup': { when: [lookup('no')] },
      'a lookup without an answer': { when: [lookup('unknown')] },
      'a free condition behind it': { when: [no()] },
      'an `unless`': { unless: [yes()] },
      'a lookup of an `unless`': { unless: [lookup('yes')] },
      'a lookup of an `unless` without an answer': { unless: [lookup('unknown')] },
    })) {
      test(`and not if ${what} says no`, async () => {
        const condition = counting();
        const { when = [], ...rest } = { unless: [], ...rule };
        const { action } = await decide(createRule({ when: [condition, ...when], ...rest }));
        assert.deepEqual([action, condition.asked()], ['greylist', 0]);
      });
    }

    for (const others of [
      { when: [] },
      { when: [yes()], unless: [no()] },
      { when: [lookup('yes')], unless: [lookup('no')] },
    ]) {
      for (const truth of ['yes', 'no'] as const) {
        test(`and decides with ${truth} if all else holds: ${JSON.stringify(others)}`, async () => {
          const condition = counting(truth);
          const rule = createRule({ ...others, when: [condition, ...others.when] });
          const expected = truth === 'yes' ? 'accept' : 'greylist';
          assert.equal((await decide(rule)).action, expected);
          assert.equal(condition.asked(), 1);
        });
      }
    }

    test('and only of those whom the rule would match otherwise, in an `unless`', async () => {
      for (const others of [[yes()], [lookup('yes')]]) {
        const [often, seldom, unasked] = [counting('yes'), counting('no'), counting('yes')];
        const unless = (condition: Condition) => createRule({ unless: [condition, ...others] });
        assert.equal((await decide(unless(often))).action, 'greylist');
        assert.equal((await decide(unless(seldom))).action, 'accept');
        const elsewhere = { ...unless(unasked), when: [lookup('no')] };
        assert.equal((await decide(elsewhere)).action, 'greylist');
        assert.deepEqual([often.asked(), seldom.asked(), unasked.asked()], [1, 1, 0]);
      }
    });

    test('and waited for if it asks outside as well', async () => {
      const [first, second] = [counting('yes'), counting('yes')];
      const outside = { ...lookup('yes'), isCounting: true };
      const rule = createRule({ when: [first, outside, second], action: 'reject' });
      assert.equal((await decide(rule)).action, 'reject');
      const stopped = createRule({ when: [first, { ...lookup('no'), isCounting: true }, second] });
      assert.equal((await decide(stopped)).action, 'greylist');
      assert.deepEqual([first.asked(), second.asked()], [2, 1]);
    });

    test('at once where nobody is asked outside', () => {
      const rules = [createRule({ when: [counting(), yes()], unless: [counting('no')] })];
      assert.ok(!(evaluateRules(rules, createEvaluation()) instanceof Promise));
    });
  });

  test('the lookups of a rule are asked together', async () => {
    let waiting = 0;
    let most = 0;
    const slow = {
      ...createCondition('yes', 'lookup'),
      test: async () => {
        most = Math.max(most, ++waiting);
        await new Promise(setImmediate);
        waiting--;
        return 'yes' as const;
      },
    };
    await decide(
      createRule({ when: [slow, slow], unless: [slow, createCondition('no', 'lookup')] }),
    );
    assert.equal(most, 3);
  });

  test('without lookups there is no promise', () => {
    const rules = [createRule({ when: [no()] }), createRule({ when: [yes()], unless: [no()] })];
    assert.ok(!(evaluateRules(rules, createEvaluation()) instanceof Promise));
  });

  test('the trail hears of every rule up to the one that decides, and of what was found', async () => {
    const heard: string[] = [];
    const trail: Trail = {
      rule: ({ name }) => heard.push(name),
      note: (condition, finding) => heard.push(`${condition.name}: ${finding}`),
      condition: (condition, side, truth) => heard.push(`${side} ${condition.name} ${truth}`),
      outcome: (rule, match) => heard.push(`${rule.name}: ${match}`),
    };
    const telling = {
      ...createCondition('yes'),
      test: ({ note }: { note?: (finding: string) => void }) => {
        note?.('it is there');
        return 'yes' as const;
      },
    };
    const rules = [
      createRule({ name: 'one', when: [no()] }),
      createRule({ name: 'two', when: [telling], unless: [createCondition('no', 'lookup')] }),
      createRule({ name: 'three' }),
    ];
    await evaluateRules(rules, createEvaluation(), trail);
    assert.deepEqual(heard, [
      'one',
      'when free no',
      'one: no-match',
      'two',
      'free: it is there',
      'when free yes',
      'unless lookup no',
      'two: match',
    ]);
  });
});

test('a rule does at once what it does beside its verdict, and only if it matches', async () => {
  const done: string[] = [];
  const effect = (word: string) => [() => void done.push(word)];
  await evaluateRules(
    [
      createRule({ action: 'continue', effects: effect('first') }),
      createRule({ action: 'accept', when: [createCondition('no')], effects: effect('never') }),
      createRule({ action: 'accept', effects: effect('last') }),
      createRule({ action: 'accept', effects: effect('not asked') }),
    ],
    createEvaluation(),
  );
  assert.deepEqual(done, ['first', 'last']);
});
