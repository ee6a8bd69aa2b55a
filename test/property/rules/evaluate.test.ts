import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Condition, Truth } from '../../../src/rules/condition.js';
import { evaluateRules } from '../../../src/rules/evaluate.js';
import type { Rule, RuleSettings } from '../../../src/rules/rule.js';
import { createCondition, createEvaluation, createRule } from '../../support/rule-parts.js';
import { fc } from '../../support/properties.js';

interface Written {
  readonly truth: Truth;
  readonly kind: 'free' | 'cached' | 'lookup';
}

const written: fc.Arbitrary<Written> = fc.oneof(
  fc.record({ truth: fc.constantFrom<Truth>('yes', 'no'), kind: fc.constant('free' as const) }),
  fc.record({
    truth: fc.constantFrom<Truth>('yes', 'no', 'unknown'),
    kind: fc.constantFrom('cached' as const, 'lookup' as const),
  }),
);

const rules = fc.array(
  fc.record({
    when: fc.array(written, { maxLength: 3 }),
    unless: fc.array(written, { maxLength: 3 }),
    onUnknown: fc.constantFrom('no-match' as const, 'match' as const, 'tempfail' as const),
    action: fc.constantFrom('accept' as const, 'reject' as const, 'continue' as const),
    delayMs: fc.nat(),
  }),
  { maxLength: 5 },
);

/** What the manual says, as plainly as it can be said. */
function expected(all: readonly Rule[], truths: ReadonlyMap<Condition, Truth>): string {
  const every = (side: readonly Condition[]): Truth => {
    const found = side.map((condition) => truths.get(condition));
    if (found.includes('no')) return 'no';
    return found.includes('unknown') ? 'unknown' : 'yes';
  };
  let settings: RuleSettings = {};
  for (const rule of all) {
    const when = every(rule.when);
    const unless = rule.unless.length === 0 ? 'no' : every(rule.unless);
    if (when === 'no' || unless === 'yes') continue;
    const isKnown = when === 'yes' && unless === 'no';
    if (!isKnown && rule.onUnknown === 'no-match') continue;
    if (!isKnown && rule.onUnknown === 'tempfail') return 'tempfail {}';
    settings = { ...settings, ...rule.settings };
    if (rule.action !== 'continue') return `${rule.action} ${JSON.stringify(settings)}`;
  }
  return `greylist ${JSON.stringify(settings)}`;
}

describe('evaluateRules', () => {
  test('decides as the manual says, whichever conditions have to be looked up', async () => {
    await fc.assert(
      fc.asyncProperty(rules, async (given) => {
        const truths = new Map<Condition, Truth>();
        const make = ({ truth, kind }: Written): Condition => {
          const condition = createCondition(truth, kind);
          truths.set(condition, truth);
          return condition;
        };
        const all = given.map(({ when, unless, onUnknown, action, delayMs }) =>
          createRule({
            when: when.map(make),
            unless: unless.map(make),
            onUnknown,
            action,
            settings: { delayMs },
          }),
        );
        const { action, settings } = await evaluateRules(all, createEvaluation());
        assert.equal(`${action} ${JSON.stringify(settings)}`, expected(all, truths));
      }),
      { numRuns: 500 },
    );
  });
});
