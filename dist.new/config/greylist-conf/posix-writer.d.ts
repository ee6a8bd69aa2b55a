import type { PosixNode } from './posix-tree.js';
/**
 * What a pattern is held against: a text that never has a newline in it, such as an address, or one
 * that may, at whose lines' ends `^` and `$` match, and whose lines `.` and `[^…]` do not leave.
 */
export type PosixSubject = 'one-line' | 'lines';
/**
 * Writes a tree in the syntax of our engine, without regard to letter case.
 *
 * @throws PosixPatternError for what the engine cannot say
 */
export declare function writePosix(tree: PosixNode, subject: PosixSubject): string;
