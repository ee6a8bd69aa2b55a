import type { StoreStats } from '../store/store.js';
import type { RecordCounts } from './record-census.js';

/** How the daemon is. Times are RFC 3339. */
export interface DaemonStatus {
  readonly version: string;
  readonly pid: number;
  readonly startedAt: string;
  /** Since then. */
  readonly uptimeSeconds: number;
  /** When the configuration in force was read: at the start or by a reload. */
  readonly configuredAt: string;
  /** The same for configurations that judge mail by the same settings. */
  readonly settings: string;
  /** What became of the last reload; absent if there was none. */
  readonly lastReload?: ReloadReport | undefined;
  /** What is doubtful about the configuration in force, and the servers of its store, a line each. */
  readonly warnings: readonly string[];
  readonly mode: string;
  /** What keeps the filter from doing what it should; empty if nothing does. */
  readonly impairments: readonly ShownImpairment[];
  /** What mode `learn` has seen; absent if it has seen nothing. */
  readonly learning?: LearningStatus | undefined;
  /** Where MTAs reach it, in Sendmail's spelling. */
  readonly listening: readonly string[];
  /** All listeners, with what is spoken there. */
  readonly listeners: readonly ListenerStatus[];
  /** MTAs that are connected. */
  readonly connections: number;
  readonly store: Omit<StoreStats, 'warnings'> & {
    readonly path: string;
    readonly health: StoreHealth;
    /** What it holds; absent until it has been counted. */
    readonly records?: RecordCounts | undefined;
  };
  readonly decisions: CountedDecisions;
  /** Of those that had to wait and came back; absent if there is none since the start. */
  readonly delays?: DelaySummary | undefined;
}

/** Something that everybody who looks at the filter should know first. */
export interface ShownImpairment {
  /** A word that stays: `store-read`, `reload-failed`, `learn`. */
  readonly cause: string;
  /** For people. */
  readonly text: string;
  /** RFC 3339; absent where nobody knows. */
  readonly since?: string | undefined;
}

/** What was learnt since the start of the filter. Shares are from 0 to 1. */
export interface LearningStatus {
  readonly since: string;
  /** Of the last day, that greylisting has looked at. */
  readonly attempts: number;
  /** Of these, those of triplets that were known. */
  readonly knownShare: number;
  /** The same of the day before; absent if there was none. */
  readonly knownShareBefore?: number | undefined;
  /** Whether it is time to enforce. */
  readonly isEnough: boolean;
}

/** One place where the daemon listens. */
export interface ListenerStatus {
  readonly protocol: 'milter' | 'policy' | 'admin' | 'http';
  readonly address: string;
}

/** Whether it can be read, and the last commit was written. */
export type StoreHealth = 'ok' | 'cannot-be-read' | 'cannot-be-written';

/** Decisions since the start. */
export interface CountedDecisions {
  readonly total: number;
  readonly perHour: number;
  /** The most frequent first. */
  readonly counts: readonly DecisionCount[];
}

/** How many decisions of one verdict had one reason. */
export interface DecisionCount {
  readonly verdict: string;
  readonly reason: string;
  readonly count: number;
  readonly perHour: number;
}

/** From the first attempt to acceptance; the median and the 95th percentile within five per cent. */
export interface DelaySummary {
  readonly count: number;
  readonly medianSeconds: number;
  readonly p95Seconds: number;
  readonly longestSeconds: number;
}

/** What became of a reload. */
export interface ReloadReport {
  /** RFC 3339. */
  readonly at: string;
  readonly ok: boolean;
  /** What is different now, a line for each setting, rule and list; nothing if it failed. */
  readonly changes: readonly string[];
  /** What is doubtful about the configuration. */
  readonly warnings: readonly string[];
  /** Why it failed. */
  readonly code?: string | undefined;
  readonly problem?: string | undefined;
}
