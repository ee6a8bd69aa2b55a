/**
 * The mailbox that a written local part means: quotes and backslashes that only protect are gone.
 * `"a\b"` and `ab` are the same mailbox (RFC 5321 section 4.1.2); quotes may stand anywhere, as in
 * the obsolete `a."b c"`. A quote that is never closed reaches to the end.
 */
export declare function unquoteLocalPart(written: string): string;
/** The one canonical spelling of a mailbox: in quotes only if it cannot be written without. */
export declare function quoteLocalPart(meant: string): string;
/** Where a mark that structures a path stands outside quotes and not behind a backslash. */
export declare function positionsOutsideQuotes(text: string, mark: '@' | '>'): readonly number[];
