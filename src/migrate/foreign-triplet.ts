import type { NetworkPrefixes } from '../greylist/correspondence-key.js';
import { correspondenceKey } from '../greylist/correspondence-key.js';
import type { Source } from '../greylist/correspondence.js';
import type { IpAddress } from '../mail/ip-address.js';
import { clientAutowhiteKey } from '../greylist/client-autowhite-key.js';
import type { ClientAutowhiteSettings } from '../greylist/client-autowhite.js';
import { recordOfClient } from './client-record.js';
import { recordOf } from './record-kinds.js';
import type { StoredRecord } from './stored-record.js';

/** What another greylister knows of a triplet. Instants are epoch milliseconds. */
export interface ForeignTriplet {
  readonly client: ForeignClient;
  /** As it stands there; empty for the null sender. */
  readonly sender: string;
  readonly recipient: string;
  readonly firstAt: number;
  readonly lastAt: number;
}

/** An address, and how much of it counts. */
export interface ForeignClient {
  readonly address: IpAddress;
  readonly prefix: number;
}

/** How often mail of a client has passed at another greylister. */
export interface ClientPoints {
  readonly address: IpAddress;
  readonly points: number;
  /** Epoch milliseconds. */
  readonly lastAt: number;
}

/** Under which settings triplets of others become records of ours. Durations are milliseconds. */
export interface ForeignTerms {
  /** Epoch milliseconds. */
  readonly now: number;
  /** The other's delay: what came back that long after its first attempt has passed. */
  readonly delayMs: number;
  readonly retryWindowMs: number;
  /** How long a triplet with this sender is known after its last mail. */
  readonly lifeMs: (sender: string) => number;
  readonly network: NetworkPrefixes;
  /** Undefined if clients are not autowhitelisted here. */
  readonly clientAutowhite: ClientAutowhiteSettings | undefined;
  /** The form of an address in keys. */
  readonly senderForm: (sender: string) => string;
  readonly recipientForm: (recipient: string) => string;
  /** How a triplet that waits is spelt, if not as in its key; absent where that is of no account. */
  readonly spelling?: (sender: string, recipient: string) => string | undefined;
  /** Whether a client is known by any of its triplets. */
  readonly isLazy?: boolean;
}

/**
 * The record that a triplet of another greylister makes; undefined if it would be forgotten by now.
 * Whether it has passed follows from its times. A time in the future, from a clock that was set back
 * since, is taken for now.
 */
export function recordOfTriplet(
  { client, sender, recipient, firstAt, lastAt }: ForeignTriplet,
  terms: ForeignTerms,
): StoredRecord | undefined {
  const { now } = terms;
  const hasPassed = lastAt - firstAt >= terms.delayMs;
  const firstSeenAt = Math.min(firstAt, now);
  const lastSeenAt = Math.max(Math.min(lastAt, now), firstSeenAt);
  const source: Source = {
    ...client,
    name: undefined,
    firstSeenAt,
    lastSeenAt,
    attempts: lastSeenAt === firstSeenAt ? 1 : 2,
    passedAt: hasPassed ? lastSeenAt : undefined,
    expiresAt: hasPassed ? lastSeenAt + terms.lifeMs(sender) : firstSeenAt + terms.retryWindowMs,
  };
  if (source.expiresAt <= now) return undefined;
  const key = correspondenceKey({
    sender: sender === '' ? '' : terms.senderForm(sender),
    recipient: terms.recipientForm(recipient),
    client: client.address,
    network: terms.network,
  });
  const series = hasPassed
    ? undefined
    : { firstAt: firstSeenAt, lastReturnAt: firstSeenAt, returns: 0 };
  return recordOf(key, { series, sources: [source] });
}

/**
 * The record that a client's passes make; undefined if passes are not counted by address here. The
 * other has not told from how many sender domains they came: what is enough passes is believed.
 */
export function recordOfPoints(
  { address, points, lastAt }: ClientPoints,
  { now, network, clientAutowhite: settings }: ForeignTerms,
): StoredRecord | undefined {
  if (settings?.count !== 'address') return undefined;
  const lastPointAt = Math.min(lastAt, now);
  const parties = { count: settings.count, client: address, network, senderDomain: '' };
  return recordOfClient(clientAutowhiteKey(parties), {
    points,
    lastPointAt,
    witnesses: [],
    host: undefined,
    isExempt: points >= settings.after,
    lastSeenAt: lastPointAt,
    expiresAt: lastPointAt + settings.forMs,
  });
}
