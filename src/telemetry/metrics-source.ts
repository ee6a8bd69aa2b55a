import type { Mode } from '../greylist/decision.js';
import type { AdminRefusals } from './admin-refusals.js';
import type { BucketCounts } from './bucket-counts.js';
import type { DecisionCounts } from './decision-counts.js';
import type { ProtocolCounts } from './protocol-counts.js';

/** A protocol's counts, and how many are connected now. */
export interface ProtocolReading {
  readonly counts: ProtocolCounts;
  readonly connected: number;
}

/** Lookups of one kind. */
export interface LookupReading {
  readonly kind: string;
  readonly asked: number;
  readonly unknown: number;
  /** Those that were not answered at once, and how long they took altogether. */
  readonly waited: number;
  readonly microseconds: number;
}

/** Questions to name servers. */
export interface DnsReading {
  readonly outcomes: Readonly<
    Record<'asked' | 'cached' | 'joined' | 'failed' | 'timed-out' | 'refused', number>
  >;
  readonly microseconds: number;
}

/** What is stored, as the last round over the store has found it. */
export interface PopulationReading {
  readonly triplets: { readonly pending: number; readonly passed: number };
  readonly autowhite: { readonly pending: number; readonly autowhite: number };
  readonly records: ReadonlyMap<string, number>;
  /** When the round ended, epoch milliseconds. */
  readonly at: number;
}

/** The store as its metrics show it; `stats` is undefined if it cannot say. */
export interface StoreReading {
  readonly reads: BucketCounts;
  readonly commits: BucketCounts;
  readonly stats:
    | {
        readonly bytes?: number | undefined;
        readonly pendingWrites: number;
        readonly commits: number;
        readonly failedCommits: number;
        readonly expired?: number;
        readonly servers?: { readonly lost: number; readonly back: number };
      }
    | undefined;
  /** Of its files, as far as they have been checked. */
  readonly damagedBlocks: number;
  /** When all of them were checked last, epoch milliseconds; undefined if they never were. */
  readonly checkedAt: number | undefined;
}

/** How late the event loop was, in seconds, since this was read last. */
export interface LoopReading {
  readonly mean: number;
  readonly p99: number;
  readonly max: number;
}

/** All that is told at one scrape. */
export interface MetricsReading {
  readonly version: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly configuredAt: number;
  readonly mode: Mode;
  readonly decisions: DecisionCounts;
  readonly protocols: Readonly<Record<'milter' | 'policy', ProtocolReading>>;
  readonly admin: AdminRefusals;
  readonly lookups: readonly LookupReading[];
  readonly dns: DnsReading | undefined;
  readonly store: StoreReading;
  readonly population: PopulationReading | undefined;
  /** Triplets that were not remembered, by the limit that they would have exceeded. */
  readonly notRemembered: Readonly<Record<'pending' | 'pending-per-network', number>>;
  readonly forgotten: Readonly<Record<'never-returned' | 'returned-early' | 'passed', number>>;
  /** Each cause, and whether it is there. */
  readonly failingOpen: readonly (readonly [cause: string, isOn: boolean])[];
  /** Whether the last reload was refused. */
  readonly isReloadFailed: boolean;
  readonly droppedLines: number;
  readonly loop: LoopReading;
  readonly process: {
    readonly cpuSeconds: number;
    readonly residentBytes: number;
  };
}
