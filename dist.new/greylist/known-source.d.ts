import type { IpAddress } from '../mail/ip-address.js';
import type { Correspondence, Source } from './correspondence.js';
import type { NetworkPrefixes } from './correspondence-key.js';
import type { PassedSource } from './find-source.js';
import type { Identity } from './identity.js';
import type { Advance, AttemptSource, GreylistSettings, PassOutcome, Terms } from './outcome.js';
/**
 * A known source passes. It is stored again when it is due for renewal, and when its address was
 * only recognised by a setting that is wider than when the source was stored: narrowing the setting
 * later must not shut this address out again.
 */
export declare function renewKnown(record: Correspondence, source: PassedSource, attempt: AttemptSource, { settings, now }: Terms): Advance;
/** How an attempt came to be taken for a known client's: another network's, and what shows it. */
export interface Kinship {
    /** The source of the attempt's own network, which has ended; undefined if there is none. */
    readonly own: Source | undefined;
    readonly kin: PassedSource;
    readonly by: Identity;
}
/**
 * A client that is known by another of its addresses passes, and is stored as a source of its own,
 * so that it need not be proven again. It lives as long as if that other one had sent this mail.
 */
export declare function admitKin(record: Correspondence, { own, kin, by }: Kinship, attempt: AttemptSource, { settings, now }: Terms): Advance;
/** What passes without having waited. */
export declare function passAtOnce(reason: 'pool' | 'greylist-known', identity: Identity | undefined, attempts: number): PassOutcome;
/**
 * How long its mail makes a known source live. One that has passed was given more than a learnt life
 * by its last renewal; while learning, what has no more than that never came back after a delay, and
 * its further mail proves no more than its first.
 */
export declare function lifeOf(source: PassedSource, settings: GreylistSettings): number;
/** How long what would wait is known while learning; undefined if it waits. */
export declare function learntLife({ learnForMs, autowhiteMs }: GreylistSettings): number | undefined;
/** How many bits of an address make one client now. */
export declare function prefixFor(address: IpAddress, network: NetworkPrefixes): number;
/** A name that could not be confirmed this time is kept if the address has not changed. */
export declare function nameOf(attempt: AttemptSource, stored: Source | undefined): string | undefined;
