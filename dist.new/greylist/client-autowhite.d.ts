import type { IpAddress } from '../mail/ip-address.js';
import type { AutowhiteCount } from './client-autowhite-key.js';
/** A host whose passes count. */
export interface CountedHost {
    readonly address: IpAddress;
    /** Its verified name. */
    readonly name: string | undefined;
}
/** What is remembered of a client whose triplets pass one after the other. Epoch milliseconds. */
export interface ClientAutowhite {
    /** First passes that have counted. */
    readonly points: number;
    readonly lastPointAt: number;
    /**
     * Different sender domains of these passes, or different senders where those of one domain are
     * counted; as many as are needed, escaped as in a key.
     */
    readonly witnesses: readonly string[];
    /** The first of these hosts, with which all others have to agree; only where networks are counted. */
    readonly host: CountedHost | undefined;
    /** Whether it has enough of them: explicit, so that no change of a setting takes it away. */
    readonly isExempt: boolean;
    /** The last point, or the last mail that renewed it. */
    readonly lastSeenAt: number;
    /** From here on it is forgotten. */
    readonly expiresAt: number;
}
/** When a client is exempt. Durations are whole milliseconds. */
export interface ClientAutowhiteSettings {
    /** So many first passes; of `sender-domain`, different senders. */
    readonly after: number;
    readonly count: AutowhiteCount;
    /** From so many sender domains; not of `sender-domain`. */
    readonly domains: number;
    /** Each at least so long after the last; not of `sender-domain`. */
    readonly spacingMs: number;
    /** How long it is remembered, renewed by its mail. */
    readonly forMs: number;
}
/** Who comes, and with what sender. */
export interface Visit {
    readonly host: CountedHost;
    /** The sender's domain. */
    readonly domain: string;
    /** All of the sender, as it is normalised. */
    readonly sender: string;
}
/** Whether the same people run two hosts, as far as their names show it. */
export type SameSite = (one: CountedHost, other: CountedHost) => boolean;
/** More than enough for anybody's setting, few enough for one read. */
export declare const MAX_WITNESSES = 100;
/**
 * Whether a client's mail passes without a triplet. Of a network that is exempt only a host passes
 * that agrees with those that were counted: a stranger next door has earned nothing.
 */
export declare function isExempt(record: ClientAutowhite, { host }: Visit, isSameSite: SameSite, now: number): boolean;
/** The record of an exempt client whose mail came, if it is due for renewal; undefined if not. */
export declare function renewExempt(record: ClientAutowhite, { forMs }: ClientAutowhiteSettings, now: number): ClientAutowhite | undefined;
/**
 * The record with a first pass more, or undefined if that does not count: too soon after the last,
 * from a sender that has counted, or from a host that has nothing to do with the others.
 */
export declare function countPass(stored: ClientAutowhite | undefined, visit: Visit, settings: ClientAutowhiteSettings, { isSameSite, now }: {
    readonly isSameSite: SameSite;
    readonly now: number;
}): ClientAutowhite | undefined;
