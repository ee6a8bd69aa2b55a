import { readText } from './operands.js';
import type { Reader } from './reader.js';
import type { Clause, ClauseTest } from './syntax.js';
export declare const CLAUSE_WORDS: readonly string[];
/** Reads a clause from its word on; undefined if the word is none of them, or a sign comes. */
export declare function readClause(reader: Reader): ClauseTest | undefined;
/** A HELO name: a text in which values may stand, or a pattern. */
export declare function readHelo(reader: Reader): (Clause & {
    kind: 'helo';
})['operand'];
/** A country's code; in lower case it never matches. */
export declare function readCountry(reader: Reader): ReturnType<typeof readText>;
/** A schedule as of cron. */
export declare function readSchedule(reader: Reader): ReturnType<typeof readText>;
