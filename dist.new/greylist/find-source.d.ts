import type { IpAddress } from '../mail/ip-address.js';
import type { Source } from './correspondence.js';
import type { Identity } from './identity.js';
import type { AttemptSource } from './outcome.js';
/**
 * The stored source whose network an address is in: the wider of the one stored with the source and
 * the one set now, so that narrowing the setting never delays a known triplet. Undefined if it is in
 * none.
 *
 * After the setting was widened several sources may match. One that has passed and lives comes
 * first, of several the one that lives longest; then one that waits, of several the one whose clock
 * began first; and one that has ended only if there is nothing else.
 */
export declare function findSource(sources: readonly Source[], address: IpAddress, prefix: number, now: number): Source | undefined;
/** A live source that an attempt's client is the same as, and what shows it. */
export interface Recognition {
    readonly source: Source;
    readonly by: Identity;
}
/**
 * The one place that decides whether a client is the same as before: it is if `own`, the source of
 * its network, lives; or if it was proven to be the same as another one that does. Of several the
 * best, as above.
 */
export declare function recognise(sources: readonly Source[], own: Source | undefined, { proof }: AttemptSource, now: number): Recognition | undefined;
/** Whether the source still counts: its end is the first instant at which it does not. */
export declare function isLive(source: Source, now: number): boolean;
/** A source that has passed. */
export interface PassedSource extends Source {
    readonly passedAt: number;
}
/** Whether the source has passed and lives, so that its mail never waits. */
export declare function isKnown(source: Source, now: number): source is PassedSource;
/** Whether an attempt of `source` fares better than one of `best`. */
export declare function isBetter(source: Source, best: Source, now: number): boolean;
