import type { IpAddress } from '../../mail/ip-address.js';
import type { Network } from '../../mail/network.js';
import type { ListEntry } from '../condition.js';
import type { EntrySet } from './entry-set.js';
/** An entry that is a network. */
interface NetworkEntry {
    readonly network: Network;
}
/**
 * Networks in which an address is found by one binary search: nested ones are cut into stretches
 * that do not overlap, each of which belongs to its narrowest network. IPv4 and IPv6 apart.
 */
export declare function createNetworkSet<Entry extends NetworkEntry>(entries: readonly ListEntry<Entry>[]): EntrySet<IpAddress, Entry>;
export {};
