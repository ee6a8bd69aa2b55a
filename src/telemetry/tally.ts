/** Counts by a word of which there are few kinds. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(word: string, times = 1): void {
    this.#counts.set(word, (this.#counts.get(word) ?? 0) + times);
  }

  of(word: string): number {
    return this.#counts.get(word) ?? 0;
  }

  /** Each word that was counted, in the order of its first time. */
  entries(): readonly (readonly [word: string, count: number])[] {
    return [...this.#counts];
  }
}
