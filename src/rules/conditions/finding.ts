import type { Evaluation, ListEntry, Truth } from '../condition.js';

/** Says what was looked at and which entry matches it, if anybody listens; whether one does. */
export function report(
  evaluation: Evaluation,
  subject: string,
  found: ListEntry<{ readonly text: string }> | undefined,
): Truth {
  evaluation.note?.(
    found === undefined
      ? `${subject} matches no entry`
      : `${subject} matches ${found.value.text} (${found.place})`,
  );
  return found === undefined ? 'no' : 'yes';
}
