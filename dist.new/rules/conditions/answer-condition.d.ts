import type { Evaluation, Truth } from '../condition.js';
import type { Answer, NamedValues } from '../lookups.js';
import type { PropertyScope } from '../properties.js';
/** A server's answer as a condition takes it. */
export interface AskedServer {
    readonly name: string;
    readonly answer: Answer<NamedValues>;
    /** Whether the answer means yes, whatever it says in milter-greylist's words. */
    readonly holds?: boolean | undefined;
    /** Where its values are kept; nowhere without it. */
    readonly properties: PropertyScope | undefined;
    /** Whether they are kept though the answer means no. */
    readonly keepsAlways?: boolean;
}
/** What an answer makes of a rule: its truth, properties, and what the rule does instead. */
export declare function judgeAnswer({ name, answer, holds, properties, keepsAlways }: AskedServer, evaluation: Evaluation): Truth;
/** All of several: one that holds suffices, and one that is not known leaves it open. */
export declare function anyOf(truths: readonly Truth[]): Truth;
