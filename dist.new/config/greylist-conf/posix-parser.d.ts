import type { PosixNode } from './posix-tree.js';
import type { Dialect } from './syntax.js';
/** Something that is right, but hardly means what its author thought. */
export interface PosixDoubt {
    readonly problem: string;
    readonly hint: string;
    readonly offset: number;
}
/**
 * Reads a regular expression as regcomp of GNU's C library does. In one pass, each character once.
 *
 * @throws PosixPatternError
 */
export declare function parsePosix(text: string, dialect: Dialect): {
    readonly tree: PosixNode;
    readonly doubts: readonly PosixDoubt[];
};
