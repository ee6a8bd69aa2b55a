import type { Context } from './context.js';
import type { Placed } from './placed.js';
import type { PosixSubject } from './posix-pattern.js';
import type { PatternValue, TextOrPattern, TextValue } from './syntax.js';
/** Entries of lists and conditions; undefined where a pattern cannot be had, which is told then. */
export type Entry = Placed | undefined;
/** How patterns are read where letter case counts, and in what they look. */
export interface PatternUse {
    readonly subject: PosixSubject;
    /** Whether the place where it goes tells upper from lower case, which milter-greylist does not. */
    readonly tellsCase: boolean;
}
/** Names and addresses: one line, in which letter case does not count. */
export declare const IN_NAMES: PatternUse;
/** Anything else on one line. */
export declare const IN_VALUES: PatternUse;
/** A regular expression in our language. */
export declare function patternEntry(value: PatternValue, use: PatternUse, context: Context): Entry;
/** A pattern that matches this text and no other. */
export declare function literalPattern(text: string): string;
/** What a text is in a pattern, where each character stands for itself. */
export declare function escapePattern(text: string): string;
/** A whole address. */
export declare function addressEntry({ text, place }: TextValue): Placed;
/** What is the same but for letter case. */
export declare function nameEntry({ text, place }: TextValue): Placed;
/**
 * A value in its very letters.
 *
 * @param words what means something else where it goes
 */
export declare function valueEntry({ text, place }: TextValue, words?: readonly string[]): Placed;
/** Those of them that can be had; undefined if one of them cannot. */
export declare function allEntries(entries: readonly Entry[]): readonly Placed[] | undefined;
/** Whether an operand is a regular expression. */
export declare function isPattern(operand: TextOrPattern): operand is PatternValue;
/** Whether a regular expression is found in whatever it is held against. */
export declare function isForAll({ source }: PatternValue): boolean;
