import type { Correspondence, Source } from './correspondence.js';
import { isKnown, isLive } from './find-source.js';

/** Who is let through by hand, and for how long. */
export interface Release {
  readonly isMeant: (source: Source) => boolean;
  /** How long it is known from now on, in milliseconds. */
  readonly autowhiteMs: number;
}

/**
 * The record as if its waiting sources that are meant had passed now; undefined if none of them waits.
 * What is known already, and what came too late, stays as it is. Nothing is counted for a client by
 * this: it has not come back.
 */
export function releaseSources(
  record: Correspondence,
  { isMeant, autowhiteMs }: Release,
  now: number,
): { readonly next: Correspondence; readonly released: readonly Source[] } | undefined {
  const released: Source[] = [];
  const sources = record.sources.map((source) => {
    if (!isLive(source, now) || isKnown(source, now) || !isMeant(source)) return source;
    const passing = { ...source, passedAt: now, expiresAt: now + autowhiteMs };
    released.push(passing);
    return passing;
  });
  return released.length === 0 ? undefined : { next: { series: undefined, sources }, released };
}
