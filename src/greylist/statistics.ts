import type { Reason, Verdict } from './decision.js';
import { TopList } from './top-list.js';

/** What becomes of recipients, in as few kinds as a picture can show. */
export const statisticsBands = [
  'put-off',
  'early',
  'passed',
  'known',
  'exempt',
  'refused',
  'impaired',
] as const;

export type StatisticsBand = (typeof statisticsBands)[number];

const bandOfReason = {
  'greylist-new': 'put-off',
  'greylist-expired': 'put-off',
  'greylist-early': 'early',
  'greylist-passed': 'passed',
  patience: 'passed',
  'greylist-known': 'known',
  pool: 'known',
  'client-autowhite': 'known',
  reply: 'known',
  provider: 'exempt',
  trusted: 'exempt',
  authenticated: 'exempt',
  tls: 'exempt',
  local: 'exempt',
  'access-map': 'exempt',
  rule: 'exempt',
  'store-unavailable': 'impaired',
  overload: 'impaired',
  error: 'impaired',
} as const satisfies Record<Reason, StatisticsBand>;

/**
 * In which band a decision is shown, as a place in {@link statisticsBands}; rules that do not accept
 * refuse. Looked up, because every decision asks.
 */
export function bandIndex(reason: Reason, would: Verdict): number {
  return reason === 'rule' && would !== 'accept' ? REFUSED : indexOfReason[reason];
}

const REFUSED = statisticsBands.indexOf('refused');
// One index for each reason of the table.
const indexOfReason = Object.fromEntries(
  Object.entries(bandOfReason).map(([reason, band]) => [reason, statisticsBands.indexOf(band)]),
) as Readonly<Record<Reason, number>>;

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Upper ends of the classes of retry times, in seconds; above the last one is a class without an end. */
export const RETRY_SECONDS = [10, 20, 30, 45]
  .concat([1, 1.5, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 45].map((count) => count * MINUTE))
  .concat([1, 1.5, 2, 3, 4, 6, 8, 12, 16, 24, 36, 48].map((count) => count * HOUR));

/** Names of each list in an hour; for all hours that are kept they are some megabytes at most. */
export const TOP_NAMES = 64;

/** What happened in a stretch of time, such as an hour. Everything can be added up. */
export interface Statistics {
  /** By `reason would mode`. */
  readonly decisions: Map<string, number>;
  /** Of each minute in which something happened, counted from the start of its hour: the bands. */
  readonly minutes: Map<number, number[]>;
  /** First attempts that were put off. */
  firstAttempts: number;
  /** Those that tried a second time. */
  cameBack: number;
  /** Those that were forgotten without a second try. */
  neverCameBack: number;
  /** From the first attempt to the second; classes of {@link RETRY_SECONDS}. */
  readonly retries: number[];
  /** Sender domains whose mail passed after it had to wait; the weight is the seconds it took. */
  readonly domains: TopList;
  /** Networks whose mail never came again. */
  readonly networks: TopList;
}

/** Nothing has happened. */
export function emptyStatistics(): Statistics {
  return {
    decisions: new Map(),
    minutes: new Map(),
    firstAttempts: 0,
    cameBack: 0,
    neverCameBack: 0,
    retries: [...RETRY_SECONDS, Infinity].map(() => 0),
    domains: new TopList(TOP_NAMES),
    networks: new TopList(TOP_NAMES),
  };
}

/** A minute in which nothing has happened yet. */
export function emptyBands(): number[] {
  return statisticsBands.map(() => 0);
}

/** Whether there is nothing to keep. */
export function isEmptyStatistics({ decisions, neverCameBack }: Statistics): boolean {
  return decisions.size === 0 && neverCameBack === 0;
}

/** Adds what happened elsewhere in the same hour; or in another one, if its minutes do not matter. */
export function addStatistics(sum: Statistics, more: Statistics): void {
  for (const [kind, count] of more.decisions) {
    sum.decisions.set(kind, (sum.decisions.get(kind) ?? 0) + count);
  }
  for (const [minute, bands] of more.minutes) {
    const sums = sum.minutes.get(minute);
    if (sums === undefined) sum.minutes.set(minute, [...bands]);
    else addNumbers(sums, bands);
  }
  sum.firstAttempts += more.firstAttempts;
  sum.cameBack += more.cameBack;
  sum.neverCameBack += more.neverCameBack;
  addNumbers(sum.retries, more.retries);
  for (const { name, count, weight } of more.domains.entries())
    sum.domains.add(name, count, weight);
  for (const { name, count } of more.networks.entries()) sum.networks.add(name, count);
}

/** The class of {@link RETRY_SECONDS} that a time is in. */
export function retryClass(seconds: number): number {
  const found = RETRY_SECONDS.findIndex((end) => seconds <= end);
  return found === -1 ? RETRY_SECONDS.length : found;
}

/** Adds to numbers of the same places. */
export function addNumbers(sums: number[], more: readonly number[]): void {
  for (const [place, sum] of sums.entries()) sums[place] = sum + Number(more[place]);
}
