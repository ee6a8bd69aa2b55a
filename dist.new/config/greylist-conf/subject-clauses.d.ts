import type { Context } from './context.js';
import type { FormatValue, PatternValue, TextOrPattern } from './syntax.js';
import type { Test } from './test.js';
type Items = readonly TextOrPattern[];
/** Senders, or recipients: whole addresses in any letter case, and patterns with the brackets. */
export declare function askAddresses(kind: 'from' | 'rawfrom' | 'rcpt', items: Items, context: Context): Test;
/**
 * Host names as the MTA has them: what they end with, or patterns. With `domainexact` a name and
 * those below it.
 */
export declare function askDomains(items: Items, context: Context): Test;
/** What the client calls itself. */
export declare function askHelo(items: readonly (FormatValue | PatternValue)[], context: Context): Test;
/** As whom a client has authenticated, in its very letters. */
export declare function askLogins(items: Items, context: Context): Test;
/** The subject of a certificate that the MTA has verified. */
export declare function askSubjects(items: Items, context: Context): Test;
/** Parts of lines of the header, in their very letters, or patterns in any. */
export declare function askHeaders(items: Items, context: Context): Test;
/** The same of the body. */
export declare function askBodies(items: Items, context: Context): Test;
export {};
