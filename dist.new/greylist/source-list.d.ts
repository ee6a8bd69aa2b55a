import type { Source } from './correspondence.js';
/** Whether every place is taken by a source that has passed and lives, so that none can give way. */
export declare function isFullOfPassed(sources: readonly Source[], now: number): boolean;
/**
 * The list with `next`, whose last attempt is now, in place of `replaced`, or as a new source if
 * that is undefined. If the list is full then, one gives way: one that has ended; else one that
 * waits and never retried; else one that waits; the oldest first. Not to be asked when
 * {@link isFullOfPassed}: a known triplet never gives way.
 *
 * A source that has ended stays for another retry window, so that the reason can say that a client
 * came too late; without a limit, the dead would make up most of an old record.
 */
export declare function placeSource(sources: readonly Source[], replaced: Source | undefined, next: Source, retryWindowMs: number): readonly Source[];
