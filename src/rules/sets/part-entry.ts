import type { Parsed } from '../../config/parsed.js';
import type { CompileContext, ListEntry } from '../condition.js';
import { looksLikePattern, parsePattern } from '../pattern.js';
import type { Pattern } from '../pattern.js';

/** A text that stands somewhere in another one, or a pattern. */
export type PartEntry =
  | { readonly kind: 'part'; readonly text: string; readonly part: string }
  | { readonly kind: 'pattern'; readonly text: string; readonly pattern: Pattern };

/** Reads a text, in its very letters, or a pattern, which begins and ends with a slash. */
export function parsePartEntry(text: string): Parsed<PartEntry> {
  if (looksLikePattern(text) && /^\/.*\/[a-z]{0,3}$/s.test(text)) {
    const parsed = parsePattern(text, { ignoreCase: false });
    return 'ok' in parsed ? { ok: { kind: 'pattern', text, pattern: parsed.ok } } : parsed;
  }
  if (text === '') return { problem: 'is empty', hint: 'write a text or a pattern' };
  return { ok: { kind: 'part', text, part: text } };
}

/** Finds the first entry that is a part of a text, or is found in it. */
export function compileParts(
  entries: readonly PartEntry[],
  context: CompileContext,
  path: readonly (string | number)[] = [],
): (subject: string) => ListEntry<PartEntry> | undefined {
  const placed = entries.map((value, index) => ({ value, place: context.place([...path, index]) }));
  return (subject) =>
    placed.find(({ value }) =>
      value.kind === 'part' ? subject.includes(value.part) : value.pattern.matches(subject),
    );
}
