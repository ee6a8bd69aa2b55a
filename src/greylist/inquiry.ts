import type { Correspondence, Source } from './correspondence.js';
import { isKnown, isLive } from './find-source.js';
import type { Outcome, Terms } from './outcome.js';

/** What is worth finding out about an attempt's client before an outcome is taken for the last word. */
export interface Inquiry {
  /**
   * Other sources of the pair that it may be the same client as: known ones first, then those that
   * wait, and of both the most recent first.
   */
  readonly relatives: readonly Source[];
  /** Patience is about to let it pass, unless SPF fails. */
  readonly isPatient: boolean;
}

/**
 * What is worth finding out before an outcome that was found without asking anybody stands. Nothing,
 * hence undefined, if the pair is new or the source is listed; and if it passes anyway.
 *
 * @param record what `advance` was given
 */
export function openInquiry(
  record: Correspondence,
  outcome: Outcome,
  terms: Terms,
): Inquiry | undefined {
  const isPatient = outcome.reason === 'patience';
  const isStranger = outcome.identity === undefined && (outcome.kind === 'wait' || isPatient);
  const relatives = isStranger ? relativesIn(record, terms) : [];
  return relatives.length > 0 || isPatient ? { relatives, isPatient } : undefined;
}

function relativesIn(
  { sources }: Correspondence,
  { settings: { identity }, now }: Terms,
): readonly Source[] {
  if (!identity.spf && !identity.hostName) return [];
  const live = sources.filter((source) => isLive(source, now));
  const rank = (source: Source): number => (isKnown(source, now) ? 1 : 0);
  return live.sort((a, b) => rank(b) - rank(a) || b.lastSeenAt - a.lastSeenAt);
}
