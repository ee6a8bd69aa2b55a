import { commonPrefixLength } from '../mail/ip-address.js';
import type { Correspondence, Source } from './correspondence.js';
import { isKnown, isLive } from './find-source.js';
import type { PassedSource } from './find-source.js';
import { learntLife, lifeOf, nameOf, passAtOnce, prefixFor } from './known-source.js';
import type { Advance, AttemptSource, GreylistSettings, Terms } from './outcome.js';
import { isFullOfPassed, placeSource } from './source-list.js';
import { isOfAnotherClock } from './time-gap.js';

/**
 * Greylisting as milter-greylist does it; the counterpart of `advance`.
 *
 * - A triplet that waits keeps the time at which it may pass, whatever the delay is by then. Its
 *   window is counted from that time on.
 * - While it waits, upper and lower case are different; once it has passed they are the same. Of
 *   several that match the one counts that began first.
 * - A known triplet is renewed by each mail, for as long as the ruling of this mail says.
 * - With an autowhite of 0 nothing is known: what passes is forgotten at once.
 * - With a delay of 0 a new triplet passes, and is known from its next mail on.
 * - Nobody is told from others by more than the address, and recipients share no clocks.
 *
 * Other than there, a clock that has stepped back makes nobody wait longer, and narrowing the network
 * shuts nobody out; and if all places are taken by known sources, what is new passes, since it could
 * not be remembered.
 *
 * What our own strategy has stored is taken over: a source that waits passes a delay after its clock
 * began.
 */
export function advanceAsMilterGreylist(
  record: Correspondence | undefined,
  attempt: AttemptSource,
  settings: GreylistSettings,
  now: number,
): Advance {
  const terms = { settings, now };
  if (record === undefined) return begin(NOTHING, attempt, terms);
  const found = findMatch(record, attempt, terms);
  if (found === undefined) return begin(record, attempt, terms);
  return isKnown(found, now) ? renew(record, found, terms) : retry(record, found, attempt, terms);
}

const NOTHING: Correspondence = { series: undefined, sources: [] };

/** The store counts in seconds, as milter-greylist does. */
const SECOND_MS = 1000;

/** milter-greylist's times are the last at which something holds, ours the first at which it does not. */
function endAfter(lastAt: number): number {
  return lastAt + 1;
}

function findMatch(
  { sources }: Correspondence,
  attempt: AttemptSource,
  { settings, now }: Terms,
): Source | undefined {
  return sources.find((source) => {
    if (!isLive(source, now) || !isSameClient(source, attempt, settings)) return false;
    return isKnown(source, now) ? settings.autowhiteMs > 0 : isSpeltAlike(source, attempt);
  });
}

function isSameClient(
  { address, prefix }: Source,
  attempt: AttemptSource,
  { network }: GreylistSettings,
): boolean {
  const wanted = Math.min(prefix, prefixFor(attempt.address, network));
  return commonPrefixLength(address, attempt.address) >= wanted;
}

/** What our own strategy has stored waits for any spelling. */
function isSpeltAlike({ acceptAt, spelling }: Source, attempt: AttemptSource): boolean {
  return acceptAt === undefined || spelling === attempt.spelling;
}

/** The first attempt of a triplet. */
function begin(record: Correspondence, attempt: AttemptSource, terms: Terms): Advance {
  const { settings, now } = terms;
  if (isFullOfPassed(record.sources, now)) {
    return { outcome: passAtOnce('pool', undefined, 1), next: record };
  }
  const ended = record.sources.find(
    (source) => !isLive(source, now) && isSameClient(source, attempt, settings),
  );
  const acceptAt = now + settings.delayMs;
  const learntMs = learntLife(settings);
  const source: Source = {
    address: attempt.address,
    prefix: prefixFor(attempt.address, settings.network),
    name: attempt.name,
    firstSeenAt: now,
    lastSeenAt: now,
    attempts: 1,
    ...(learntMs === undefined
      ? { passedAt: undefined, ...waiting(attempt, acceptAt, settings) }
      : { passedAt: now, expiresAt: now + learntMs }),
  };
  const others = record.sources.filter((other) => other !== ended);
  const next = withSource({ ...record, sources: others }, undefined, source, settings);
  if (settings.delayMs <= 0) {
    const reason = 'greylist-passed';
    const outcome = {
      kind: 'pass',
      reason,
      identity: undefined,
      delayedMs: 0,
      attempts: 1,
    } as const;
    return { outcome: { ...outcome, clockAt: now }, next };
  }
  const reason = ended === undefined ? 'greylist-new' : 'greylist-expired';
  const waitMs = settings.delayMs;
  const outcome = { kind: 'wait', reason, identity: undefined, waitMs, attempts: 1 } as const;
  return { outcome: { ...outcome, clockAt: now }, next };
}

function waiting(
  { spelling }: AttemptSource,
  acceptAt: number,
  { retryWindowMs }: GreylistSettings,
): Pick<Source, 'acceptAt' | 'spelling' | 'expiresAt'> {
  return {
    expiresAt: endAfter(acceptAt + retryWindowMs),
    acceptAt,
    ...(spelling !== undefined && { spelling }),
  };
}

/** A further attempt of a triplet that waits. */
function retry(
  record: Correspondence,
  source: Source,
  attempt: AttemptSource,
  terms: Terms,
): Advance {
  const { settings, now } = terms;
  const { firstSeenAt, prefix } = source;
  const given = source.acceptAt ?? firstSeenAt + settings.delayMs;
  const acceptAt = isOfAnotherClock(source, now) ? now : given - Math.max(0, firstSeenAt - now);
  const seen = {
    address: source.address,
    prefix: Math.min(prefix, prefixFor(source.address, settings.network)),
    name: nameOf(attempt, source),
    firstSeenAt: Math.min(firstSeenAt, now),
    lastSeenAt: now,
    attempts: source.attempts + 1,
  };
  const { attempts, firstSeenAt: clockAt } = seen;
  const place = (next: Source): Correspondence => withSource(record, source, next, settings);
  if (now >= acceptAt) {
    const { autowhiteMs } = settings;
    const known: Source =
      autowhiteMs > 0
        ? { ...seen, passedAt: now, expiresAt: endAfter(now + autowhiteMs) }
        : { ...seen, passedAt: undefined, expiresAt: now };
    // What passed at once has not waited, though it is only known now.
    const delayedMs = given > firstSeenAt ? now - clockAt : 0;
    const reason = 'greylist-passed';
    const outcome = { kind: 'pass', reason, identity: 'network', delayedMs, attempts } as const;
    return { outcome: { ...outcome, clockAt, knownForMs: autowhiteMs }, next: place(known) };
  }
  const learntMs = learntLife(settings);
  const { expiresAt, ...rest } = waiting(attempt, acceptAt, settings);
  const next: Source =
    learntMs === undefined
      ? { ...seen, ...rest, passedAt: undefined, expiresAt: Math.max(source.expiresAt, expiresAt) }
      : { ...seen, passedAt: now, expiresAt: now + learntMs };
  const waitMs = acceptAt - now;
  const outcome = { kind: 'wait', reason: 'greylist-early', identity: 'network', waitMs } as const;
  return { outcome: { ...outcome, attempts, clockAt }, next: place(next) };
}

/** A mail of a known triplet. */
function renew(record: Correspondence, source: PassedSource, terms: Terms): Advance {
  const { settings, now } = terms;
  const lifeMs = lifeOf(source, settings);
  const isLearnt = lifeMs === learntLife(settings);
  const expiresAt = isLearnt ? now + lifeMs : endAfter(now + lifeMs);
  const attempts = source.attempts + 1;
  const outcome = {
    ...passAtOnce('greylist-known', 'network', attempts),
    knownForMs: lifeMs,
  };
  if (Math.abs(expiresAt - source.expiresAt) < SECOND_MS) return { outcome, next: record };
  const renewed: Source = {
    ...source,
    firstSeenAt: Math.min(source.firstSeenAt, now),
    lastSeenAt: now,
    passedAt: Math.min(source.passedAt, now),
    attempts,
    expiresAt,
  };
  return { outcome, next: withSource(record, source, renewed, settings) };
}

function withSource(
  { series, sources }: Correspondence,
  replaced: Source | undefined,
  next: Source,
  { retryWindowMs }: GreylistSettings,
): Correspondence {
  return { series, sources: placeSource(sources, replaced, next, retryWindowMs) };
}
