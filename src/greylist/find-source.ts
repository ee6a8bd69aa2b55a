import { commonPrefixLength } from '../mail/ip-address.js';
import type { IpAddress } from '../mail/ip-address.js';
import type { Source } from './correspondence.js';

/**
 * The stored source that an attempt belongs to; undefined if its source is new. The one place that
 * decides whether a client is the same as before.
 *
 * Today that is its network: the wider of the one stored with the source and the one set now, so
 * that narrowing the setting never delays a known triplet. Proofs of identity by SPF and by host
 * name are further ways to match here, after the network has failed.
 *
 * After the setting was widened several sources may match. One that has passed and lives comes
 * first, of several the one that lives longest; then one that waits, of several the one whose clock
 * began first; and one that has ended only if there is nothing else.
 */
export function findSource(
  sources: readonly Source[],
  address: IpAddress,
  prefix: number,
  now: number,
): Source | undefined {
  let best: Source | undefined;
  for (const source of sources) {
    const isSame = commonPrefixLength(source.address, address) >= Math.min(source.prefix, prefix);
    if (isSame && (best === undefined || isBetter(source, best, now))) best = source;
  }
  return best;
}

/** Whether the source still counts: its end is the first instant at which it does not. */
export function isLive(source: Source, now: number): boolean {
  return now < source.expiresAt;
}

/** A source that has passed. */
export interface PassedSource extends Source {
  readonly passedAt: number;
}

/** Whether the source has passed and lives, so that its mail never waits. */
export function isKnown(source: Source, now: number): source is PassedSource {
  return source.passedAt !== undefined && isLive(source, now);
}

function isBetter(source: Source, best: Source, now: number): boolean {
  const rank = rankOf(source, now);
  const bestRank = rankOf(best, now);
  if (rank !== bestRank) return rank > bestRank;
  return rank === PASSED
    ? source.expiresAt > best.expiresAt
    : source.firstSeenAt < best.firstSeenAt;
}

const ENDED = 0;
const WAITING = 1;
const PASSED = 2;

function rankOf(source: Source, now: number): number {
  if (isKnown(source, now)) return PASSED;
  return isLive(source, now) ? WAITING : ENDED;
}
