import { setImmediate as turn } from 'node:timers/promises';
import { ifReadable } from '../greylist/byte-reader.js';
import {
  decodeStatistics,
  hourOf,
  startOfHour,
  statisticsKey,
} from '../greylist/statistics-record.js';
import {
  addNumbers,
  addStatistics,
  emptyBands,
  emptyStatistics,
  RETRY_SECONDS,
  statisticsBands,
  type Statistics,
  type StatisticsBand,
} from '../greylist/statistics.js';
import type { GreylistStore, StoreEntry } from '../store/store.js';
import { AdminError } from './admin-error.js';
import type { Insight } from './insight.js';
import type { StatisticsReport } from './statistics-report.js';

/** Which time is asked about; in epoch milliseconds. */
export interface StatisticsQuery {
  /** Not included. */
  readonly until: number;
  readonly lastMs: number;
  /** A whole number of minutes. */
  readonly stepMs: number;
}

/** From what a report is made. */
export interface StatisticsSources {
  readonly store: Pick<GreylistStore, 'get'>;
  readonly insight: Pick<Insight, 'unwritten' | 'settings'>;
}

const MINUTE_MS = 60_000;

const decodeStored = ifReadable(decodeStatistics);

/** A picture has no more columns than that, and an answer stays below some hundred kilobytes. */
export const MOST_POINTS = 2000;

/** Names of a list in a report. */
const SHOWN_NAMES = 20;

/** To read that many hours takes about a millisecond; then others get their turn. */
const HOURS_PER_TURN = 16;

/** @throws AdminError ADMIN_BAD_REQUEST, StoreError */
export async function reportStatistics(
  sources: StatisticsSources,
  { until, lastMs, stepMs }: StatisticsQuery,
): Promise<StatisticsReport> {
  const end = Math.ceil(until / stepMs) * stepMs;
  const start = Math.floor((until - lastMs) / stepMs) * stepMs;
  const steps = (end - start) / stepMs;
  if (steps > MOST_POINTS) {
    const message = `step-seconds: ${steps} steps are more than ${MOST_POINTS}`;
    throw new AdminError('ADMIN_BAD_REQUEST', message);
  }
  const points = Array.from({ length: steps }, emptyBands);
  const total = emptyStatistics();
  const firstHour = hourOf(start);
  for (let hour = firstHour; startOfHour(hour) < end; hour++) {
    if ((hour - firstHour) % HOURS_PER_TURN === HOURS_PER_TURN - 1) await turn();
    const statistics = await readHour(sources, hour);
    if (statistics === undefined) continue;
    for (const [minute, bands] of statistics.minutes) {
      const at = startOfHour(hour) + minute * MINUTE_MS;
      const sums = points[Math.floor((at - start) / stepMs)];
      if (at >= start && sums !== undefined) addNumbers(sums, bands);
    }
    statistics.minutes.clear();
    addStatistics(total, statistics);
  }
  const { delayMs, hearsOfForgotten } = sources.insight.settings();
  return {
    from: timeOf(start),
    until: timeOf(end),
    stepSeconds: stepMs / 1000,
    points: points.map((bands, index) => ({
      at: timeOf(start + index * stepMs),
      bands: named(bands),
    })),
    wholeHoursFrom: timeOf(startOfHour(firstHour)),
    delaySeconds: delayMs / 1000,
    ...summarise(total),
    neverCameBack: hearsOfForgotten ? total.neverCameBack : null,
  };
}

type Summary = Pick<
  StatisticsReport,
  'decisions' | 'firstAttempts' | 'cameBack' | 'retries' | 'domains' | 'networks'
>;

function summarise(total: Statistics): Summary {
  const { firstAttempts, cameBack, retries, domains, networks } = total;
  return {
    decisions: [...total.decisions].sort(byCount).map(([kind, count]) => {
      const [reason = '', would = '', mode = ''] = kind.split(' ');
      return { reason, would, mode, count };
    }),
    firstAttempts,
    cameBack,
    retries: retries.map((count, index) => ({ upToSeconds: RETRY_SECONDS[index] ?? null, count })),
    domains: domains.entries(SHOWN_NAMES).map(({ name, count, weight }) => ({
      domain: name,
      count,
      averageSeconds: Math.round(weight / count),
    })),
    networks: networks.entries(SHOWN_NAMES).map(({ name, count }) => ({ network: name, count })),
  };
}

/** All that is known of an hour; undefined if there is nothing. */
async function readHour(
  { store, insight }: StatisticsSources,
  hour: number,
): Promise<Statistics | undefined> {
  const found = store.get(statisticsKey(hour));
  const entry = found instanceof Promise ? await found : found;
  const unwritten = insight.unwritten(hour);
  if (entry === undefined && unwritten.length === 0) return undefined;
  const sum = decode(entry);
  for (const statistics of unwritten) addStatistics(sum, statistics);
  return sum;
}

/** Damaged ones, and those of a newer version, are as good as none. */
function decode(entry: StoreEntry | undefined): Statistics {
  return (entry && decodeStored(entry.value)) ?? emptyStatistics();
}

function byCount(
  [one, count]: readonly [string, number],
  [other, otherCount]: readonly [string, number],
): number {
  return otherCount - count || (one < other ? -1 : 1);
}

function named(bands: readonly number[]): Readonly<Record<StatisticsBand, number>> {
  // One number for each of them.
  return Object.fromEntries(
    statisticsBands.map((band, index) => [band, bands[index] ?? 0]),
  ) as Record<StatisticsBand, number>;
}

function timeOf(instant: number): string {
  return new Date(instant).toISOString();
}
