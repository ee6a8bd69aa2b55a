import type { Decision } from '../greylist/decision.js';
import { bandIndex, emptyBands, retryClass, type Statistics } from '../greylist/statistics.js';

/** How decisions are counted. */
export interface CountingSettings {
  /** Whether sender domains are kept. */
  readonly hasNames: boolean;
  /** The delay of a rule, or the one without a rule, in milliseconds. */
  readonly delayMsOf: (rule: string | undefined) => number;
}

const MINUTE_MS = 60_000;
const MINUTES_OF_HOUR = 60;

/**
 * Counts a decision in its hour. It is called for every recipient on the way to the answer, so most
 * of them cost two additions; only what waited is looked at more closely.
 */
export function countDecision(
  statistics: Statistics,
  decision: Decision,
  settings: CountingSettings,
): void {
  const { reason, would, mode, at } = decision;
  const kind = kindOf(decision);
  statistics.decisions.set(kind, (statistics.decisions.get(kind) ?? 0) + 1);
  const minute = Math.floor(at / MINUTE_MS) % MINUTES_OF_HOUR;
  let bands = statistics.minutes.get(minute);
  if (bands === undefined) statistics.minutes.set(minute, (bands = emptyBands()));
  const band = bandIndex(reason, would);
  bands[band] = (bands[band] ?? 0) + 1;
  // In learning mode nobody is told to come back.
  if (mode !== 'learn') countReturn(statistics, decision, settings);
}

/** The last one, which is nearly always the next one: to put it together takes longest of all here. */
let last: Pick<Decision, 'reason' | 'would' | 'mode'> & { readonly kind: string } = {
  ...{ reason: 'greylist-new', would: 'tempfail', mode: 'enforce' },
  kind: 'greylist-new tempfail enforce',
};

function kindOf({ reason, would, mode }: Decision): string {
  if (last.reason !== reason || last.would !== would || last.mode !== mode) {
    last = { reason, would, mode, kind: `${reason} ${would} ${mode}` };
  }
  return last.kind;
}

function countReturn(
  statistics: Statistics,
  decision: Decision,
  { hasNames, delayMsOf }: CountingSettings,
): void {
  if (decision.would === 'tempfail') {
    const { reason, waitMs = 0 } = decision;
    if (reason === 'greylist-new' || reason === 'greylist-expired') statistics.firstAttempts += 1;
    else if (reason === 'greylist-early' && decision.attempts === 2) {
      countRetry(statistics, delayMsOf(decision.rule) - waitMs);
    }
    return;
  }
  const { reason } = decision;
  if (reason !== 'greylist-passed' && reason !== 'patience') return;
  // Who passed at the first attempt did not have to wait: the delay is 0, or shared.
  const { attempts = 0, delayedMs = 0 } = decision;
  if (attempts < 2) return;
  if (attempts === 2) countRetry(statistics, delayedMs);
  if (!hasNames) return;
  const { domain } = decision.attempt.sender;
  statistics.domains.add(domain === '' ? '<>' : domain, 1, delayedMs / 1000);
}

function countRetry(statistics: Statistics, afterMs: number): void {
  statistics.cameBack += 1;
  const place = retryClass(Math.max(0, afterMs) / 1000);
  statistics.retries[place] = (statistics.retries[place] ?? 0) + 1;
}
