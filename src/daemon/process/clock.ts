import type { TimeGap } from '../../greylist/time-gap.js';

/** What time it is. Passed in, so that tests own the time. */
export interface Clock {
  /** Epoch milliseconds; what waits and what is remembered goes by it. */
  now(): number;
  /** What the machine's clock shows, where that may be something else; see {@link shownTime}. */
  wallNow?(): number;
  /** What is over for good, where that may be less than is over by `now`; see {@link expiryTime}. */
  expiryNow?(): number;
  /** Hears when the store was last in use, before anything is decided. */
  resume?(lastUsedAt: number): void;
  /** Where it has jumped lately, and nobody can say how long that took. */
  readonly gap?: TimeGap | undefined;
  /** Why it does not go by the machine's clock; undefined while it does. */
  readonly doubt?: ClockDoubt | undefined;
}

/** The machine's clock shows something else than the time that has passed. */
export interface ClockDoubt {
  /** So many milliseconds more; below zero where it is behind. */
  readonly driftMs: number;
  /** Epoch milliseconds, by the time that has passed. */
  readonly since: number;
}

/** The machine's clock. */
export const systemClock: Clock = { now: () => Date.now() };

/** What time people say it is: for the log, and for rules about the time of day. */
export function shownTime(clock: Clock): number {
  return clock.wallNow?.() ?? clock.now();
}

/** The time by which a store forgets. */
export function expiryTime(clock: Clock): number {
  return clock.expiryNow?.() ?? clock.now();
}
