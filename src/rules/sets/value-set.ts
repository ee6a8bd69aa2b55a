import type { ListEntry } from '../condition.js';
import { visitInSteps, type Steps } from '../steps.js';
import type { EntrySet } from './entry-set.js';
import { createPatternSet } from './pattern-set.js';
import type { PatternEntry } from './pattern-set.js';
import type { ValueEntry } from './value-entry.js';

/** Values: one look, and then the patterns. */
export function* createValueSet(
  entries: readonly ListEntry<ValueEntry>[],
): Steps<EntrySet<string, ValueEntry>> {
  const values = new Map<string, ListEntry<ValueEntry>>();
  const patterns: ListEntry<ValueEntry & PatternEntry>[] = [];
  yield* visitInSteps(entries, (entry) => {
    const { value, place } = entry;
    if (value.kind === 'pattern') patterns.push({ value, place });
    else if (!values.has(value.value)) values.set(value.value, entry);
  });
  const patternSet = createPatternSet(patterns);
  return {
    size: entries.length,
    find: (subject) => values.get(subject) ?? patternSet.find(subject),
  };
}
