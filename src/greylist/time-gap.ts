import type { Correspondence, Source } from './correspondence.js';

/**
 * A stretch of time of which nobody knows how long it was: a clock has jumped. What was last seen
 * before its end is from before the gap. Epoch milliseconds; the gap may be empty, where the time that
 * others say has passed does not count.
 */
export interface TimeGap {
  readonly beganAt: number;
  readonly endedAt: number;
}

/** Clocks that are kept differ by seconds. */
const MAX_CLOCK_ERROR_MS = 60_000;

/** Time enough for another look, which makes a known source live on. */
const GRACE_MS = 24 * 60 * 60 * 1000;

/**
 * Whether the clock of a source begins so far in the future that it was another one that showed that
 * time: how long the source has waited nobody can say, and it must not be for too long.
 */
export function isOfAnotherClock({ firstSeenAt }: Source, now: number): boolean {
  return firstSeenAt - now > MAX_CLOCK_ERROR_MS;
}

/**
 * A record as it is to be read after a gap. What lived when the gap began lives on, so that no jump
 * ends it; and if it waits it has waited long enough, for it may have. The very record that was given
 * if none of it is from before the gap.
 */
export function readAcross(gap: TimeGap, record: Correspondence, now: number): Correspondence {
  if (!record.sources.some((source) => isCutShort(source, gap))) return record;
  const sources = record.sources.map((source) =>
    isCutShort(source, gap) ? livingOn(source, now) : source,
  );
  return { series: record.series, sources };
}

function isCutShort({ lastSeenAt, expiresAt }: Source, { beganAt, endedAt }: TimeGap): boolean {
  return lastSeenAt < endedAt && expiresAt > beganAt;
}

function livingOn(source: Source, now: number): Source {
  const expiresAt = Math.max(source.expiresAt, now + GRACE_MS);
  if (source.passedAt !== undefined) return { ...source, expiresAt };
  return { ...source, expiresAt, firstSeenAt: now + GRACE_MS };
}
