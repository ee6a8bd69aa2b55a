import type { IpAddress } from '../mail/ip-address.js';
import type { Network } from '../mail/network.js';
/** How many leading bits of an address make the network that counts as one client. */
export interface NetworkPrefixes {
    readonly ipv4: number;
    readonly ipv6: number;
}
/** Whose record is wanted. Addresses are in the form of `normaliseAddress`. */
export interface CorrespondenceParties {
    /** Empty for the null sender. */
    readonly sender: string;
    readonly recipient: string;
    readonly client: IpAddress;
    readonly network: NetworkPrefixes;
}
/** What a key says of its record, for list and report. */
export type ParsedCorrespondenceKey = {
    readonly kind: 'pair';
    readonly sender: string;
    readonly recipient: string;
} | {
    readonly kind: 'null-sender';
    readonly network: Network;
    readonly recipient: string;
};
/** No address on the wire contains it: both protocols end their strings with it. */
export declare const SEPARATOR = "\0";
/**
 * The key of a pair's record. The recipient comes first, so that the records of one mailbox lie
 * side by side. The null sender, which everybody uses, is keyed by the client's network instead, so
 * that one bounce does not let the next host in.
 *
 * No two different pairs share a key, whatever they contain; and a key never has a lone surrogate,
 * which a store could not tell from another one.
 */
export declare function correspondenceKey(parties: CorrespondenceParties): string;
/** Reads a key back; undefined if it is not one of {@link correspondenceKey}'s. */
export declare function parseCorrespondenceKey(key: string): ParsedCorrespondenceKey | undefined;
/** A part of a key in which no separator stands, and no lone surrogate. */
export declare function escapePart(part: string): string;
/** What {@link escapePart} was given. */
export declare function unescapePart(part: string): string;
