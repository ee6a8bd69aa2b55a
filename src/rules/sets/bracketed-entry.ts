import type { Parsed } from '../../config/parsed.js';
import type { CompileContext, ListEntry } from '../condition.js';
import { looksLikePattern, parsePattern } from '../pattern.js';
import type { Pattern } from '../pattern.js';

/** An address in its brackets, or a pattern that is tried with such; in any letter case. */
export type BracketedEntry =
  | { readonly kind: 'bracketed'; readonly text: string; readonly address: string }
  | { readonly kind: 'pattern'; readonly text: string; readonly pattern: Pattern };

/** Reads `<joe@example.org>`, `<>` or a pattern such as `/@example\.org>$/`. */
export function parseBracketedEntry(text: string): Parsed<BracketedEntry> {
  if (looksLikePattern(text)) {
    const parsed = parsePattern(text, { ignoreCase: true });
    return 'ok' in parsed ? { ok: { kind: 'pattern', text, pattern: parsed.ok } } : parsed;
  }
  if (/^<.*>$/s.test(text)) return { ok: { kind: 'bracketed', text, address: text.toLowerCase() } };
  const hint = `write '<${text}>', or a pattern such as '/@example\\.org>$/'`;
  return { problem: 'is no address in brackets', hint };
}

/** Finds the first entry that an address in its brackets is, or that is found in it. */
export function compileBracketed(
  entries: readonly BracketedEntry[],
  context: CompileContext,
  path: readonly (string | number)[],
): (bracketed: string) => ListEntry<BracketedEntry> | undefined {
  const placed = entries.map((value, index) => ({ value, place: context.place([...path, index]) }));
  return (bracketed) => {
    const lower = bracketed.toLowerCase();
    return placed.find(({ value }) =>
      value.kind === 'pattern' ? value.pattern.matches(bracketed) : value.address === lower,
    );
  };
}
