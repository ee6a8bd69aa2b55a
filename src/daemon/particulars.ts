import type { Clause, Particulars } from '../greylist/particulars.js';
import type { Rule, Ruling } from '../rules/rule.js';

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
      ...rule.when.map(({ name }) => ({ kind: name, isNegated: false })),
      ...rule.unless.map(({ name }) => ({ kind: name, isNegated: true })),
    ];
    known.set(rule, clauses);
  }
  return clauses;
}
