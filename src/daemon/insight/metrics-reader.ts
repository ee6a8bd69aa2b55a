import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ReloadReport } from '../../admin/status.js';
import type { Config } from '../../config/schema.js';
import { createKindCounters, type LookupCounters } from '../../lookups/lookup-counters.js';
import type { GreylistStore, StoreStats } from '../../store/store.js';
import type { Logger } from '../../telemetry/logger.js';
import { formatMetrics, type Exposition } from '../../telemetry/metrics.js';
import type {
  DnsReading,
  LookupReading,
  LoopReading,
  MetricsReading,
} from '../../telemetry/metrics-source.js';
import type { Clock } from '../process/clock.js';
import type { DaemonCounts } from './daemon-counts.js';
import { describeError } from '../process/describe-error.js';
import { lookupNames } from './lookup-names.js';
import { Population, type CountedPopulation } from '../stores/population.js';

/** What of a daemon its metrics tell, beside what is counted. */
export interface MeteredDaemon {
  readonly config: Config;
  readonly configuredAt: number;
  readonly connectionsOf: Readonly<Record<'milter' | 'policy', number>>;
  readonly lookupCounters: LookupCounters | undefined;
}

/** From what metrics are made. */
export interface MetricsSources {
  readonly counts: DaemonCounts;
  readonly store: GreylistStore;
  /** Where one filter counts for all; without it we count for ourselves. */
  readonly population: CountedPopulation | undefined;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn' | 'debug'> & { readonly droppedLines: number };
  readonly version: string;
  readonly startedAt: number;
  readonly daemon: () => MeteredDaemon;
  readonly lastReload: () => ReloadReport | undefined;
}

/** The event loop is looked at so often, by a thread of its own timer. */
const LOOP_RESOLUTION_MS = 20;

/** Makes metrics when somebody asks; what only they need begins with the first question. */
export class MetricsReader {
  readonly #sources: MetricsSources;
  readonly #population: CountedPopulation;
  readonly #own: Population | undefined;
  readonly #loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });

  constructor(sources: MetricsSources) {
    const { store, clock, logger } = sources;
    this.#sources = sources;
    this.#loop.enable();
    const onFailed = (error: unknown): void =>
      logger.debug('records could not be counted', describeError(error));
    this.#population =
      sources.population ?? (this.#own = new Population({ store, clock, onFailed }));
  }

  /** @param accept the formats that the asker knows, as HTTP says it */
  async read(accept: string | undefined): Promise<Exposition> {
    return await formatMetrics(await this.#read(), accept);
  }

  stop(): void {
    this.#loop.disable();
    this.#own?.stop();
  }

  async #read(): Promise<MetricsReading> {
    const { counts, logger, version, startedAt } = this.#sources;
    const { config, configuredAt, connectionsOf, lookupCounters } = this.#sources.daemon();
    const { user, system } = process.cpuUsage();
    return {
      version,
      startedAt,
      configuredAt,
      mode: config.greylist.mode,
      decisions: counts.decisions,
      protocols: {
        milter: { counts: counts.milter, connected: connectionsOf.milter },
        policy: { counts: counts.policy, connected: connectionsOf.policy },
      },
      admin: counts.admin,
      lookups: readLookups(lookupCounters),
      dns: lookupCounters && readDns(lookupCounters.dns),
      store: {
        reads: counts.store.reads,
        commits: counts.store.commits,
        stats: await this.#stats(),
        damagedBlocks: counts.damage.blocks,
        checkedAt: counts.damage.checkedAt,
      },
      population: this.#population.read(),
      notRemembered: {
        pending: counts.impairments.pendingFull.times,
        'pending-per-network': counts.impairments.networkFlood.times,
      },
      forgotten: counts.forgotten.counts,
      failingOpen: counts.impairments.all.map(({ cause, isOn }) => [cause, isOn]),
      isReloadFailed: this.#sources.lastReload()?.ok === false,
      droppedLines: logger.droppedLines,
      loop: this.#readLoop(),
      process: { cpuSeconds: (user + system) / 1e6, residentBytes: process.memoryUsage.rss() },
    };
  }

  async #stats(): Promise<StoreStats | undefined> {
    try {
      return await this.#sources.store.stats();
    } catch (error) {
      this.#sources.logger.debug('the store cannot say how it is', describeError(error));
      return undefined;
    }
  }

  #readLoop(): LoopReading {
    const loop = this.#loop;
    // What is measured is the whole interval, so a loop that is never late has this delay.
    const seconds = (nanoseconds: number): number =>
      Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - LOOP_RESOLUTION_MS / 1e3) : 0;
    const reading = {
      mean: seconds(loop.mean),
      p99: seconds(loop.percentile(99)),
      max: seconds(loop.max),
    };
    loop.reset();
    return reading;
  }
}

function readLookups(counters: LookupCounters | undefined): readonly LookupReading[] {
  const counted = Object.entries(counters?.kinds ?? createKindCounters());
  return counted.map(([name, numbers]) => ({ kind: lookupNames.get(name) ?? name, ...numbers }));
}

function readDns(dns: LookupCounters['dns']): DnsReading {
  const { asked, cached, joined, failed, timedOut, refused, microseconds } = dns;
  return {
    outcomes: { asked, cached, joined, failed, 'timed-out': timedOut, refused },
    microseconds,
  };
}
