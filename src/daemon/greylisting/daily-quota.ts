const DAY_MS = 24 * 60 * 60 * 1000;

/** What became of a request. */
export type QuotaAnswer =
  | 'granted'
  /** The first one of this day that is not. */
  | 'exhausted'
  | 'refused';

/** How much of something everybody may have on one day (UTC). */
export class DailyQuota {
  readonly #perDay: number;
  readonly #maxNames: number;
  readonly #taken = new Map<string, number>();
  #day = 0;

  /** @param maxNames so many are told apart; the rest of them share one quota */
  constructor(perDay: number, maxNames: number) {
    this.#perDay = perDay;
    this.#maxNames = maxNames;
  }

  /** @param now epoch milliseconds */
  take(name: string, now: number): QuotaAnswer {
    const day = Math.floor(now / DAY_MS);
    if (day !== this.#day) this.#taken.clear();
    this.#day = day;
    const isToldApart = this.#taken.has(name) || this.#taken.size < this.#maxNames;
    const key = isToldApart ? name : '';
    const taken = (this.#taken.get(key) ?? 0) + 1;
    this.#taken.set(key, taken);
    if (taken <= this.#perDay) return 'granted';
    return taken === this.#perDay + 1 ? 'exhausted' : 'refused';
  }
}
