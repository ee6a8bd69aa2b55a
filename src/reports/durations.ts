/**
 * How often something took how long, by whole seconds: exact quantiles, and no more memory than there are
 * seconds in the time that is looked at.
 */
export class Durations {
  readonly #counts = new Map<number, number>();
  #count = 0;
  #totalS = 0;

  add(ms: number): void {
    const seconds = Math.floor(ms / 1000);
    this.#counts.set(seconds, (this.#counts.get(seconds) ?? 0) + 1);
    this.#count++;
    this.#totalS += seconds;
  }

  get count(): number {
    return this.#count;
  }

  /** The sum of all. */
  get totalS(): number {
    return this.#totalS;
  }

  /**
   * The least number of seconds that at least this share of all did not exceed.
   *
   * @returns undefined if there is none
   */
  quantile(share: number): number | undefined {
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let reached = 0;
    for (const [seconds, count] of this.sorted()) {
      reached += count;
      if (reached >= rank) return seconds;
    }
    return undefined;
  }

  /** How many took fewer seconds than that. */
  below(seconds: number): number {
    let below = 0;
    for (const [each, count] of this.#counts) if (each < seconds) below += count;
    return below;
  }

  /** Seconds and how often, the shortest first. */
  sorted(): readonly (readonly [seconds: number, count: number])[] {
    return [...this.#counts].toSorted(([one], [other]) => one - other);
  }
}
