import { isNewerFormat } from '../../greylist/byte-reader.js';
import type { Decision } from '../../greylist/decision.js';
import type { Source } from '../../greylist/correspondence.js';
import {
  decodeStatistics,
  encodeStatistics,
  hourOf,
  startOfHour,
  statisticsKey,
} from '../../greylist/statistics-record.js';
import {
  addStatistics,
  emptyStatistics,
  isEmptyStatistics,
  type Statistics,
} from '../../greylist/statistics.js';
import { networkOf } from '../../mail/network.js';
import { changeEntry } from '../../store/change-entry.js';
import type { GreylistStore, StoreEntry } from '../../store/store.js';
import { countDecision } from '../../telemetry/decision-statistics.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock } from '../process/clock.js';
import { describeError } from '../process/describe-error.js';

/** What is kept, as the configuration in force has it. */
export interface StatisticsSettings {
  readonly keepMs: number;
  readonly hasNames: boolean;
  readonly delayMsOf: (rule: string | undefined) => number;
}

/** Where, by which clock, and what. */
export interface KeeperDependencies {
  readonly store: Pick<GreylistStore, 'get' | 'compareAndSet' | 'delete'>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'debug'>;
  readonly settings: () => StatisticsSettings;
}

/** A killed process loses what it counted since it wrote last: a minute at most. */
const WRITE_MS = 60_000;

/** More conflicts than this in a row, and the store is broken. */
const MAX_CONFLICTS = 100;

/** While nothing can be written so many hours wait in memory; then the oldest are given up. */
const MOST_UNWRITTEN = 48;

const HOUR_MS = 3_600_000;

/**
 * Counts what happens, hour by hour, and adds it to what the store has of the hour. Several daemons
 * on one store add to the same records.
 */
export class StatisticsKeeper {
  readonly #dependencies: KeeperDependencies;
  #unwritten = new Map<number, Statistics>();
  /** On their way to the store. */
  #leaving = new Map<number, Statistics>();
  #current: { readonly hour: number; readonly statistics: Statistics } | undefined;
  #writing: Promise<void> | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(dependencies: KeeperDependencies) {
    this.#dependencies = dependencies;
    this.#timer = setInterval(() => void this.write(), WRITE_MS).unref();
  }

  /** Counts a decision. Neither throws nor asks anybody. */
  count(decision: Decision): void {
    countDecision(this.#at(decision.at), decision, this.#dependencies.settings());
  }

  /** Counts a client that was forgotten without having tried twice. */
  countNeverCameBack({ address, prefix }: Source): void {
    const statistics = this.#at(this.#dependencies.clock.now());
    statistics.neverCameBack += 1;
    if (!this.#dependencies.settings().hasNames) return;
    statistics.networks.add(networkOf(address, prefix).text);
  }

  /** What of an hour is not in the store yet. */
  unwritten(hour: number): readonly Statistics[] {
    return [this.#leaving.get(hour), this.#unwritten.get(hour)].filter(
      (statistics) => statistics !== undefined,
    );
  }

  /** Adds to the store what is not there yet. Never rejects: what cannot be written waits. */
  async write(): Promise<void> {
    this.#writing ??= this.#writeAll().finally(() => (this.#writing = undefined));
    await this.#writing;
  }

  /** Writes for the last time. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#writing;
    await this.write();
  }

  async #writeAll(): Promise<void> {
    this.#leaving = this.#unwritten;
    this.#unwritten = new Map();
    this.#current = undefined;
    for (const [hour, statistics] of [...this.#leaving]) {
      try {
        if (!isEmptyStatistics(statistics)) await this.#add(hour, statistics);
      } catch (error) {
        // Whatever is wrong with the store is told of where mail is judged.
        this.#dependencies.logger.debug('statistics cannot be written', describeError(error));
        addStatistics(this.#of(hour), statistics);
      }
      this.#leaving.delete(hour);
    }
    this.#giveUpOldest();
  }

  async #add(hour: number, statistics: Statistics): Promise<void> {
    const { store, settings } = this.#dependencies;
    const expiresAt = startOfHour(hour) + HOUR_MS + settings().keepMs;
    const key = statisticsKey(hour);
    await changeEntry(store, { key, maxConflicts: MAX_CONFLICTS }, (entry) => {
      const sum = this.#decode(entry);
      addStatistics(sum, statistics);
      return { value: encodeStatistics(sum), expiresAt };
    });
  }

  /** What is damaged is begun anew; what is of a newer version is not ours to write over. */
  #decode(entry: StoreEntry | undefined): Statistics {
    if (entry === undefined) return emptyStatistics();
    try {
      return decodeStatistics(entry.value);
    } catch (error) {
      if (isNewerFormat(error)) throw error;
      this.#dependencies.logger.debug('statistics cannot be read', describeError(error));
      return emptyStatistics();
    }
  }

  #at(instant: number): Statistics {
    const hour = hourOf(instant);
    if (this.#current?.hour === hour) return this.#current.statistics;
    const statistics = this.#of(hour);
    this.#current = { hour, statistics };
    return statistics;
  }

  #of(hour: number): Statistics {
    const found = this.#unwritten.get(hour);
    if (found !== undefined) return found;
    const statistics = emptyStatistics();
    this.#unwritten.set(hour, statistics);
    return statistics;
  }

  #giveUpOldest(): void {
    const hours = [...this.#unwritten.keys()].sort((one, other) => other - one);
    for (const hour of hours.slice(MOST_UNWRITTEN)) this.#unwritten.delete(hour);
    this.#current = undefined;
  }
}
