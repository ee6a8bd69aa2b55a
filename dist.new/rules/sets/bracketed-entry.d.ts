import type { Parsed } from '../../config/parsed.js';
import type { CompileContext, ListEntry } from '../condition.js';
import type { Pattern } from '../pattern.js';
/** An address in its brackets, or a pattern that is tried with such; in any letter case. */
export type BracketedEntry = {
    readonly kind: 'bracketed';
    readonly text: string;
    readonly address: string;
} | {
    readonly kind: 'pattern';
    readonly text: string;
    readonly pattern: Pattern;
};
/** Reads `<joe@example.org>`, `<>` or a pattern such as `/@example\.org>$/`. */
export declare function parseBracketedEntry(text: string): Parsed<BracketedEntry>;
/** Finds the first entry that an address in its brackets is, or that is found in it. */
export declare function compileBracketed(entries: readonly BracketedEntry[], context: CompileContext, path: readonly (string | number)[]): (bracketed: string) => ListEntry<BracketedEntry> | undefined;
