import { randomBytes } from 'node:crypto';
import { countsOf, type RecordCounts } from '../../admin/record-census.js';
import { isNewerFormat } from '../../greylist/byte-reader.js';
import {
  decodeFoundPopulation,
  decodePopulationState,
  encodeFoundPopulation,
  encodePopulationState,
  foundPopulationKey,
  isPopulationKey,
  POPULATION_KEY,
  type FoundPopulation,
  type PopulationRound,
  type PopulationState,
} from '../../greylist/population-record.js';
import { outlineRecord } from '../../migrate/json-lines.js';
import { RecordTally } from '../../migrate/record-tally.js';
import { changeEntry } from '../../store/change-entry.js';
import type { GreylistStore, StoreEntry } from '../../store/store.js';
import type { Logger } from '../../telemetry/logger.js';
import type { PopulationReading } from '../../telemetry/metrics-source.js';
import type { Clock } from '../process/clock.js';
import { describeError } from '../process/describe-error.js';
import { GentleScan, type ScanPace } from './gentle-scan.js';
import { NetworkCounts } from './network-counts.js';
import { pendingSources } from './pending-sources.js';
import type { PendingTriplets } from './pending-triplets.js';
import { readingOf, type CountedPopulation } from './population.js';

/** How hard the one that counts works, and how often the others look. */
export interface SharedPace extends ScanPace {
  /** Between two rounds. */
  readonly pauseMs: number;
  /** Between two looks at who counts and what was found. */
  readonly lookMs: number;
  /** Whoever counts and is not heard of for so long has ended. */
  readonly leaseMs: number;
}

/** Where it is counted, and who wants to know what waits. */
export interface SharedPopulationOptions {
  readonly store: Pick<GreylistStore, 'get' | 'compareAndSet' | 'delete' | 'scan'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'debug'>;
  readonly pending: Pick<PendingTriplets, 'mark' | 'watch' | 'adopt'>;
  /** Shorter in tests. */
  readonly pace?: Partial<SharedPace> | undefined;
}

/** At most 2,560 records a second for all filters of a store together: a million in seven minutes. */
const usualPace: SharedPace = {
  ...{ records: 256, rest: 4, restMs: 100 },
  ...{ pauseMs: 3_600_000, lookMs: 60_000, leaseMs: 180_000 },
};

const DAY_MS = 86_400_000;
const STATE_LIFE_MS = 30 * DAY_MS;

/** To go over them takes whoever is asked for the status half a minute of full work. */
const MANY_RECORDS = 100_000;

/** Whoever has lost so often has lost. */
const MAX_CONFLICTS = 20;

/**
 * Counts what a shared store holds, by one filter for all. Whoever finds that it is time writes down that
 * he counts, and until when; while he does he writes it anew. What he has found is a record of its own,
 * which the others read. If he ends without a word his time runs out, and somebody else begins.
 */
export class SharedPopulation implements CountedPopulation {
  readonly #options: SharedPopulationOptions;
  readonly #pace: SharedPace;
  #found: Omit<FoundPopulation, 'pending'> | undefined;
  /** The round that it is of. */
  #known: string | undefined;
  #round: PopulationRound | undefined;
  #renewAt = 0;
  #scan: GentleScan | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: SharedPopulationOptions) {
    this.#options = options;
    this.#pace = { ...usualPace, ...options.pace };
  }

  read(): PopulationReading | undefined {
    return this.#found && readingOf(this.#found, this.#found.countedAt);
  }

  /**
   * How many records there are, where there are so many that nobody should go over them only because
   * somebody asks.
   */
  countOfMany(): RecordCounts | undefined {
    const counts = this.#found && countsOf(this.#found, this.#found.countedAt);
    return counts !== undefined && counts.records >= MANY_RECORDS ? counts : undefined;
  }

  /** Looks now, and again and again. */
  start(): void {
    this.#options.pending.mark();
    this.#wait(0);
  }

  /** Ends it; a round under way is left to somebody else. Never rejects. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#scan?.stop();
    clearTimeout(this.#timer);
    if (this.#round !== undefined) await this.#giveUp(this.#round);
  }

  #wait(ms: number): void {
    if (this.#isStopped) return;
    const look = async (): Promise<void> => {
      try {
        await this.#look();
      } catch (error) {
        // Whatever is wrong with the store is told of where mail is judged.
        const { logger } = this.#options;
        if (!this.#isStopped) logger.debug('the shared store not counted', describeError(error));
      }
      this.#wait(this.#pace.lookMs);
    };
    this.#timer = setTimeout(() => void look(), ms).unref();
  }

  async #look(): Promise<void> {
    const { store, clock, pending } = this.#options;
    const { counting, latest } = decodeState(await store.get(POPULATION_KEY));
    const isThere = latest !== undefined && (await this.#take(latest));
    if (this.#isLive(counting)) return;
    // Whoever begins a round does so later than this, so what comes from now on is all that it may miss.
    pending.mark();
    const now = clock.now();
    if (isThere && Math.abs(now - latest.countedAt) < this.#pace.pauseMs) return;
    const round = { id: randomBytes(8).toString('hex'), since: now };
    if (await this.#claim(round, latest?.id)) await this.#count(round);
  }

  /** Whether what was found in a round is there; it is taken over if it is news. */
  async #take({ id }: PopulationRound): Promise<boolean> {
    if (id === this.#known) return true;
    const entry = await this.#options.store.get(foundPopulationKey(id));
    const found = entry && decodeFound(entry);
    if (found !== undefined) this.#adopt(id, found);
    return found !== undefined;
  }

  /** @param latest what was found last when it was found to be time for another round */
  async #claim(round: PopulationRound, latest: string | undefined): Promise<boolean> {
    return await this.#change((state, until) => {
      if (this.#isLive(state.counting) || state.latest?.id !== latest) return undefined;
      return { ...state, counting: { ...round, until } };
    });
  }

  async #count(round: PopulationRound): Promise<void> {
    const { store, clock, pending } = this.#options;
    const { since } = round;
    const tally = new RecordTally();
    const counts = new NetworkCounts();
    pending.watch({ since, counts });
    this.#round = round;
    this.#scan = new GentleScan(store, this.#pace);
    const visit = (key: string, { value, expiresAt }: StoreEntry): void => {
      if (isPopulationKey(key)) return;
      const now = clock.now();
      tally.add(outlineRecord({ key, value, expiresAt }), now);
      for (const { address, firstSeenAt } of pendingSources(key, value, now))
        // What has come since is counted where it came.
        if (firstSeenAt < since) counts.add(address);
    };
    try {
      await this.#scan.run(visit, () => this.#renew(round));
      const { triplets, clients, exceptions, kinds } = tally;
      const numbers = { triplets, clients, exceptions, kinds, pending: counts.sketch };
      await this.#publish(round, { since, countedAt: clock.now(), ...numbers });
    } catch (error) {
      if (!this.#isStopped) await this.#giveUp(round);
      throw error;
    } finally {
      this.#round = undefined;
    }
  }

  async #renew(round: PopulationRound): Promise<void> {
    if (this.#options.clock.now() < this.#renewAt) return;
    const isOurs = await this.#change((state, until) =>
      state.counting?.id === round.id ? { ...state, counting: { ...round, until } } : undefined,
    );
    if (!isOurs) throw lost();
  }

  async #publish({ id, since }: PopulationRound, found: FoundPopulation): Promise<void> {
    const { store } = this.#options;
    const { countedAt } = found;
    const value = encodeFoundPopulation(found);
    // It must do until the next round has ended, which may take as long as this one.
    const expiresAt = countedAt + DAY_MS + 2 * Math.max(0, countedAt - since);
    await store.compareAndSet(foundPopulationKey(id), undefined, { value, expiresAt });
    let earlier: string | undefined;
    const isOurs = await this.#change((state) => {
      if (state.counting?.id !== id) return undefined;
      earlier = state.latest?.id;
      return { counting: undefined, latest: { id, since, countedAt } };
    });
    if (isOurs) this.#adopt(id, found);
    const useless = isOurs ? earlier : id;
    if (useless !== undefined) await store.delete(foundPopulationKey(useless));
    if (!isOurs) throw lost();
  }

  /** Lets somebody else begin at once; if that cannot be said our time runs out. */
  async #giveUp({ id }: PopulationRound): Promise<void> {
    try {
      await this.#change((state) =>
        state.counting?.id === id ? { ...state, counting: undefined } : undefined,
      );
    } catch (error) {
      this.#options.logger.debug('a round over the store not given up', describeError(error));
    }
  }

  #adopt(id: string, found: FoundPopulation): void {
    const { pending, ...numbers } = found;
    this.#known = id;
    this.#found = numbers;
    this.#options.pending.adopt({ since: found.since, counts: new NetworkCounts(pending) });
  }

  /** Whoever begins later than now has had another clock, and what he wrote means nothing. */
  #isLive(counting: PopulationState['counting']): boolean {
    const now = this.#options.clock.now();
    return (
      counting !== undefined && counting.until > now && counting.since < now + this.#pace.leaseMs
    );
  }

  /** @param next undefined for no change; hears until when whoever begins or goes on now may count */
  async #change(
    next: (state: PopulationState, until: number) => PopulationState | undefined,
  ): Promise<boolean> {
    const { store, clock } = this.#options;
    const { leaseMs } = this.#pace;
    const now = clock.now();
    this.#renewAt = now + leaseMs / 3;
    const place = { key: POPULATION_KEY, maxConflicts: MAX_CONFLICTS };
    return await changeEntry(store, place, (entry) => {
      const state = next(decodeState(entry), now + leaseMs);
      if (state === undefined) return 'keep';
      return { value: encodePopulationState(state), expiresAt: now + STATE_LIFE_MS };
    });
  }
}

function lost(): Error {
  return new Error('another filter counts what the store holds');
}

const nothing: PopulationState = { counting: undefined, latest: undefined };

function decodeState(entry: StoreEntry | undefined): PopulationState {
  return entry === undefined ? nothing : (decode(entry, decodePopulationState) ?? nothing);
}

function decodeFound(entry: StoreEntry): FoundPopulation | undefined {
  return decode(entry, decodeFoundPopulation);
}

/** What is damaged is begun anew; what is of a newer version is not ours to write over. */
function decode<T>({ value }: StoreEntry, decodeValue: (value: Uint8Array) => T): T | undefined {
  try {
    return decodeValue(value);
  } catch (error) {
    if (isNewerFormat(error)) throw error;
    return undefined;
  }
}
