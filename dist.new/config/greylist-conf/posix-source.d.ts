/** What is wrong with a regular expression; caught where it is read. */
export declare class PosixPatternError extends Error {
    readonly code: 'WRONG' | 'UNSUPPORTED';
    /** In characters from its beginning. */
    readonly offset: number;
    readonly hint: string;
    constructor(code: 'WRONG' | 'UNSUPPORTED', problem: string, { offset, hint }: {
        readonly offset: number;
        readonly hint: string;
    });
}
/** The characters of a regular expression, one after the other; whole ones, never half a pair. */
export declare class PosixSource {
    #private;
    constructor(text: string);
    get offset(): number;
    get isAtEnd(): boolean;
    /** The character here or some further on; empty behind the end. */
    peek(ahead?: number): string;
    next(): string;
    startsWith(text: string): boolean;
    /** Goes behind the text if it stands here. */
    take(text: string): boolean;
    fail(problem: string, hint: string, offset?: number): never;
}
