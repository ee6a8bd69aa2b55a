import { commonPrefixLength } from '../mail/ip-address.js';
import type { IpAddress } from '../mail/ip-address.js';
import type { Source } from './correspondence.js';
import type { Identity } from './identity.js';
import type { AttemptSource } from './outcome.js';

/**
 * The stored source whose network an address is in: the wider of the one stored with the source and
 * the one set now, so that narrowing the setting never delays a known triplet. Undefined if it is in
 * none.
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

/** A live source that an attempt's client is the same as, and what shows it. */
export interface Recognition {
  readonly source: Source;
  readonly by: Identity;
}

/**
 * The one place that decides whether a client is the same as before: it is if `own`, the source of
 * its network, lives; or if it was proven to be the same as another one that does. Of several the
 * best, as above.
 */
export function recognise(
  sources: readonly Source[],
  own: Source | undefined,
  { proof }: AttemptSource,
  now: number,
): Recognition | undefined {
  if (own !== undefined && isLive(own, now)) return { source: own, by: 'network' };
  if (proof === undefined || proof.sameAs.size === 0) return undefined;
  let best: Recognition | undefined;
  for (const source of sources) {
    const by = proof.sameAs.get(source.address.text);
    if (by === undefined || !isLive(source, now)) continue;
    if (best === undefined || isBetter(source, best.source, now)) best = { source, by };
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

/** Whether an attempt of `source` fares better than one of `best`. */
export function isBetter(source: Source, best: Source, now: number): boolean {
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
