import type { Mapping } from './placed.js';
import type { Comparison, Operator } from './syntax.js';
import { block, constant } from './test.js';
import type { Test } from './test.js';

/** How an operator is written here. */
const WAYS: Readonly<Record<Operator, string>> = {
  '>': 'over',
  '>=': 'at-least',
  '<': 'under',
  '<=': 'up-to',
  '==': 'is',
  '!=': 'is-not',
};

/** A comparison with a number or with a property. */
export function comparisonOf({ operator, operand }: Comparison): Mapping {
  const way = WAYS[operator];
  if (operand.kind === 'number') return { [way]: operand.value };
  return { [way]: `{property:${operand.name}}` };
}

/** What is counted, in our words, and the largest number that we compare it with. */
export interface Counted {
  readonly condition: string;
  readonly most: number;
  /** How it is counted, where that has to be said. */
  readonly how?: Mapping;
}

/** Whether a count is as it should be. It is never below zero, nor above what we compare it with. */
export function compareCount(comparison: Comparison, { condition, most, how }: Counted): Test {
  const { operator, operand } = comparison;
  const number = operand.kind === 'number' ? operand.value : 0;
  if (number >= 0 && number <= most) {
    return block({ [condition]: { ...comparisonOf(comparison), ...how } });
  }
  const holds = number < 0 ? ['>', '>=', '!='] : ['<', '<=', '!='];
  return constant(holds.includes(operator), `nothing counts up to ${number}`);
}
