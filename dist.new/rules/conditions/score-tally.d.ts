import type { Truth } from '../condition.js';
/** What one of those who are asked has said. */
export type Ballot = Truth;
/** Adds up the weights of those who say yes, and knows when the others cannot change the outcome. */
export declare class ScoreTally {
    #private;
    constructor(voters: readonly {
        readonly weight: number;
    }[], threshold: number);
    /** Counts an answer; the outcome as soon as it is certain. One that is not known stays open. */
    count(weight: number, ballot: Ballot): Truth | undefined;
    /** The outcome when nobody else will answer. */
    conclude(): Truth;
}
