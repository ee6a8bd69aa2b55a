import type { CountedDecisions, DelaySummary } from '../admin/status.js';
import type { Decision, Reason, Verdict } from '../greylist/decision.js';

/** Each step is so much longer than the last: how exact a delay is told. */
const STEP = 1.05;
const LOG_STEP = Math.log(STEP);

/** What was decided since it was made, by verdict and reason, and how long those waited that passed. */
export class DecisionCounts {
  readonly #counts = new Map<Reason, Map<Verdict, number>>();
  readonly #delays = new Delays();
  #total = 0;

  add(decision: Decision): void {
    const { verdict, reason } = decision;
    this.#total += 1;
    let ofReason = this.#counts.get(reason);
    if (ofReason === undefined) this.#counts.set(reason, (ofReason = new Map<Verdict, number>()));
    ofReason.set(verdict, (ofReason.get(verdict) ?? 0) + 1);
    const hasWaited = reason === 'greylist-passed' || reason === 'patience';
    if (hasWaited && 'delayedMs' in decision && decision.delayedMs !== undefined) {
      this.#delays.add(decision.delayedMs);
    }
  }

  /** @param uptimeMs since it was made */
  summary(uptimeMs: number): CountedDecisions {
    const perHour = (count: number): number =>
      Number(((count * 3_600_000) / Math.max(uptimeMs, 1000)).toFixed(1));
    const counts = [...this.#counts].flatMap(([reason, ofReason]) =>
      [...ofReason].map(([verdict, count]) => ({
        verdict,
        reason,
        count,
        perHour: perHour(count),
      })),
    );
    counts.sort((one, other) => other.count - one.count || (one.reason < other.reason ? -1 : 1));
    return { total: this.#total, perHour: perHour(this.#total), counts };
  }

  /** Undefined if nobody has waited and come back. */
  delays(): DelaySummary | undefined {
    return this.#delays.summary();
  }
}

/** How long something took, in few numbers: each of a class of lengths within five per cent. */
class Delays {
  readonly #classes = new Map<number, number>();
  #count = 0;
  #longestMs = 0;

  add(delayMs: number): void {
    const at = Math.floor(Math.log(Math.max(delayMs, 1)) / LOG_STEP);
    this.#classes.set(at, (this.#classes.get(at) ?? 0) + 1);
    this.#count += 1;
    this.#longestMs = Math.max(this.#longestMs, delayMs);
  }

  summary(): DelaySummary | undefined {
    if (this.#count === 0) return undefined;
    return {
      count: this.#count,
      medianSeconds: this.#within(0.5),
      p95Seconds: this.#within(0.95),
      longestSeconds: Math.round(this.#longestMs / 1000),
    };
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
