import type { LocalIssue } from '../../config/schema-issue.js';
import type { PlainTemplate } from '../../greylist/text-template.js';
import type { Evaluation, SchemaKinds } from '../condition.js';
import { parseOperandTemplate, valueOfOperand } from '../operand.js';
import type { Operand } from '../operand.js';

/** The ways to compare a number, by their keys. */
const COMPARISONS = {
  over: (number: number, operand: number) => number > operand,
  'at-least': (number: number, operand: number) => number >= operand,
  under: (number: number, operand: number) => number < operand,
  'up-to': (number: number, operand: number) => number <= operand,
  is: (number: number, operand: number) => number === operand,
  'is-not': (number: number, operand: number) => number !== operand,
} as const;

type Key = keyof typeof COMPARISONS;
const KEYS = ['over', 'at-least', 'under', 'up-to', 'is', 'is-not'] as const satisfies Key[];

/** Comparisons that must all hold. */
export type Comparison = { readonly [Way in Key]?: Operand | undefined };

const WORDS: Readonly<Record<Key, string>> = {
  over: 'More than this.',
  'at-least': 'This, or more.',
  under: 'Less than this.',
  'up-to': 'This, or less.',
  is: 'This, exactly.',
  'is-not': 'Anything but this.',
};

/** The keys of a section that compares a number. */
export function comparisonShape(
  { numberOr, optional, text }: SchemaKinds,
  number: Parameters<SchemaKinds['numberOr']>[0],
  expects: string,
): Readonly<Record<Key, ReturnType<typeof optional<ReturnType<typeof numberOr<PlainTemplate>>>>>> {
  const template = text(parseOperandTemplate, (written) => written.text, {
    pattern: '\\{',
    examples: ['{property:limit}'],
  });
  const operand = (way: Key) =>
    optional(numberOr(number, template), {
      meaning: WORDS[way],
      expects: `${expects}, or '{property:NAME}'`,
    });
  return {
    over: operand('over'),
    'at-least': operand('at-least'),
    under: operand('under'),
    'up-to': operand('up-to'),
    is: operand('is'),
    'is-not': operand('is-not'),
  };
}

/** What is wrong with a comparison, each of whose parts is fine. */
export function checkComparison(comparison: Comparison, example: string): readonly LocalIssue[] {
  const { over, 'up-to': upTo } = comparison;
  const isEmpty = KEYS.every((way) => comparison[way] === undefined);
  if (isEmpty) return [{ path: [], problem: 'needs a number', hint: `write ${example}` }];
  if (typeof over !== 'number' || typeof upTo !== 'number' || over < upTo) return [];
  return [{ path: ['up-to'], problem: `can never hold if over is ${over}` }];
}

/** Whether a number compares so. */
export function compares(
  number: number,
  comparison: Comparison,
  evaluation: Pick<Evaluation, 'texts'>,
): boolean {
  return KEYS.every((way) => {
    const operand = comparison[way];
    return operand === undefined || COMPARISONS[way](number, valueOfOperand(operand, evaluation));
  });
}
