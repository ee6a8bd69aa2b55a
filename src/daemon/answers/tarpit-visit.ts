import type { Attempt } from '../../greylist/attempt.js';
import type { WaitTerms } from './terms.js';

/** How long one session was made to wait, and for what it has not shown yet that it stays. */
export class TarpitVisit {
  /** What was answered late; the client is still there if it goes on. */
  readonly #unsettled: Attempt[] = [];
  #totalMs = 0;
  #longestMs = 0;

  /**
   * How long it has to wait now, with what it has waited before.
   *
   * @param limitMs for one answer
   */
  due({ ms, scope }: Omit<WaitTerms, 'refusals'>, limitMs: number): number {
    const leftMs = scope === 'session' ? ms - this.#totalMs : ms;
    return leftMs <= 0 || (scope === 'command' && ms <= this.#longestMs)
      ? 0
      : Math.min(leftMs, limitMs);
  }

  /** It has waited, and is answered. */
  waited(ms: number, attempt: Attempt): void {
    this.#totalMs += ms;
    this.#longestMs = Math.max(this.#longestMs, ms);
    this.#unsettled.push(attempt);
  }

  /** What it has gone on with, or left. */
  settle(): readonly Attempt[] {
    return this.#unsettled.splice(0);
  }
}
