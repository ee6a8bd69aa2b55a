import type { IpAddress } from '../../mail/ip-address.js';
import type { ListEntry } from '../condition.js';
import type { ClientEntry } from './client-entry.js';
import type { EntrySet } from './entry-set.js';
/** Whom a client list is asked for. */
export interface ClientSubject {
    readonly clientAddress: IpAddress | undefined;
    /** Verified. */
    readonly clientName: string | undefined;
}
/** Clients by address, and those that no address has by name. */
export declare function createClientSet(entries: readonly ListEntry<ClientEntry>[]): EntrySet<ClientSubject, ClientEntry>;
