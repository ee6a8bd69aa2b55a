import type { Mapping } from './placed.js';

/**
 * What a clause comes to. A `block` holds if its conditions do, an `any` if one of its blocks does;
 * `constant` is known already; `step` always holds and does something at its place; and one that
 * is `left-out` cannot be asked here.
 */
export type Test =
  | Asked<{ readonly kind: 'block'; readonly block: Mapping }>
  | Asked<{ readonly kind: 'any'; readonly blocks: readonly Mapping[] }>
  | { readonly kind: 'constant'; readonly truth: boolean; readonly why: string }
  | { readonly kind: 'step'; readonly block: Mapping }
  | { readonly kind: 'left-out' };

type Asked<T> = T & {
  /** What a question without an answer makes of it; undefined where nobody is asked. */
  readonly onUnknown?: 'no-match' | 'tempfail' | undefined;
  /** Whether asking changes something, so that it matters what was asked before. */
  readonly counts?: boolean;
};

/** Conditions that ask nobody. */
export function block(conditions: Mapping): Test {
  return { kind: 'block', block: conditions };
}

/** Conditions that ask outside; without an answer they do not hold. */
export function lookup(conditions: Mapping, onUnknown: 'no-match' | 'tempfail' = 'no-match'): Test {
  return { kind: 'block', block: conditions, onUnknown };
}

/** What is known already, for a reason. */
export function constant(truth: boolean, why: string): Test {
  return { kind: 'constant', truth, why };
}

/** What never holds, for a reason. */
export function never(why: string): Test {
  return constant(false, why);
}

/** Several tests of which one must hold. */
export function anyOf(tests: readonly Test[]): Test {
  if (tests.some(({ kind }) => kind === 'left-out')) return { kind: 'left-out' };
  const blocks: Mapping[] = [];
  let onUnknown: 'no-match' | 'tempfail' | undefined;
  for (const test of tests) {
    if (test.kind !== 'block') continue;
    blocks.push(test.block);
    if (test.onUnknown !== undefined && onUnknown !== 'tempfail') onUnknown = test.onUnknown;
  }
  const [only, second] = blocks;
  if (only === undefined) return never('nothing in it ever holds');
  if (second === undefined) return { kind: 'block', block: only, onUnknown };
  return { kind: 'any', blocks, onUnknown };
}

/** What cannot be asked here. */
export const leftOut: Test = { kind: 'left-out' };
