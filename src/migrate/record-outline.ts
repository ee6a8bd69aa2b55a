import type { Correspondence } from '../greylist/correspondence.js';
import { isKnown, isLive } from '../greylist/find-source.js';
import { networkOf } from '../mail/network.js';
import type { Network } from '../mail/network.js';

/**
 * Where a client stands: it waits; it has passed, as a triplet; it passes whatever it sends (autowhite), by
 * its own record; or that is over.
 */
export const recordStates = ['pending', 'passed', 'autowhite', 'ended'] as const;

export type RecordState = (typeof recordStates)[number];

/** A client of a record, as far as filters go. */
export interface OutlinedClient {
  /** Undefined where it may come from everywhere. */
  readonly network: Network | undefined;
  readonly state: RecordState;
  /** Epoch milliseconds; where nobody keeps the first time, the earliest that is kept. */
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
}

/** What filters look at; a kind of record without a sender or recipient leaves them out. */
export interface RecordOutline {
  readonly kind: string;
  /** Empty for the null sender. */
  readonly sender?: string;
  readonly recipient?: string;
  /** Takes longer than all else, and is only done if it is asked for. */
  clients(now: number): readonly OutlinedClient[];
}

/** The clients of a pair. */
export function clientsOf({ sources }: Correspondence, now: number): readonly OutlinedClient[] {
  return sources.map((source) => ({
    network: networkOf(source.address, source.prefix),
    state: isKnown(source, now) ? 'passed' : isLive(source, now) ? 'pending' : 'ended',
    firstSeenAt: source.firstSeenAt,
    lastSeenAt: source.lastSeenAt,
  }));
}
