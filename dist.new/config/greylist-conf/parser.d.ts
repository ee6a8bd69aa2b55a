import type { Remark } from './lexer.js';
import type { GreylistConf } from './syntax.js';
export type { Remark } from './lexer.js';
/** A file of milter-greylist as it was understood. */
export interface ParsedGreylistConf extends GreylistConf {
    /** What is wrong, in the order of the file; what is right stands in the statements nevertheless. */
    readonly problems: readonly Remark[];
    /** What was read although milter-greylist refuses it, or reads it otherwise. */
    readonly notes: readonly Remark[];
}
/**
 * Reads a greylist.conf of milter-greylist 4.6 or before. Whatever the text is, this returns: behind a
 * mistake it goes on with the next statement, in time that grows with the text and no faster.
 */
export declare function parseGreylistConf(text: string): ParsedGreylistConf;
