import type { Parsed } from '../config/parsed.js';
import type { Literal } from './pattern-literal.js';
/** A text that others choose is tested by it, in time that grows with its length and no faster. */
export interface Pattern {
    /** As it was written, slashes and flags included. */
    readonly text: string;
    /** What it looks for, where that is a plain text; undefined if it takes the engine. */
    readonly literal: Literal | undefined;
    /** Whether it is found in the subject, anywhere unless it is anchored. */
    matches(subject: string): boolean;
    /** What its groups have caught in a subject that it is found in, the first group first. */
    groups(subject: string): readonly string[];
}
/** How a pattern is read: names and addresses are the same in upper and lower case. */
export interface PatternOptions {
    readonly ignoreCase: boolean;
}
/** Whether a text is meant as a pattern, right or wrong: it starts with a slash. */
export declare function looksLikePattern(text: string): boolean;
/**
 * Reads `/…/` or `/…/i`: RE2's syntax, found anywhere in the subject. The only flag is `i`, which
 * goes without saying where `ignoreCase` is set. What the engine cannot do, or would silently take
 * for something else than other engines do, is refused.
 */
export declare function parsePattern(text: string, { ignoreCase }: PatternOptions): Parsed<Pattern>;
/** Writes what {@link parsePattern} reads. */
export declare function formatPattern(pattern: Pattern): string;
