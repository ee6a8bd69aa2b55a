import type { ListEntry } from '../condition.js';
import type { AddressEntry } from './address-entry.js';
import type { EntrySet } from './entry-set.js';
/** Whom an address list is asked for; both empty for the null sender. */
export interface AddressSubject {
    readonly localPart: string;
    readonly domain: string;
}
/** Addresses: one look for each form, one for each label of the domain, and then the patterns. */
export declare function createAddressSet(entries: readonly ListEntry<AddressEntry>[]): EntrySet<AddressSubject, AddressEntry>;
