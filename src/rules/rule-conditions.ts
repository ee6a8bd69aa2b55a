import type { Condition } from './condition.js';
import type { Rule } from './rule.js';

/** All conditions of a rule, those included that stand within others. */
export function conditionsIn({
  when,
  unless,
}: Pick<Rule, 'when' | 'unless'>): readonly Condition[] {
  return [...when, ...unless].flatMap((condition) => [condition, ...(condition.parts ?? [])]);
}
