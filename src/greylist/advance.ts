import { isGenericName } from '../mail/generic-name.js';
import type { Correspondence, Source } from './correspondence.js';
import { findSource, isKnown, isLive, recognise } from './find-source.js';
import type { Recognition } from './find-source.js';
import { admitKin, learntLife, nameOf, passAtOnce, prefixFor, renewKnown } from './known-source.js';
import type { Advance, AttemptSource, GreylistSettings, Terms, WaitOutcome } from './outcome.js';
import { continueSeries, isPatient } from './patience.js';
import { isFullOfPassed, placeSource } from './source-list.js';
import { isOfAnotherClock } from './time-gap.js';

export type { Advance, AttemptSource, GreylistSettings, Outcome } from './outcome.js';

/**
 * All of greylisting: what becomes of an attempt, given what is remembered of its pair, and what was
 * found out about its client as {@link openInquiry} says.
 *
 * - A known source passes, whatever the settings say.
 * - A source that waits passes once the delay of now is over since its clock began, and is known
 *   from then on. Returning early neither restarts the clock nor prolongs the window.
 * - When its window, or its autowhite, has ended, a source is new.
 * - A new source that is proven to be the same client as another one passes if that is known, and
 *   otherwise takes over its clock. In either case it is a source of its own from then on.
 * - While learning, what would have to wait is known at once, as if it had passed, for a shorter
 *   time; what has passed before keeps the longer one.
 * - A pair that came back often enough over long enough passes from wherever it comes, unless its
 *   client is listed, looks dynamic, or must not send mail of this sender by SPF.
 * - If all places are taken by known sources, the pair is a pool, and what is new passes without
 *   being stored: taking the place of a known source would make that wait one day.
 * - A clock that begins in the future, because the time has stepped back, begins anew now. If that is
 *   more than a minute nobody can say how long the source has waited, and it passes.
 *
 * @param record what is stored of the pair; undefined if nothing is
 * @param now epoch milliseconds
 */
export function advance(
  record: Correspondence | undefined,
  attempt: AttemptSource,
  settings: GreylistSettings,
  now: number,
): Advance {
  const terms = { settings, now };
  if (record === undefined) return judge(EMPTY, NEVER_SEEN, attempt, terms);
  const own = ownSource(record, attempt, terms);
  if (own !== undefined && isKnown(own, now)) return renewKnown(record, own, attempt, terms);
  if (isFullOfPassed(record.sources, now)) {
    return { outcome: passAtOnce('pool', undefined, 1), next: record };
  }
  const same = recognise(record.sources, own, attempt, now);
  if (same !== undefined && isKnown(same.source, now)) {
    return admitKin(record, { own, kin: same.source, by: same.by }, attempt, terms);
  }
  return judge(record, { own, same }, attempt, terms);
}

/**
 * The clock that an attempt's source waits by already, without judging it; undefined if it is known,
 * new, or came too late.
 */
export function runningClock(
  record: Correspondence,
  attempt: AttemptSource,
  settings: GreylistSettings,
  now: number,
): number | undefined {
  const source = ownSource(record, attempt, { settings, now });
  return source === undefined || !isLive(source, now) || isKnown(source, now)
    ? undefined
    : Math.min(source.firstSeenAt, now);
}

/**
 * When the record as a whole is forgotten, epoch milliseconds: a day after the last of its sources
 * has ended, so that a client that came too late can be told from a new one.
 */
export function correspondenceExpiresAt(record: Correspondence): number {
  let latest = 0;
  for (const source of record.sources) latest = Math.max(latest, source.expiresAt);
  return latest + AFTERMATH_MS;
}

const AFTERMATH_MS = 24 * 60 * 60 * 1000;

const EMPTY: Correspondence = { series: undefined, sources: [] };

/** What an attempt has to do with the sources of its pair. */
interface Standing {
  /** The source of its network, living or ended. */
  readonly own: Source | undefined;
  /** The live source that it is the same client as, which may be `own`. */
  readonly same: Recognition | undefined;
}

const NEVER_SEEN: Standing = { own: undefined, same: undefined };

function ownSource(
  { sources }: Correspondence,
  { address }: Pick<AttemptSource, 'address'>,
  { settings, now }: Terms,
): Source | undefined {
  return findSource(sources, address, prefixFor(address, settings.network), now);
}

/** An attempt of a client that is not known. */
function judge(
  record: Correspondence,
  { own, same }: Standing,
  attempt: AttemptSource,
  terms: Terms,
): Advance {
  const { settings, now } = terms;
  const waiting = same?.source;
  const clockAt = clockFor(waiting, attempt, terms);
  const isMature =
    now - clockAt >= settings.delayMs || (waiting !== undefined && isOfAnotherClock(waiting, now));
  const series = continueSeries(record.series, settings, now);
  const passes = isMature || (isPatient(series, settings.patience, now) && !isDistrusted(attempt));
  const knownForMs = passes ? settings.autowhiteMs : learntLife(settings);
  const source: Source = {
    address: attempt.address,
    prefix: prefixOf(same, attempt, settings),
    name: nameOf(attempt, waiting),
    firstSeenAt: clockAt,
    lastSeenAt: now,
    attempts: waiting === undefined ? 1 : waiting.attempts + 1,
    passedAt: knownForMs === undefined ? undefined : now,
    expiresAt: knownForMs === undefined ? windowEnd(waiting, clockAt, terms) : now + knownForMs,
  };
  const next: Correspondence = {
    series: knownForMs === undefined ? series : undefined,
    sources: placeSource(record.sources, own, source, settings.retryWindowMs),
  };
  const { attempts } = source;
  const identity = same?.by;
  if (!passes) {
    const reason = waitReason(own, same);
    const waitMs = clockAt + settings.delayMs - now;
    return { outcome: { kind: 'wait', reason, identity, waitMs, attempts, clockAt }, next };
  }
  const reason = isMature ? 'greylist-passed' : 'patience';
  const delayedMs = now - (isMature ? clockAt : series.firstAt);
  return { outcome: { kind: 'pass', reason, identity, delayedMs, attempts, clockAt }, next };
}

/** The widest network that its source had; another client's says nothing about its own. */
function prefixOf(
  same: Recognition | undefined,
  { address }: AttemptSource,
  { network }: GreylistSettings,
): number {
  const prefix = prefixFor(address, network);
  return same?.by === 'network' ? Math.min(same.source.prefix, prefix) : prefix;
}

/** Whether patience is not for it, since it may be a bot that never tires. */
function isDistrusted({ address, name, isListed, proof }: AttemptSource): boolean {
  const looksDynamic = name !== undefined && isGenericName(name, address);
  return isListed || looksDynamic || proof?.spfFails === true;
}

function waitReason(own: Source | undefined, same: Recognition | undefined): WaitOutcome['reason'] {
  if (same !== undefined) return 'greylist-early';
  return own === undefined ? 'greylist-new' : 'greylist-expired';
}

/**
 * When the clock of a waiting or new source began; never in the future. The clock of the
 * transaction goes before if it began earlier, unless its window is over.
 */
function clockFor(
  waiting: Source | undefined,
  { clockAt: sharedAt }: AttemptSource,
  { settings, now }: Terms,
): number {
  const ownAt = waiting === undefined ? now : Math.min(waiting.firstSeenAt, now);
  if (sharedAt === undefined || sharedAt >= ownAt) return ownAt;
  return now - sharedAt < settings.retryWindowMs ? sharedAt : ownAt;
}

/**
 * The end of a retry window. A setting that is longer now prolongs it, a shorter one does not cut
 * it; one whose clock had to begin anew begins anew as well.
 */
function windowEnd(waiting: Source | undefined, clockAt: number, { settings, now }: Terms): number {
  const end = clockAt + settings.retryWindowMs;
  return waiting === undefined || waiting.firstSeenAt > now
    ? end
    : Math.max(waiting.expiresAt, end);
}
