import type { GreylistStore, StoreEntry } from '../../store/store.js';

/** How much is done at a time, and how long nothing is done. */
export interface ScanPace {
  /** Records of a step: a decision may have to wait for as long as one takes, half a millisecond. */
  readonly records: number;
  /** The rest behind a step is this many times its length, so a small part of the time is ours. */
  readonly rest: number;
}

/**
 * Goes over all that is stored in small steps with long rests. Each step begins where the last one
 * ended, so nothing is kept open between.
 */
export class GentleScan {
  readonly #store: Pick<GreylistStore, 'scan'>;
  readonly #pace: ScanPace;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(store: Pick<GreylistStore, 'scan'>, pace: ScanPace) {
    this.#store = store;
    this.#pace = pace;
  }

  /** Shows every entry; never resolves once it is stopped. Rejects with the store's error. */
  async run(visit: (key: string, entry: StoreEntry) => void): Promise<void> {
    let position: string | undefined;
    for (;;) {
      const startedAt = performance.now();
      position = await this.#step(position, visit);
      if (position === undefined) return;
      await this.#rest((performance.now() - startedAt) * this.#pace.rest);
    }
  }

  /** Ends it; a step under way finds the store closed. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #step(
    after: string | undefined,
    visit: (key: string, entry: StoreEntry) => void,
  ): Promise<string | undefined> {
    let seen = 0;
    for await (const [key, entry, place] of this.#store.scan(after)) {
      visit(key, entry);
      if (++seen === this.#pace.records) return place;
    }
    return undefined;
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (!this.#isStopped) this.#timer = setTimeout(resolve, ms).unref();
    });
  }
}
