import type { Parsed } from '../../config/parsed.js';
import type { CompileContext, ListEntry } from '../condition.js';
import type { Pattern } from '../pattern.js';
/** A text that stands somewhere in another one, or a pattern. */
export type PartEntry = {
    readonly kind: 'part';
    readonly text: string;
    readonly part: string;
} | {
    readonly kind: 'pattern';
    readonly text: string;
    readonly pattern: Pattern;
};
/** Reads a text, in its very letters, or a pattern, which begins and ends with a slash. */
export declare function parsePartEntry(text: string): Parsed<PartEntry>;
/** Finds the first entry that is a part of a text, or is found in it. */
export declare function compileParts(entries: readonly PartEntry[], context: CompileContext, path?: readonly (string | number)[]): (subject: string) => ListEntry<PartEntry> | undefined;
