import type { Clause, Particulars } from '../../greylist/particulars.js';
import type { Condition } from '../../rules/condition.js';
import type { Rule, Ruling } from '../../rules/rule.js';

const known = new WeakMap<Rule, readonly Clause[]>();

/** What milter-greylist's words need to know of a ruling. */
export function particularsOf(ruling: Ruling | undefined): Particulars {
  const rule = ruling?.rule;
  return {
    clauses: rule === undefined ? [] : clausesOf(rule),
    country: ruling?.found?.get('country'),
  };
}

/** The same list for the same rule. */
function clausesOf(rule: Rule): readonly Clause[] {
  let clauses = known.get(rule);
  if (clauses === undefined) {
    clauses = [
      ...rule.when.flatMap((condition) => clausesIn(condition, false)),
      ...rule.unless.flatMap((condition) => clausesIn(condition, true)),
    ];
    known.set(rule, clauses);
  }
  return clauses;
}

/** What stands for several is those. */
function clausesIn(condition: Condition, isException: boolean): readonly Clause[] {
  return (condition.parts ?? [condition]).map(({ name, isNegated = false }) => ({
    kind: name,
    isNegated: isNegated !== isException,
  }));
}
