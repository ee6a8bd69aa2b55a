import { Lexer } from './lexer.js';
import type { Remark } from './lexer.js';
import type { DefinedKind, Dialect } from './syntax.js';
/** A file being read, with what its statements have said so far. */
export declare class Reader {
    #private;
    readonly lexer: Lexer;
    readonly notes: Remark[];
    readonly problems: Remark[];
    /** Of the patterns from here on. */
    dialect: Dialect;
    readonly lists: Map<string, "helo" | "addr" | import("./syntax.js").PatternListType | import("./syntax.js").NameListType>;
    constructor(text: string);
    /** Tells what milter-greylist takes otherwise, or not at all. */
    note(problem: string, hint?: string, offset?: number): void;
    define(kind: DefinedKind | 'tsig', name: string, offset: number): void;
    /** The name of something that is defined above. */
    definedName(kind: DefinedKind | 'tsig'): string;
    /** A word in lower case, without a colon behind it if one may stand there; undefined for a sign. */
    keyword(): string | undefined;
    /** Takes a certain word, if it comes next. */
    takeWord(wanted: string): boolean;
    /** One of several words. */
    oneOf<Word extends string>(words: readonly Word[], what: string): Word;
    /** What stands between quotes; backslashes stay. */
    string(what: string): string;
}
