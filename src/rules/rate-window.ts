import type { Rates } from './condition.js';
import { RecentEntries } from '../greylist/recent-entries.js';

/** In how many steps a window slides: what is older than the window less a step is forgotten. */
const STEPS = 16;

/** One key costs some 320 bytes, so that all of them stay below 20 MB. */
const MAX_KEYS = 50_000;

/** The hits of one key, a ring by steps of its window. */
interface Ring {
  readonly stepMs: number;
  readonly counts: Float64Array;
  /** Number of the newest step, counted since 1970. */
  newest: number;
  total: number;
}

/**
 * Counts how often keys were seen in windows of time that slide. Memory is bounded: when there are
 * too many keys, those that were not seen for longest are forgotten.
 */
export class RateWindow implements Rates {
  readonly #rings: RecentEntries<string, Ring>;

  constructor(maxKeys: number = MAX_KEYS) {
    this.#rings = new RecentEntries(maxKeys);
  }

  /** How many keys are counted. */
  get size(): number {
    return this.#rings.size;
  }

  hit(key: string, windowMs: number, now: number, times = 1): number {
    const ring = this.#ringOf(key, windowMs / STEPS, now, times > 0);
    if (ring === undefined) return 0;
    // A clock that is set back does not bring forgotten hits back, and loses none of its window.
    advance(ring, Math.max(Math.floor(now / ring.stepMs), ring.newest));
    const at = ring.newest % STEPS;
    ring.counts[at] = Number(ring.counts[at]) + times;
    ring.total += times;
    return ring.total;
  }

  #ringOf(key: string, stepMs: number, now: number, isCounted: boolean): Ring | undefined {
    const known = this.#rings.get(key);
    // After a reload a rule may have another window.
    const step = Math.floor(now / stepMs);
    // One that comes from further ahead would not move until its time has come.
    const isSame = known?.stepMs === stepMs && known.newest - step <= STEPS;
    if (!isCounted) return isSame ? known : undefined;
    const ring = isSame ? known : newRing(stepMs, step);
    if (!isSame) this.#rings.set(key, ring);
    return ring;
  }
}

function newRing(stepMs: number, newest: number): Ring {
  return { stepMs, counts: new Float64Array(STEPS), newest, total: 0 };
}

/** Moves on to a step, and forgets those that are a window ago. */
function advance(ring: Ring, step: number): void {
  const steps = Math.min(step - ring.newest, STEPS);
  for (let i = 1; i <= steps; i++) {
    const at = (ring.newest + i) % STEPS;
    ring.total -= Number(ring.counts[at]);
    ring.counts[at] = 0;
  }
  ring.newest = step;
}
