import type { PosixSource } from './posix-source.js';
import type { PosixSet } from './posix-tree.js';
/**
 * Reads a bracket expression from behind its `[`. As glibc does when letter case does not matter, the
 * ends of a range are taken in upper case: `[A-z]` is `[A-Z]`, and `[Z-a]` is none.
 */
export declare function readBrackets(source: PosixSource): PosixSet;
