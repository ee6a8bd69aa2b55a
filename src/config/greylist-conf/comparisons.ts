import type { Mapping } from './placed.js';
import type { Comparison, Operator } from './syntax.js';

/** How an operator is written here. */
const WAYS: Readonly<Record<Operator, string>> = {
  '>': 'over',
  '>=': 'at-least',
  '<': 'under',
  '<=': 'up-to',
  '==': 'is',
  '!=': 'is-not',
};

/**
 * A comparison with a number or with a property.
 *
 * @param shift what is added to the number, where something is counted from another end
 */
export function comparisonOf({ operator, operand }: Comparison, shift = 0): Mapping {
  const way = WAYS[operator];
  if (operand.kind === 'number') return { [way]: operand.value + shift };
  return { [way]: `{property:${operand.name}}` };
}
