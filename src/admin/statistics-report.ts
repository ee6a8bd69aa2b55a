import type { StatisticsBand } from '../greylist/statistics.js';

/** What happened in one step. */
export interface StatisticsPoint {
  /** When it begins, RFC 3339. */
  readonly at: string;
  readonly bands: Readonly<Record<StatisticsBand, number>>;
}

/** What happened in a time. The points are exact to the minute; all else covers whole hours. */
export interface StatisticsReport {
  readonly from: string;
  readonly until: string;
  readonly stepSeconds: number;
  /** One for each step, oldest first, those without mail included. */
  readonly points: readonly StatisticsPoint[];
  /** From where on the following is counted. */
  readonly wholeHoursFrom: string;
  readonly decisions: readonly {
    readonly reason: string;
    readonly would: string;
    readonly mode: string;
    readonly count: number;
  }[];
  readonly firstAttempts: number;
  readonly cameBack: number;
  /** Null where records expire at a server, which tells nobody. */
  readonly neverCameBack: number | null;
  /** From the first attempt to the second; a class without an end has null. */
  readonly retries: readonly { readonly upToSeconds: number | null; readonly count: number }[];
  /** The delay of the configuration in force. */
  readonly delaySeconds: number;
  readonly domains: readonly {
    readonly domain: string;
    readonly count: number;
    readonly averageSeconds: number;
  }[];
  readonly networks: readonly { readonly network: string; readonly count: number }[];
}
