import type { Context } from './context.js';
import type { Clause, TarpitScope } from './syntax.js';
import type { Test } from './test.js';
/** Where a clause stands. */
export interface ClauseUse {
    readonly stage: 'rcpt' | 'data';
    /** What the rule, or else the file, says that waiting is counted by. */
    readonly tarpitScope: TarpitScope | undefined;
}
/** What a clause asks, in our conditions. */
export declare function translateClause(clause: Clause, use: ClauseUse, context: Context): Test;
/** The longest that a client can be made to wait here. */
export declare const LONGEST_TARPIT = 600;
