import type { IpAddress } from '../mail/ip-address.js';
import type { Network } from '../mail/network.js';
import type { NetworkPrefixes } from './correspondence-key.js';
/**
 * What passes are counted for: each address; a network, of hosts whose names agree; or the senders
 * of one domain from one network.
 */
export type AutowhiteCount = 'address' | 'network' | 'sender-domain';
/** Whose record is wanted. */
export interface AutowhiteParties {
    readonly count: AutowhiteCount;
    readonly client: IpAddress;
    readonly network: NetworkPrefixes;
    /** As in an envelope address; of use for `sender-domain` only. */
    readonly senderDomain: string;
}
/** What a key says of its record, for list and report. */
export type ParsedClientAutowhiteKey = {
    readonly kind: 'address';
    readonly address: IpAddress;
} | {
    readonly kind: 'network';
    readonly network: Network;
} | {
    readonly kind: 'sender-domain';
    readonly network: Network;
    readonly domain: string;
};
/** The key of a client's record: `a192.0.2.1`, `a192.0.2.0/24`, or that, a separator and a domain. */
export declare function clientAutowhiteKey(parties: AutowhiteParties): string;
/** Reads a key back; undefined if it is not one of {@link clientAutowhiteKey}'s. */
export declare function parseClientAutowhiteKey(key: string): ParsedClientAutowhiteKey | undefined;
