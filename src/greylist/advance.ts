import { commonPrefixLength } from '../mail/ip-address.js';
import type { IpAddress } from '../mail/ip-address.js';
import type { Correspondence, Source } from './correspondence.js';
import type { NetworkPrefixes } from './correspondence-key.js';
import { findSource, isKnown, isLive } from './find-source.js';
import type { PassedSource } from './find-source.js';
import { continueSeries, isPatient } from './patience.js';
import type { Patience } from './patience.js';
import { isFullOfPassed, placeSource } from './source-list.js';

/** Who attempts to deliver. */
export interface AttemptSource {
  readonly address: IpAddress;
  /** Its verified name. */
  readonly name: string | undefined;
  /**
   * The earliest running clock that this sender and source have with another recipient of the same
   * transaction, so that all of them pass together; from {@link Outcome}'s `clockAt`.
   */
  readonly clockAt: number | undefined;
}

/** The settings of the ruling in force now. Durations are whole milliseconds. */
export interface GreylistSettings {
  readonly delayMs: number;
  readonly retryWindowMs: number;
  readonly autowhiteMs: number;
  /**
   * While learning: what would have to wait is known for so long at once, but never for longer than
   * what has passed. Undefined if it waits.
   */
  readonly learnForMs: number | undefined;
  /** False for null and probing senders, whose life is not prolonged by their mail. */
  readonly renew: boolean;
  readonly network: NetworkPrefixes;
  readonly patience: Patience | undefined;
}

/** What becomes of an attempt. */
export type Outcome = WaitOutcome | PassOutcome;

/** The attempt is put off; while learning it would be. */
export interface WaitOutcome {
  readonly kind: 'wait';
  readonly reason: 'greylist-new' | 'greylist-early' | 'greylist-expired';
  /** From 1 to the delay, whatever the clock does. */
  readonly waitMs: number;
  /** How often this source has tried in this retry window. */
  readonly attempts: number;
  /** The clock it waits by; other recipients of the transaction may share it. */
  readonly clockAt: number;
}

/** The attempt passes. */
export interface PassOutcome {
  readonly kind: 'pass';
  readonly reason: 'greylist-passed' | 'greylist-known' | 'patience' | 'pool';
  /** Since the first attempt; with patience, since the pair's; 0 for what did not have to wait. */
  readonly delayedMs: number;
  /** How often this source has tried; of a known one only those attempts that were stored. */
  readonly attempts: number;
  /**
   * The clock it has waited by; other recipients of the transaction may share it. A source that was
   * known before has none: what is new beside it waits.
   */
  readonly clockAt: number | undefined;
}

/** An outcome, and the record that must be stored before anybody hears of it. */
export interface Advance {
  readonly outcome: Outcome;
  /** The very record that was given if there is nothing to store. */
  readonly next: Correspondence;
}

/** A known source is renewed no more often than this, to spare the store; unless it soon ends. */
const RENEWAL_INTERVAL_MS = 24 * 60 * 60 * 1000;

/**
 * All of greylisting: what becomes of an attempt, given what is remembered of its pair.
 *
 * - A known source passes, whatever the settings say.
 * - A source that waits passes once the delay of now is over since its clock began, and is known
 *   from then on. Returning early neither restarts the clock nor prolongs the window.
 * - When its window, or its autowhite, has ended, a source is new.
 * - While learning, what would have to wait is known at once, as if it had passed, for a shorter
 *   time; what has passed before keeps the longer one.
 * - A pair that came back often enough over long enough passes from wherever it comes.
 * - If all places are taken by known sources, the pair is a pool, and what is new passes without
 *   being stored: taking the place of a known source would make that wait one day.
 * - A clock that begins in the future, because the time has stepped back, begins anew now.
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
  if (record === undefined) return judge(EMPTY, undefined, attempt, { settings, now });
  const prefix = prefixFor(attempt.address, settings.network);
  const source = findSource(record.sources, attempt.address, prefix, now);
  if (source !== undefined && isKnown(source, now)) {
    return recognise(record, source, attempt, { settings, now });
  }
  if (isFullOfPassed(record.sources, now)) {
    return { outcome: passed('pool', 1), next: record };
  }
  return judge(record, source, attempt, { settings, now });
}

/**
 * The clock that an attempt's source waits by already, without judging it; undefined if it is known,
 * new, or came too late.
 */
export function runningClock(
  record: Correspondence,
  { address }: AttemptSource,
  { network }: GreylistSettings,
  now: number,
): number | undefined {
  const source = findSource(record.sources, address, prefixFor(address, network), now);
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

/** Under which settings, and when. */
interface Terms {
  readonly settings: GreylistSettings;
  readonly now: number;
}

function prefixFor(address: IpAddress, network: NetworkPrefixes): number {
  return address.family === 4 ? network.ipv4 : network.ipv6;
}

function passed(reason: 'pool' | 'greylist-known', attempts: number): PassOutcome {
  return { kind: 'pass', reason, delayedMs: 0, attempts, clockAt: undefined };
}

/**
 * A known source passes. It is stored again when it is due for renewal, and when its address was
 * only recognised by a setting that is wider than when the source was stored: narrowing the setting
 * later must not shut this address out again.
 */
function recognise(
  record: Correspondence,
  source: PassedSource,
  attempt: AttemptSource,
  { settings, now }: Terms,
): Advance {
  const outcome = passed('greylist-known', source.attempts + 1);
  const lifeMs = lifeOf(source, settings);
  const isDue =
    settings.renew &&
    (now - source.lastSeenAt >= RENEWAL_INTERVAL_MS || (source.expiresAt - now) * 2 < lifeMs);
  const isCovered = commonPrefixLength(source.address, attempt.address) >= source.prefix;
  if (!isDue && isCovered) return { outcome, next: record };
  const renewed: Source = {
    address: attempt.address,
    prefix: Math.min(source.prefix, prefixFor(attempt.address, settings.network)),
    name: nameOf(attempt, source),
    firstSeenAt: Math.min(source.firstSeenAt, now),
    lastSeenAt: now,
    attempts: outcome.attempts,
    passedAt: Math.min(source.passedAt, now),
    expiresAt: isDue ? Math.max(source.expiresAt, now + lifeMs) : source.expiresAt,
  };
  const sources = placeSource(record.sources, source, renewed, settings.retryWindowMs);
  return { outcome, next: { series: record.series, sources } };
}

/**
 * How long its mail makes a known source live. One that has passed was given more than a learnt life
 * by its last renewal; while learning, what has no more than that never came back after a delay, and
 * its further mail proves no more than its first.
 */
function lifeOf(source: PassedSource, settings: GreylistSettings): number {
  const learntMs = learntLife(settings);
  const isLearnt = learntMs !== undefined && source.expiresAt - source.lastSeenAt <= learntMs;
  return isLearnt ? learntMs : settings.autowhiteMs;
}

function learntLife({ learnForMs, autowhiteMs }: GreylistSettings): number | undefined {
  return learnForMs === undefined ? undefined : Math.min(learnForMs, autowhiteMs);
}

/** A source that is not known: `stored` waits, has ended, or is undefined if it is new. */
function judge(
  record: Correspondence,
  stored: Source | undefined,
  attempt: AttemptSource,
  terms: Terms,
): Advance {
  const { settings, now } = terms;
  const waiting = stored !== undefined && isLive(stored, now) ? stored : undefined;
  const clockAt = clockFor(waiting, attempt, terms);
  const isMature = now - clockAt >= settings.delayMs;
  const series = continueSeries(record.series, settings, now);
  const passes = isMature || isPatient(series, settings.patience, now);
  const knownForMs = passes ? settings.autowhiteMs : learntLife(settings);
  const prefix = prefixFor(attempt.address, settings.network);
  const source: Source = {
    address: attempt.address,
    prefix: waiting === undefined ? prefix : Math.min(waiting.prefix, prefix),
    name: nameOf(attempt, waiting),
    firstSeenAt: clockAt,
    lastSeenAt: now,
    attempts: waiting === undefined ? 1 : waiting.attempts + 1,
    passedAt: knownForMs === undefined ? undefined : now,
    expiresAt: knownForMs === undefined ? windowEnd(waiting, clockAt, terms) : now + knownForMs,
  };
  const next: Correspondence = {
    series: knownForMs === undefined ? series : undefined,
    sources: placeSource(record.sources, stored, source, settings.retryWindowMs),
  };
  const { attempts } = source;
  if (!passes) {
    const waitMs = clockAt + settings.delayMs - now;
    return {
      outcome: { kind: 'wait', reason: waitReason(stored, now), waitMs, attempts, clockAt },
      next,
    };
  }
  const reason = isMature ? 'greylist-passed' : 'patience';
  const delayedMs = now - (isMature ? clockAt : series.firstAt);
  return { outcome: { kind: 'pass', reason, delayedMs, attempts, clockAt }, next };
}

function waitReason(stored: Source | undefined, now: number): WaitOutcome['reason'] {
  if (stored === undefined) return 'greylist-new';
  return isLive(stored, now) ? 'greylist-early' : 'greylist-expired';
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

/** A name that could not be confirmed this time is kept if the address has not changed. */
function nameOf(attempt: AttemptSource, stored: Source | undefined): string | undefined {
  if (attempt.name !== undefined || stored === undefined) return attempt.name;
  return stored.address.text === attempt.address.text ? stored.name : undefined;
}
