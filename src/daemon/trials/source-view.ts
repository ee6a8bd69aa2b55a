import { decodeClientAutowhite } from '../../greylist/client-autowhite-codec.js';
import { decodeCorrespondence } from '../../greylist/correspondence-codec.js';
import type { CorrespondenceParties } from '../../greylist/correspondence-key.js';
import type { Correspondence } from '../../greylist/correspondence.js';
import { findSource, isKnown, isLive } from '../../greylist/find-source.js';
import { networkOf } from '../../mail/network.js';

/** One client network that has tried to deliver, for people. Instants are epoch milliseconds. */
export interface SourceView {
  readonly network: string;
  /** The address and the verified name of its last stored attempt. */
  readonly address: string;
  readonly name: string | undefined;
  /** `ended`: its retry window or its autowhite is over. */
  readonly state: 'pending' | 'passed' | 'ended';
  /** Whether the client that is asked about belongs to it. */
  readonly isClient: boolean;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly attempts: number;
  readonly expiresAt: number;
}

/** What a record says; nothing if it cannot be read, as the daemon then takes the pair for new. */
export function viewSources(
  value: Uint8Array,
  { client, network }: Pick<CorrespondenceParties, 'client' | 'network'>,
  now: number,
): readonly SourceView[] {
  const sources = readSources(value);
  const own = findSource(sources, client, client.family === 4 ? network.ipv4 : network.ipv6, now);
  return sources.map((source) => ({
    network: networkOf(source.address, source.prefix).text,
    address: source.address.text,
    name: source.name,
    state: isKnown(source, now) ? 'passed' : isLive(source, now) ? 'pending' : 'ended',
    isClient: source === own,
    firstSeenAt: source.firstSeenAt,
    lastSeenAt: source.lastSeenAt,
    attempts: source.attempts,
    expiresAt: source.expiresAt,
  }));
}

/** What a client has earned, for people. */
export interface ClientView {
  /** First passes that have counted. */
  readonly points: number;
  readonly isExempt: boolean;
  readonly expiresAt: number;
}

/** What a client's record says; nothing if it has ended, or cannot be read. */
export function viewClient(value: Uint8Array, now: number): ClientView | undefined {
  try {
    const { points, isExempt, expiresAt } = decodeClientAutowhite(value);
    return now < expiresAt ? { points, isExempt, expiresAt } : undefined;
  } catch {
    return undefined;
  }
}

function readSources(value: Uint8Array): Correspondence['sources'] {
  try {
    return decodeCorrespondence(value).sources;
  } catch {
    return [];
  }
}
