import type { ListEntry } from '../condition.js';
import type { EntrySet } from './entry-set.js';
import type { ValueEntry } from './value-entry.js';
/** Values: one look, and then the patterns. */
export declare function createValueSet(entries: readonly ListEntry<ValueEntry>[]): EntrySet<string, ValueEntry>;
