import type { Insight, LookupReading, RuleReading, StatisticsTerms } from '../../admin/insight.js';
import type { Config } from '../../config/schema.js';
import type { Decision } from '../../greylist/decision.js';
import type { Statistics } from '../../greylist/statistics.js';
import type { GreylistStore } from '../../store/store.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock } from '../process/clock.js';
import type { DaemonCounts } from './daemon-counts.js';
import { lookupNames } from './lookup-names.js';
import { createDelayOf, RuleHits } from './rule-hits.js';
import type { RuleSet } from '../configuration/rule-set.js';
import { StatisticsKeeper, type StatisticsSettings } from '../stores/statistics-keeper.js';

/** What of a daemon is looked at. */
export interface InsightSources {
  readonly store: GreylistStore;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'debug'>;
  readonly counts: Pick<DaemonCounts, 'forgotten'>;
  readonly daemon: () => { readonly config: Config; readonly ruleSet: RuleSet };
}

/** Counts every decision by rule and hour, for statistics and the page. */
export class DaemonInsight implements Insight {
  readonly #sources: InsightSources;
  readonly #keeper: StatisticsKeeper;
  readonly #hits = new RuleHits();
  /** Derived once for each configuration. */
  #terms: (StatisticsSettings & { readonly of: Config }) | undefined;

  constructor(sources: InsightSources) {
    const { store, clock, logger, counts } = sources;
    this.#sources = sources;
    const settings = (): StatisticsSettings => this.#currentTerms();
    this.#keeper = new StatisticsKeeper({ store, clock, logger, settings });
    counts.forgotten.listen((source) => this.#keeper.countNeverCameBack(source));
  }

  /** Called on the way to the answer: neither throws nor takes long. */
  count(decision: Decision): void {
    this.#hits.count(decision);
    this.#keeper.count(decision);
  }

  unwritten(hour: number): readonly Statistics[] {
    return this.#keeper.unwritten(hour);
  }

  settings(): StatisticsTerms {
    const { keepMs, hasNames, delayMsOf } = this.#currentTerms();
    const { url } = this.#sources.daemon().config.store;
    const hearsOfForgotten = url.kind === 'level';
    return { keepMs, hasNames, hearsOfForgotten, delayMs: delayMsOf(undefined) };
  }

  rules(): readonly RuleReading[] {
    return this.#hits.read(this.#sources.daemon().ruleSet.program);
  }

  lookups(): readonly LookupReading[] {
    const { lookupCounters } = this.#sources.daemon().ruleSet;
    return Object.entries(lookupCounters?.kinds ?? {}).map(([kind, numbers]) => {
      const { asked, unknown, waited, microseconds } = numbers;
      const averageMs = waited === 0 ? undefined : Math.round(microseconds / waited / 100) / 10;
      return { kind: lookupNames.get(kind) ?? kind, asked, unknown, averageMs };
    });
  }

  /** Writes for the last time; a store that hangs is waited for no longer than this. */
  async stop(withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
    await Promise.race([this.#keeper.stop(), late]);
    clearTimeout(timer);
  }

  #currentTerms(): StatisticsSettings {
    const { config, ruleSet } = this.#sources.daemon();
    if (this.#terms?.of !== config) {
      const { keep: keepMs, names: hasNames } = config.statistics;
      const delayMsOf = createDelayOf(ruleSet.program, config.greylist.delay);
      this.#terms = { of: config, keepMs, hasNames, delayMsOf };
    }
    return this.#terms;
  }
}
