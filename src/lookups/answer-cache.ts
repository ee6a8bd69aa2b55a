/** How long answers live, and how many are kept. */
export interface AnswerCacheLimits {
  readonly maxEntries: number;
  readonly minTtlMs: number;
  readonly maxTtlMs: number;
}

interface Entry<T> {
  readonly value: T;
  readonly expiresAt: number;
}

/**
 * Answers by name, each for its own time. When it is full the one that was not asked for longest
 * goes.
 */
export class AnswerCache<T> {
  readonly #limits: AnswerCacheLimits;
  /** In order of use, the oldest first. */
  readonly #entries = new Map<string, Entry<T>>();

  constructor(limits: AnswerCacheLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** @param now - epoch milliseconds, as below */
  get(key: string, now: number): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    const leftMs = entry.expiresAt - now;
    this.#entries.delete(key);
    // More than it can have: the clock was set back, and nobody knows how old it is.
    if (leftMs <= 0 || leftMs > this.#limits.maxTtlMs) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  set(key: string, value: T, now: number, ttlMs: number): void {
    const { maxEntries, minTtlMs, maxTtlMs } = this.#limits;
    const expiresAt = now + Math.min(Math.max(ttlMs, minTtlMs), maxTtlMs);
    this.#entries.delete(key);
    if (this.#entries.size >= maxEntries) {
      const { value: oldest } = this.#entries.keys().next();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    this.#entries.set(key, { value, expiresAt });
  }
}
