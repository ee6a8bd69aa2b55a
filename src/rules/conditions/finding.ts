import type { Pattern } from '../pattern.js';
import type { Evaluation, ListEntry, Truth } from '../condition.js';

/** Keeps what a pattern has found, for texts that show its groups. */
export function keepMatch(
  { texts }: Pick<Evaluation, 'texts'>,
  subject: string,
  found: ListEntry<object> | undefined,
): void {
  const value = found?.value;
  if (value !== undefined && 'pattern' in value && isPattern(value.pattern)) {
    texts.see(value.pattern, subject);
  }
}

function isPattern(value: unknown): value is Pick<Pattern, 'groups'> {
  return typeof value === 'object' && value !== null && 'groups' in value;
}

/** Says what was looked at and which entry matches it, if anybody listens; whether one does. */
export function report(
  evaluation: Evaluation,
  subject: string,
  found: ListEntry<{ readonly text: string }> | undefined,
): Truth {
  keepMatch(evaluation, subject, found);
  if (evaluation.note !== undefined) evaluation.note(describeMatch(subject, found));
  return found === undefined ? 'no' : 'yes';
}

/** The same in words. */
export function describeMatch(
  subject: string,
  found: ListEntry<{ readonly text: string }> | undefined,
): string {
  return found === undefined
    ? `${subject} matches no entry`
    : `${subject} matches ${found.value.text} (${found.place})`;
}
