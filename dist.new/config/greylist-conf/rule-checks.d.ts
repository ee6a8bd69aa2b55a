import type { Reader } from './reader.js';
import type { Clause } from './syntax.js';
/** Looks whether a clause may stand in a rule behind these; what is wrong ends the statement. */
export declare function checkClause(reader: Reader, clause: Clause, { offset, stage, before }: ClausePlace): void;
/** Where a clause stands: its stage, and the clauses before it. */
export interface ClausePlace {
    readonly offset: number;
    readonly stage: 'rcpt' | 'data';
    readonly before: readonly Clause[];
}
