import type { Evaluation, ListEntry, Truth } from '../condition.js';
/** Keeps what a pattern has found, for texts that show its groups. */
export declare function keepMatch({ texts }: Pick<Evaluation, 'texts'>, subject: string, found: ListEntry<object> | undefined): void;
/** Says what was looked at and which entry matches it, if anybody listens; whether one does. */
export declare function report(evaluation: Evaluation, subject: string, found: ListEntry<{
    readonly text: string;
}> | undefined): Truth;
/** The same in words. */
export declare function describeMatch(subject: string, found: ListEntry<{
    readonly text: string;
}> | undefined): string;
