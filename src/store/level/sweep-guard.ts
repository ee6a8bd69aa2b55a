/** Two clocks in milliseconds: the one that can be set, and the one that only runs on. */
export interface SweepClocks {
  /** Epoch milliseconds. */
  now(): number;
  /** From any origin; never set, never stepped. */
  monotonicNow(): number;
}

const HOUR_MS = 3_600_000;

/** More than daylight saving set by hand, or any correction that a healthy clock needs. */
const MAX_STEP_MS = HOUR_MS;

/** A store that was last in use longer ago is more likely met by a wrong clock. */
export const MAX_ABSENCE_MS = 30 * 24 * HOUR_MS;

/** By then a wrong clock has been noticed: mail carries its dates, logs and certificates fail. */
const PROBATION_MS = 24 * HOUR_MS;

/**
 * Decides whether the clock may be believed when something is to be deleted for good. A wrong
 * clock does no lasting harm to what is merely treated as absent; swept is swept.
 *
 * - The clock is believed while it keeps within an hour of where it should be: where it stood
 *   when it was last believed, plus the time that the monotonic clock says has passed. A clock
 *   that falls behind is believed too, for it deletes nothing early.
 * - It is not believed once it is further ahead, nor from the start if it is more than 30 days
 *   away from the last time that the store noted.
 * - Such a time is confirmed, and believed from then on, when it has run for 24 hours without
 *   another step; a clock that goes back to where it should be is believed at once.
 */
export class SweepGuard {
  readonly #clocks: SweepClocks;
  /** The difference of the two clocks that is believed, undefined if none is. */
  #believed: number | undefined;
  /** A difference on probation, and since when by the monotonic clock. */
  #probation: { readonly difference: number; readonly since: number } | undefined;

  /** `lastNoted`: when the store was last in use; undefined for a new one. */
  constructor(clocks: SweepClocks, lastNoted: number | undefined) {
    this.#clocks = clocks;
    const now = clocks.now();
    if (lastNoted === undefined || Math.abs(now - lastNoted) <= MAX_ABSENCE_MS) {
      this.#believed = now - clocks.monotonicNow();
    }
  }

  /** Whether what has expired by the clock may be deleted now. */
  believes(): boolean {
    const monotonicNow = this.#clocks.monotonicNow();
    const difference = this.#clocks.now() - monotonicNow;
    if (this.#believed !== undefined && difference - this.#believed <= MAX_STEP_MS) {
      // Small corrections are followed, so that years of them do not add up to a jump.
      if (this.#believed - difference <= MAX_STEP_MS) this.#believed = difference;
      this.#probation = undefined;
      return true;
    }
    const { difference: tried, since } = this.#probation ?? { difference, since: monotonicNow };
    const steady = Math.abs(difference - tried) <= MAX_STEP_MS;
    if (steady && monotonicNow - since >= PROBATION_MS) {
      this.#believed = difference;
      this.#probation = undefined;
      return true;
    }
    this.#probation = steady ? { difference: tried, since } : { difference, since: monotonicNow };
    return false;
  }
}
