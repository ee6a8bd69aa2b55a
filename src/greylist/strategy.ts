import { advance, runningClock } from './advance.js';
import { advanceAsMilterGreylist } from './advance-milter-greylist.js';
import type { Correspondence } from './correspondence.js';
import { openInquiry } from './inquiry.js';
import type { Inquiry } from './inquiry.js';
import type { Advance, AttemptSource, GreylistSettings, Outcome, Terms } from './outcome.js';

/** A way of greylisting. All of them keep the same records, and read each other's. */
export interface GreylistStrategy {
  /** What becomes of an attempt, given what is remembered of its pair. */
  advance(
    record: Correspondence | undefined,
    attempt: AttemptSource,
    settings: GreylistSettings,
    now: number,
  ): Advance;
  /** The clock that the attempt waits by already, and that its transaction shares. */
  runningClock(
    record: Correspondence,
    attempt: AttemptSource,
    settings: GreylistSettings,
    now: number,
  ): number | undefined;
  /** What is worth finding out before the outcome stands. */
  openInquiry(record: Correspondence, outcome: Outcome, terms: Terms): Inquiry | undefined;
}

/** Our own. */
export const greymilterStrategy: GreylistStrategy = { advance, runningClock, openInquiry };

/** milter-greylist's: every recipient by itself, and every client what its address says. */
export const milterGreylistStrategy: GreylistStrategy = {
  advance: advanceAsMilterGreylist,
  runningClock: () => undefined,
  openInquiry: () => undefined,
};
