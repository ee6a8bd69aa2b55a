import type { Mapping } from './placed.js';
/**
 * What a clause comes to. A `block` holds if its conditions do, an `any` if one of its blocks does;
 * `constant` is known already; `step` always holds and does something at its place; and one that
 * is `left-out` cannot be asked here.
 */
export type Test = Asked<{
    readonly kind: 'block';
    readonly block: Mapping;
}> | Asked<{
    readonly kind: 'any';
    readonly blocks: readonly Mapping[];
}> | {
    readonly kind: 'constant';
    readonly truth: boolean;
    readonly why: string;
} | {
    readonly kind: 'step';
    readonly block: Mapping;
} | {
    readonly kind: 'left-out';
};
type Asked<T> = T & {
    /** What a question without an answer makes of it; undefined where nobody is asked. */
    readonly onUnknown?: 'no-match' | 'tempfail' | undefined;
    /** Whether asking changes something, so that it matters what was asked before. */
    readonly counts?: boolean;
};
/** Conditions that ask nobody. */
export declare function block(conditions: Mapping): Test;
/** Conditions that ask outside; without an answer they do not hold. */
export declare function lookup(conditions: Mapping, onUnknown?: 'no-match' | 'tempfail'): Test;
/** What never holds, for a reason. */
export declare function never(why: string): Test;
/** Several tests of which one must hold. */
export declare function anyOf(tests: readonly Test[]): Test;
/** What cannot be asked here. */
export declare const leftOut: Test;
export {};
