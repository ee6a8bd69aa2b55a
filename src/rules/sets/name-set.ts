import type { ListEntry } from '../condition.js';
import { visitInSteps, type Steps } from '../steps.js';
import { DomainTable } from './domain-table.js';
import type { EntrySet } from './entry-set.js';
import type { NameEntry } from './name-entry.js';
import { createPatternSet } from './pattern-set.js';
import type { PatternEntry } from './pattern-set.js';

/** Host names: one look for the name, one for each of its labels, and then the patterns. */
export function* createNameSet(
  entries: readonly ListEntry<NameEntry>[],
): Steps<EntrySet<string, NameEntry>> {
  const names = new Map<string, ListEntry<NameEntry>>();
  const domains = new DomainTable<ListEntry<NameEntry>>();
  const patterns: ListEntry<NameEntry & PatternEntry>[] = [];
  yield* visitInSteps(entries, (entry) => {
    const { value, place } = entry;
    switch (value.kind) {
      case 'name':
        if (!names.has(value.name)) names.set(value.name, entry);
        break;
      case 'below':
        domains.add(value.domain, entry);
        break;
      case 'within':
        if (!names.has(value.domain)) names.set(value.domain, entry);
        domains.add(value.domain, entry);
        break;
      case 'pattern':
        patterns.push({ value, place });
        break;
    }
  });
  const patternSet = createPatternSet(patterns);
  return {
    size: entries.length,
    find: (written) => {
      const name = written.toLowerCase();
      return names.get(name) ?? domains.findAbove(name) ?? patternSet.find(name);
    },
  };
}
