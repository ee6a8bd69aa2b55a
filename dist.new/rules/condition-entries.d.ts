import type { ProgramSource } from './program-source.js';
import type { ListEntry } from './condition.js';
import type { AnyEntry } from './entry-cover.js';
/** An entry and where it was written, for people. */
export type PlacedEntry = ListEntry<AnyEntry>;
/**
 * The entries of a condition, those of its lists included.
 *
 * @returns undefined if its value is no list of entries
 */
export declare function entriesOf(source: Pick<ProgramSource, 'lists' | 'placeOf'>, value: unknown, path: readonly (string | number)[]): readonly PlacedEntry[] | undefined;
