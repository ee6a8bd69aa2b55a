import type { Parsed } from '../config/parsed.js';
import type { PlainTemplate } from '../greylist/text-template.js';
import type { Evaluation } from './condition.js';
/** A number that is written, or one that a text comes to: `{property:limit}`. */
export type Operand = number | PlainTemplate;
/** Reads a text that comes to a number. */
export declare function parseOperandTemplate(text: string): Parsed<PlainTemplate>;
/** The number; 0 where a text comes to none. */
export declare function valueOfOperand(operand: Operand, { texts }: Pick<Evaluation, 'texts'>): number;
