import type { ListEntry } from '../condition.js';
import type { Pattern } from '../pattern.js';
import type { EntrySet } from './entry-set.js';

/** An entry that is a pattern. */
export interface PatternEntry {
  readonly pattern: Pattern;
}

/**
 * Patterns, tried one after the other, except that those of a whole text, `^mx\.example\.org$`, are
 * looked up.
 */
export function createPatternSet<Entry extends PatternEntry>(
  entries: readonly ListEntry<Entry>[],
): EntrySet<string, Entry> {
  const whole = new Map<string, ListEntry<Entry>>();
  const others: ListEntry<Entry>[] = [];
  for (const entry of entries) {
    const { literal } = entry.value.pattern;
    if (literal?.at !== 'whole') others.push(entry);
    else {
      const key = keyOf(literal.value, literal.ignoreCase);
      if (!whole.has(key)) whole.set(key, entry);
    }
  }
  return {
    size: entries.length,
    find: (subject) =>
      (whole.size === 0
        ? undefined
        : (whole.get(keyOf(subject, false)) ?? whole.get(keyOf(subject.toLowerCase(), true)))) ??
      others.find(({ value }) => value.pattern.matches(subject)),
  };
}

function keyOf(text: string, ignoreCase: boolean): string {
  return `${ignoreCase ? 'i' : '='}${text}`;
}
