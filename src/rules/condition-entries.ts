import type { ProgramSource } from './program-source.js';
import { formatPlace } from './program-source.js';
import type { ListEntry } from './condition.js';
import type { AnyEntry } from './entry-cover.js';
import type { ListContent } from './list-store.js';

/** An entry and where it was written, for people. */
export type PlacedEntry = ListEntry<AnyEntry>;

function isEntry(value: unknown): value is AnyEntry {
  return (
    typeof value === 'object' &&
    value !== null &&
    'text' in value &&
    typeof value.text === 'string' &&
    'kind' in value &&
    typeof value.kind === 'string'
  );
}

/**
 * The entries of a condition, those of its lists included.
 *
 * @returns undefined if its value is no list of entries
 */
export function entriesOf(
  source: Pick<ProgramSource, 'lists' | 'placeOf'>,
  value: unknown,
  path: readonly (string | number)[],
): readonly PlacedEntry[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const entries: readonly unknown[] = value;
  if (!entries.every(isEntry)) return undefined;
  return entries.flatMap((entry, index) => {
    if (entry.kind !== 'list') {
      return [{ value: entry, place: formatPlace(source.placeOf([...path, index])) }];
    }
    return contentOf(source.lists.get(entry.name ?? ''));
  });
}

/**
 * How many entries a condition has, those of its lists included.
 *
 * @returns undefined if its value is no list of entries
 */
export function countEntries(
  source: Pick<ProgramSource, 'lists'>,
  value: unknown,
): number | undefined {
  if (!Array.isArray(value)) return undefined;
  const entries: readonly unknown[] = value;
  if (!entries.every(isEntry)) return undefined;
  return entries.reduce((sum: number, { kind, name }) => {
    if (kind !== 'list') return sum + 1;
    const content: ListContent = source.lists.get(name ?? '') ?? {};
    return Object.values(content).reduce((all, { length }) => all + length, sum);
  }, 0);
}

function contentOf(content: ListContent | undefined): readonly PlacedEntry[] {
  return Object.values(content ?? {}).flat();
}
