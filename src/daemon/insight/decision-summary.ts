import type { CountedDecisions, DecisionCount, DelaySummary } from '../../admin/status.js';
import type { Decision } from '../../greylist/decision.js';
import type { DecisionCounts } from '../../telemetry/decision-counts.js';

/** Each step is so much longer than the last: how exact a delay is told. */
const STEP = 1.05;
const LOG_STEP = Math.log(STEP);

/**
 * What was decided, by verdict and reason, the most frequent first.
 *
 * @param uptimeMs how long that took
 */
export function summariseDecisions(
  counts: Pick<DecisionCounts, 'read'>,
  uptimeMs: number,
): CountedDecisions {
  const perHour = (count: number): number =>
    Number(((count * 3_600_000) / Math.max(uptimeMs, 1000)).toFixed(1));
  const sums = new Map<string, DecisionCount>();
  let total = 0;
  for (const { verdict, reason, count } of counts.read('enforce')) {
    if (count === 0) continue;
    total += count;
    const kind = `${reason} ${verdict}`;
    const sum = count + (sums.get(kind)?.count ?? 0);
    sums.set(kind, { verdict, reason, count: sum, perHour: perHour(sum) });
  }
  const inOrder = [...sums]
    .sort(([kind, one], [other, { count }]) => count - one.count || (kind < other ? -1 : 1))
    .map(([, sum]) => sum);
  return { total, perHour: perHour(total), counts: inOrder };
}

/** How long those waited who had to, in few numbers: each of a class of lengths within five per cent. */
export class Delays {
  readonly #classes = new Map<number, number>();
  #count = 0;
  #longestMs = 0;

  /** Counts the delay of a decision, if it tells of one. */
  add(decision: Decision): void {
    const { reason } = decision;
    if (reason !== 'greylist-passed' && reason !== 'patience') return;
    if (decision.delayedMs !== undefined) this.#add(decision.delayedMs);
  }

  /** Undefined if nobody has waited and come back. */
  summary(): DelaySummary | undefined {
    if (this.#count === 0) return undefined;
    return {
      count: this.#count,
      medianSeconds: this.#within(0.5),
      p95Seconds: this.#within(0.95),
      longestSeconds: Math.round(this.#longestMs / 1000),
    };
  }

  #add(delayMs: number): void {
    const at = Math.floor(Math.log(Math.max(delayMs, 1)) / LOG_STEP);
    this.#classes.set(at, (this.#classes.get(at) ?? 0) + 1);
    this.#count += 1;
    this.#longestMs = Math.max(this.#longestMs, delayMs);
  }

  /** So many of them, as a share, took no longer than this. */
  #within(share: number): number {
    const inOrder = [...this.#classes].sort(([one], [other]) => one - other);
    let left = Math.ceil(this.#count * share);
    const found = inOrder.find(([, count]) => (left -= count) <= 0);
    const endMs = found === undefined ? this.#longestMs : STEP ** (found[0] + 1);
    return Math.round(Math.min(endMs, this.#longestMs) / 1000);
  }
}
