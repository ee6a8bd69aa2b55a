import { decodeCorrespondence } from '../../greylist/correspondence-codec.js';
import { isCorrespondenceKey } from '../../greylist/correspondence-key.js';
import type { Source } from '../../greylist/correspondence.js';
import { isLive } from '../../greylist/find-source.js';
import type { IpAddress } from '../../mail/ip-address.js';
import type { GreylistStore } from '../../store/store.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock } from '../process/clock.js';
import { describeError } from '../process/describe-error.js';
import { GentleScan, type ScanPace } from './gentle-scan.js';
import { NetworkCounts } from './network-counts.js';

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

/** The addresses of triplets that begin to wait, and of those that do not wait any more. */
export interface PendingChange {
  readonly come: readonly IpAddress[];
  readonly gone: readonly IpAddress[];
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
 * is seen when all is counted anew, at the start and then every hour. So a count is never too low by
 * more than others have added since then, and at the start by what has not been counted yet. It may be
 * too high by what has ended since then, by what passed while it was counted, and by what
 * `NetworkCounts` says of itself.
 */
export class PendingTriplets {
  /** As the configuration in force has them. */
  caps: PendingCaps;
  readonly #options: PendingOptions;
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
    return this.#counts.total;
  }

  /** What keeps a new triplet of a client from being remembered, if anything does. */
  excessFor(client: IpAddress): PendingExcess | undefined {
    const { total } = this.#counts;
    if (total < this.caps.perNetwork && total < this.caps.all) return undefined;
    const pending = this.#counts.of(client);
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
    for (const address of change.come) this.#add(address);
    for (const address of change.gone) this.#remove(address);
    return change;
  }

  #add(address: IpAddress): void {
    this.#counts.add(address);
    const gathering = this.#gathering?.counts;
    if (gathering !== this.#counts) gathering?.add(address);
  }

  /** From what is being counted nothing is taken: nobody knows whether it has been counted there yet. */
  #remove(address: IpAddress): void {
    if (this.#gathering?.counts !== this.#counts) this.#counts.remove(address);
  }

  #pendingIn(key: string, value: Uint8Array | undefined): readonly Source[] {
    if (value === undefined || !isCorrespondenceKey(key)) return [];
    try {
      const now = this.#options.clock.now();
      return decodeCorrespondence(value).sources.filter(
        (source) => source.passedAt === undefined && isLive(source, now),
      );
    } catch {
      // Whoever reads it next tells of it.
      return [];
    }
  }
}

function without(these: readonly Source[], those: readonly Source[]): readonly IpAddress[] {
  const isThere = ({ address }: Source): boolean =>
    those.some((other) => other.address.text === address.text);
  return these.filter((source) => !isThere(source)).map(({ address }) => address);
}
