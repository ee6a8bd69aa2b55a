import type { Parsed } from '../config/parsed.js';
import { parsePlainTemplate, renderPlainTemplate } from '../greylist/text-template.js';
import type { PlainTemplate } from '../greylist/text-template.js';
import type { Evaluation } from './condition.js';
import { leadingInteger } from './integer.js';

/** A number that is written, or one that a text comes to: `{property:limit}`. */
export type Operand = number | PlainTemplate;

/** Reads a text that comes to a number. */
export function parseOperandTemplate(text: string): Parsed<PlainTemplate> {
  const parsed = parsePlainTemplate(text);
  if ('problem' in parsed || parsed.ok.placeholders.length > 0) return parsed;
  return { problem: 'is no number', hint: "write a number, or as in '{property:limit}'" };
}

/** The number; 0 where a text comes to none. */
export function valueOfOperand(operand: Operand, { texts }: Pick<Evaluation, 'texts'>): number {
  if (typeof operand === 'number') return operand;
  return leadingInteger(renderPlainTemplate(operand, texts));
}
