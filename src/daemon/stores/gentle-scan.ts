import type { GreylistStore, StoreEntry } from '../../store/store.js';

/** How much is done at a time, and how long nothing is done. */
export interface ScanPace {
  /** Records of a step: a decision may have to wait for as long as one takes, half a millisecond. */
  readonly records: number;
  /** The rest behind a step is this many times its length, so a small part of the time is ours. */
  readonly rest: number;
  /** But at least this long, so that a server that others use as well is asked so often at most. */
  readonly restMs?: number;
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

  /**
   * Shows every entry; never resolves once it is stopped. Rejects with the store's error.
   *
   * @param onStep is waited for after each step; what it throws ends the scan
   */
  async run(
    visit: (key: string, entry: StoreEntry) => void,
    onStep?: () => Promise<void>,
  ): Promise<void> {
    const { rest, restMs = 0 } = this.#pace;
    let position: string | undefined;
    for (;;) {
      const startedAt = performance.now();
      position = await this.#step(position, visit);
      const tookMs = performance.now() - startedAt;
      await onStep?.();
      if (position === undefined) return;
      await this.#rest(Math.max(tookMs * rest, restMs));
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
