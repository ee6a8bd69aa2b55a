import type { Attempt } from '../../greylist/attempt.js';
import type { TarpitOutcome } from '../../greylist/tarpit-record.js';
import type { WaitTerms } from './terms.js';

/** Somebody who was answered late. */
interface Waited {
  readonly attempt: Attempt;
  readonly isRefused: boolean;
}

const nobody: readonly Attempt[] = [];

/** How long one session was made to wait, and for what it has not shown yet that it stays. */
export class TarpitVisit {
  /** What was answered late; the client is still there if it goes on. */
  readonly #unsettled: Waited[] = [];
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
  waited(ms: number, waited: Waited): void {
    this.#totalMs += ms;
    this.#longestMs = Math.max(this.#longestMs, ms);
    this.#unsettled.push(waited);
  }

  /**
   * It has gone on, or left.
   *
   * @returns what that says something about: who is refused leaves, however patient
   */
  settle(outcome: TarpitOutcome): readonly Attempt[] {
    if (this.#unsettled.length === 0) return nobody;
    return this.#unsettled
      .splice(0)
      .flatMap(({ attempt, isRefused }) => (outcome === 'left' && isRefused ? [] : [attempt]));
  }
}
