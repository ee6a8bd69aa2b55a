import type { IpAddress } from './ip-address.js';
/** An address block. */
export interface Network {
    readonly family: 4 | 6;
    /** 4 or 16 bytes, network order; zero behind the prefix. */
    readonly bytes: Uint8Array;
    /** 0 to 32, or 0 to 128. */
    readonly prefix: number;
    /** Canonical text, always with the prefix: `192.0.2.0/24`, `2001:db8::/32`. */
    readonly text: string;
}
/**
 * Reads `192.0.2.0/24`, `2001:db8::/32`, or an address alone. Bits behind the prefix are cleared
 * rather than refused, as existing lists have them; who wants to warn compares the text.
 *
 * @returns undefined for anything else, also for an IPv4-mapped network wider than all of IPv4.
 */
export declare function parseNetwork(text: string): Network | undefined;
/** The block of this prefix around an address; a prefix beyond the address means the address alone. */
export declare function networkOf(address: IpAddress, prefix: number): Network;
/** Whether an address lies in a network; never for the other family. */
export declare function networkContains(network: Network, address: IpAddress): boolean;
