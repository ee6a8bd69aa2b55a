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
export declare function createPatternSet<Entry extends PatternEntry>(entries: readonly ListEntry<Entry>[]): EntrySet<string, Entry>;
