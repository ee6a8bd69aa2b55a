import type { Place } from '../yaml-text.js';
import type { Comment } from './syntax.js';
/** Something about a file of milter-greylist that its owner should know. */
export interface Remark {
    readonly place: Place;
    /** What follows the statement's name: "has no value". */
    readonly problem: string;
    readonly hint: string | undefined;
}
/** Ends the reading of a statement; the parser catches it and goes on with the next one. */
export declare class StatementError extends Error {
    readonly code = "STATEMENT_WRONG";
    readonly remark: Remark;
    constructor(remark: Remark);
}
/**
 * The text of a file, read from front to back. Which words, patterns or signs are possible depends on
 * the place, so the parser asks for what it wants. A logical line goes over continued lines: all from a
 * backslash to the end of its line counts as a blank.
 */
export declare class Lexer {
    #private;
    constructor(text: string);
    /** In order, as far as the text was read. */
    get comments(): readonly Comment[];
    /** Where something else than a comment is dropped behind a backslash. */
    get dropped(): readonly Place[];
    /** Of what comes next. */
    get offset(): number;
    /** For looking ahead: goes back to where it was. */
    rewind(offset: number): void;
    /** Of what comes next, or of an offset. */
    place(offset?: number): Place;
    /** Whether nothing comes any more, not even an empty line. */
    get isAtEnd(): boolean;
    /** Whether the logical line is over, but for a comment. */
    get isAtLineEnd(): boolean;
    /** Takes what a sticky form finds behind blanks, even if that is nothing. */
    take(form: RegExp): string | undefined;
    /** Takes a sign, if it comes next. */
    takeSign(sign: string): boolean;
    /** Takes a sign, if it comes without a blank before it. */
    takeGlued(sign: string): boolean;
    /** Whether a sticky form finds something behind blanks. */
    sees(form: RegExp): boolean;
    /** Whether there is a blank, or the end of a line, before an offset. */
    isBlankBefore(offset: number): boolean;
    /** Goes behind the end of the line, over a comment. Only where the line is over. */
    endLine(): void;
    /**
     * The word with which the next line begins that is not empty, in lower case; empty if it begins with
     * something else, undefined if there is none.
     */
    wordBelow(): string | undefined;
    /** Goes to the end of a logical line that is not understood. */
    skipLine(): void;
    /** Goes over an item that is not understood. */
    skipItem(): void;
    /** What comes next, for a message: `"word"`, or the end of the line. */
    shown(): string;
    fail(problem: string, hint?: string, offset?: number): never;
}
