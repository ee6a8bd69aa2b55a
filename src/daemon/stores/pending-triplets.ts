import type { Source } from '../../greylist/correspondence.js';
import type { IpAddress } from '../../mail/ip-address.js';
import type { GreylistStore } from '../../store/store.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock } from '../process/clock.js';
import { describeError } from '../process/describe-error.js';
import { GentleScan, type ScanPace } from './gentle-scan.js';
import { NetworkCounts } from './network-counts.js';
import { pendingSources } from './pending-sources.js';

/** How many triplets may wait. */
export interface PendingCaps {
  readonly all: number;
  readonly perNetwork: number;
}

/** Which cap a new triplet would exceed, and by how many that wait already. */
export interface PendingExcess {
  readonly cap: keyof PendingCaps;
  readonly pending: number;
}

/** A record before and after; undefined where there is none. */
export interface RecordChange {
  readonly key: string;
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
}

/** The triplets that begin to wait, and those that do not wait any more. */
export interface PendingChange {
  readonly come: readonly Source[];
  readonly gone: readonly Source[];
}

/** What waited in a store that is shared, as one of its filters has found it. */
export interface FoundPending {
  /** When that one began: what is newer is not in it. Epoch milliseconds. */
  readonly since: number;
  readonly counts: NetworkCounts;
}

/** By what is counted. */
export interface PendingOptions {
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'debug'>;
  readonly caps: PendingCaps;
  /** Shorter in tests. */
  readonly pace?: ScanPace & { readonly pauseMs: number; readonly retryMs: number };
}

/** A twentieth of one core: a million records are counted in about two minutes. */
const usualPace = { records: 100, rest: 20, pauseMs: 3_600_000, retryMs: 60_000 };

/**
 * Counts the triplets that wait, by their networks, in a memory that never grows, so that nobody can
 * fill the store with them.
 *
 * What changes here is counted at once. What ends by its time, and what others change in a shared store,
 * is seen when all is counted anew, at the start and then every hour: by this filter, or by one for all
 * that share the store. So a count is never too low by more than others have added since then, and at the
 * start by what has not been counted yet. It may be too high by what has ended since then, by what passed
 * while it was counted, and by what `NetworkCounts` says of itself.
 */
export class PendingTriplets {
  /** As the configuration in force has them. */
  caps: PendingCaps;
  readonly #options: PendingOptions;
  /** What was counted for all filters of the store, if it is shared; the other counts come on top of it. */
  #found: FoundPending | undefined;
  #isFoundGrowing = false;
  #counts = new NetworkCounts();
  /** What is being counted anew, and since when; at the start it is what counts. */
  #gathering: { readonly counts: NetworkCounts; readonly since: number } | undefined;
  #scan: GentleScan | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: PendingOptions) {
    this.#options = options;
    this.caps = options.caps;
  }

  /** About how many triplets wait. */
  get total(): number {
    return this.#counts.total + (this.#found?.counts.total ?? 0);
  }

  /** What keeps a new triplet of a client from being remembered, if anything does. */
  excessFor(client: IpAddress): PendingExcess | undefined {
    const { total } = this;
    if (total < this.caps.perNetwork && total < this.caps.all) return undefined;
    const pending = this.#counts.of(client) + (this.#found?.counts.of(client) ?? 0);
    if (pending >= this.caps.perNetwork) return { cap: 'perNetwork', pending };
    return total >= this.caps.all ? { cap: 'all', pending: total } : undefined;
  }

  /**
   * Hears that one record is to take the place of another.
   *
   * @returns what has to be taken back if that comes to nothing; undefined for nothing
   */
  change(change: RecordChange): PendingChange | undefined {
    const before = this.#pendingIn(change.key, change.before);
    const after = this.#pendingIn(change.key, change.after);
    const come = without(after, before);
    const gone = without(before, after);
    if (come.length === 0 && gone.length === 0) return undefined;
    return this.#count({ come, gone });
  }

  takeBack({ come, gone }: PendingChange): void {
    this.#count({ come: gone, gone: come });
  }

  /** Counts all that is stored, now and every hour. */
  start(store: Pick<GreylistStore, 'scan'>): void {
    // What was counted before will be found.
    this.#counts = new NetworkCounts();
    this.#gathering = { counts: this.#counts, since: this.#options.clock.now() };
    this.#wait(store, 0);
  }

  /** Where one filter counts for all: what comes from now on may not be in what is found next. */
  mark(): void {
    this.#gathering = { counts: new NetworkCounts(), since: this.#options.clock.now() };
  }

  /** Shows what is being found for the first time while it grows. */
  watch(found: FoundPending): void {
    if (this.#found !== undefined && !this.#isFoundGrowing) return;
    this.#found = found;
    this.#isFoundGrowing = true;
    // What came before the mark will be found.
    this.#counts = this.#gathering?.counts ?? new NetworkCounts();
  }

  /** Takes what was found over: what came here since the mark before it comes on top of it. */
  adopt(found: FoundPending): void {
    this.#found = found;
    this.#isFoundGrowing = false;
    this.#counts = this.#gathering?.counts ?? new NetworkCounts();
    this.#gathering = undefined;
  }

  stop(): void {
    this.#isStopped = true;
    this.#scan?.stop();
    clearTimeout(this.#timer);
  }

  #wait(store: Pick<GreylistStore, 'scan'>, ms: number): void {
    if (this.#isStopped) return;
    const { logger, pace = usualPace } = this.#options;
    const count = (): void => {
      this.#countAll(store, pace).then(
        () => this.#wait(store, pace.pauseMs),
        (error: unknown) => {
          // Whatever is wrong with the store is told of where mail is judged.
          if (!this.#isStopped) logger.debug('pending triplets not counted', describeError(error));
          this.#gathering = undefined;
          this.#wait(store, pace.retryMs);
        },
      );
    };
    this.#timer = setTimeout(count, ms).unref();
  }

  async #countAll(store: Pick<GreylistStore, 'scan'>, pace: ScanPace): Promise<void> {
    const since = this.#options.clock.now();
    const { counts } = (this.#gathering ??= { counts: new NetworkCounts(), since });
    this.#scan = new GentleScan(store, pace);
    await this.#scan.run((key, { value }) => {
      for (const { address, firstSeenAt } of this.#pendingIn(key, value)) {
        // What has come since is counted already.
        if (firstSeenAt < since) counts.add(address);
      }
    });
    this.#counts = counts;
    this.#gathering = undefined;
  }

  #count(change: PendingChange): PendingChange {
    for (const { address } of change.come) this.#add(address);
    for (const source of change.gone) this.#remove(source);
    return change;
  }

  #add(address: IpAddress): void {
    this.#counts.add(address);
    const gathering = this.#gathering?.counts;
    if (gathering !== this.#counts) gathering?.add(address);
  }

  /** From what is being counted nothing is taken: nobody knows whether it has been counted there yet. */
  #remove({ address, firstSeenAt }: Source): void {
    if (this.#isFoundGrowing) return;
    const found = this.#found;
    if (found !== undefined && firstSeenAt < found.since && found.counts.of(address) > 0)
      found.counts.remove(address);
    else if (this.#gathering?.counts !== this.#counts) this.#counts.remove(address);
  }

  #pendingIn(key: string, value: Uint8Array | undefined): readonly Source[] {
    return pendingSources(key, value, this.#options.clock.now());
  }
}

function without(these: readonly Source[], those: readonly Source[]): readonly Source[] {
  const isThere = ({ address }: Source): boolean =>
    those.some((other) => other.address.text === address.text);
  return these.filter((source) => !isThere(source));
}
