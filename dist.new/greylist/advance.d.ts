import type { Correspondence } from './correspondence.js';
import type { Advance, AttemptSource, GreylistSettings } from './outcome.js';
export type { Advance, AttemptSource, GreylistSettings, Outcome } from './outcome.js';
export type { PassOutcome, WaitOutcome } from './outcome.js';
/**
 * All of greylisting: what becomes of an attempt, given what is remembered of its pair, and what was
 * found out about its client as {@link openInquiry} says.
 *
 * - A known source passes, whatever the settings say.
 * - A source that waits passes once the delay of now is over since its clock began, and is known
 *   from then on. Returning early neither restarts the clock nor prolongs the window.
 * - When its window, or its autowhite, has ended, a source is new.
 * - A new source that is proven to be the same client as another one passes if that is known, and
 *   otherwise takes over its clock. In either case it is a source of its own from then on.
 * - While learning, what would have to wait is known at once, as if it had passed, for a shorter
 *   time; what has passed before keeps the longer one.
 * - A pair that came back often enough over long enough passes from wherever it comes, unless its
 *   client is listed, looks dynamic, or must not send mail of this sender by SPF.
 * - If all places are taken by known sources, the pair is a pool, and what is new passes without
 *   being stored: taking the place of a known source would make that wait one day.
 * - A clock that begins in the future, because the time has stepped back, begins anew now.
 *
 * @param record what is stored of the pair; undefined if nothing is
 * @param now epoch milliseconds
 */
export declare function advance(record: Correspondence | undefined, attempt: AttemptSource, settings: GreylistSettings, now: number): Advance;
/**
 * The clock that an attempt's source waits by already, without judging it; undefined if it is known,
 * new, or came too late.
 */
export declare function runningClock(record: Correspondence, attempt: AttemptSource, settings: GreylistSettings, now: number): number | undefined;
/**
 * When the record as a whole is forgotten, epoch milliseconds: a day after the last of its sources
 * has ended, so that a client that came too late can be told from a new one.
 */
export declare function correspondenceExpiresAt(record: Correspondence): number;
