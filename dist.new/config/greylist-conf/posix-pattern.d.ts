import type { PosixDoubt } from './posix-parser.js';
import type { PosixSubject } from './posix-writer.js';
import type { Dialect } from './syntax.js';
export type { PosixDoubt } from './posix-parser.js';
export type { PosixSubject } from './posix-writer.js';
/** What a POSIX regular expression is in our pattern language, or why it is not. */
export type PosixTranslation = {
    readonly kind: 'pattern';
    /** With its slashes, without a flag: letter case is to be ignored. */
    readonly text: string;
    /** What it has that hardly means what its author thought. */
    readonly doubts: readonly PosixDoubt[];
} | {
    /** Wrong for everybody, or right and not to be had here. */
    readonly kind: 'wrong' | 'unsupported';
    readonly problem: string;
    readonly hint: string;
    /** Characters from the beginning of the expression to the place in question. */
    readonly offset: number;
};
/**
 * Says in our pattern language what a POSIX regular expression says, read as GNU's C library reads it
 * where letter case does not matter. It finds a match in the same subjects. It may find another one of
 * several, which only groups show: POSIX wants the longest, our engine takes the first alternative.
 */
export declare function translatePosixPattern(source: string, { dialect, subject }: {
    readonly dialect: Dialect;
    readonly subject: PosixSubject;
}): PosixTranslation;
