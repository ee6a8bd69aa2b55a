import type { IpAddress } from '../../mail/ip-address.js';
import type { ListEntry } from '../condition.js';
import { visitInSteps, type Steps } from '../steps.js';
import type { ClientEntry } from './client-entry.js';
import type { EntrySet } from './entry-set.js';
import type { NameEntry } from './name-entry.js';
import { createNameSet } from './name-set.js';
import { createNetworkSet } from './network-set.js';

/** Whom a client list is asked for. */
export interface ClientSubject {
  readonly clientAddress: IpAddress | undefined;
  /** Verified. */
  readonly clientName: string | undefined;
}

type NetworkEntry = Extract<ClientEntry, { readonly kind: 'network' }>;

/** Clients by address, and those that no address has by name. */
export function* createClientSet(
  entries: readonly ListEntry<ClientEntry>[],
): Steps<EntrySet<ClientSubject, ClientEntry>> {
  const networks: ListEntry<NetworkEntry>[] = [];
  const names: ListEntry<NameEntry>[] = [];
  let nameless: ListEntry<ClientEntry> | undefined;
  yield* visitInSteps(entries, (entry) => {
    const { value, place } = entry;
    if (value.kind === 'network') networks.push({ value, place });
    else if (value.kind === 'nameless') nameless ??= entry;
    else names.push({ value, place });
  });
  const byAddress = yield* createNetworkSet(networks);
  const byName = yield* createNameSet(names);
  return {
    size: entries.length,
    find: ({ clientAddress, clientName }) =>
      (clientAddress === undefined ? undefined : byAddress.find(clientAddress)) ??
      (clientName === undefined ? nameless : byName.find(clientName)),
  };
}
