/** What is counted of one name. */
export interface TopEntry {
  readonly name: string;
  /** How often, at least. */
  readonly count: number;
  /** What came together at these times, such as seconds. */
  readonly weight: number;
}

interface Sums {
  count: number;
  weight: number;
}

/** To find the most frequent costs as much as to add some hundred names, so it is not done often. */
export const ROOM = 8;

/**
 * Counts names of which only the most frequent matter, in bounded memory: when too many are there,
 * as much is taken from every count as leaves the most frequent (Misra and Gries). So a count is
 * never too high, and too low by at most what was counted divided by what is kept; with fewer names
 * it is exact.
 */
export class TopList {
  readonly #kept: number;
  readonly #sums = new Map<string, Sums>();

  /** @param kept names at least; there are never {@link ROOM} times as many */
  constructor(kept: number) {
    this.#kept = kept;
  }

  get size(): number {
    return this.#sums.size;
  }

  add(name: string, count = 1, weight = 0): void {
    const sums = this.#sums.get(name);
    if (sums !== undefined) {
      sums.count += count;
      sums.weight += weight;
      return;
    }
    this.#sums.set(name, { count, weight });
    if (this.#sums.size >= ROOM * this.#kept) this.#shrink();
  }

  /** The most frequent first, at most as many as are kept; equal ones by their names. */
  entries(most = this.#kept): readonly TopEntry[] {
    return [...this.#sums]
      .map(([name, { count, weight }]) => ({ name, count, weight }))
      .sort((one, other) => other.count - one.count || (one.name < other.name ? -1 : 1))
      .slice(0, Math.min(most, this.#kept));
  }

  #shrink(): void {
    const counts = [...this.#sums.values()].map(({ count }) => count).sort((a, b) => b - a);
    const taken = counts.slice(this.#kept).reduce((most, count) => Math.max(most, count), 0);
    for (const [name, sums] of this.#sums) {
      if (sums.count <= taken) {
        this.#sums.delete(name);
        continue;
      }
      sums.weight *= (sums.count - taken) / sums.count;
      sums.count -= taken;
    }
  }
}
