import type { Mapping } from './placed.js';
import type { Comparison } from './syntax.js';
/**
 * A comparison with a number or with a property.
 *
 * @param shift what is added to the number, where something is counted from another end
 */
export declare function comparisonOf({ operator, operand }: Comparison, shift?: number): Mapping;
