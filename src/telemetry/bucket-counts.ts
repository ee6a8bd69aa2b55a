/** A histogram of plain numbers: to count into it costs nanoseconds, and nothing is allocated. */
export class BucketCounts {
  /** Upper ends of the buckets, each included; above the last one is a bucket without an end. */
  readonly bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;
  #count = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  /** All that was counted, in the unit of the bounds. */
  get sum(): number {
    return this.#sum;
  }

  get count(): number {
    return this.#count;
  }

  observe(value: number): void {
    let bucket = 0;
    while (value > (this.bounds[bucket] ?? Infinity)) bucket++;
    const before = this.#counts[bucket];
    if (before !== undefined) this.#counts[bucket] = before + 1;
    this.#sum += value;
    this.#count++;
  }

  /** How many were not above each bound, as Prometheus wants it. */
  cumulative(): readonly number[] {
    let below = 0;
    return this.#counts.map((count) => (below += count));
  }
}
