import type { ListEntry } from '../condition.js';
import type { EntrySet } from './entry-set.js';
import type { NameEntry } from './name-entry.js';
/** Host names: one look for the name, one for each of its labels, and then the patterns. */
export declare function createNameSet(entries: readonly ListEntry<NameEntry>[]): EntrySet<string, NameEntry>;
