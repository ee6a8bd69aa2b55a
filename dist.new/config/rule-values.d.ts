import type { Parsed } from './parsed.js';
/** Reads the name of a rule: anything on one line. */
export declare function parseRuleName(text: string): Parsed<string>;
/** Reads the name of a list: what can stand behind `list:` without quotes. */
export declare function parseListName(text: string): Parsed<string>;
/** Reads the path of a file of ours; one that is not absolute starts at the configuration file. */
export declare function parseFilePath(text: string): Parsed<string>;
/**
 * Reads the name of a header field (RFC 5322 section 2.2). Sendmail and Postfix both take it as it
 * comes, and would make two fields, or a broken message, of anything else.
 */
export declare function parseHeaderName(text: string): Parsed<string>;
/** Reads the value of a header field: one line of printable US-ASCII. */
export declare function parseHeaderValue(text: string): Parsed<string>;
/** Reads an enhanced status code (RFC 3463 section 2) of class 4 or 5. */
export declare function parseAnyEnhancedCode(text: string): Parsed<string>;
/** Reads the code of a reply that refuses for good (RFC 5321 section 4.2). */
export declare function checkRejectCode(code: number): Parsed<number>;
