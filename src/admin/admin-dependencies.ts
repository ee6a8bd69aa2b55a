import type { Decision } from '../greylist/decision.js';
import type { StoredRecord } from '../migrate/stored-record.js';
import type { Paces } from '../store/level/time-slice.js';
import type { GreylistStore } from '../store/store.js';
import type { Logger } from '../telemetry/logger.js';
import type { Insight } from './insight.js';
import type { Monitoring } from './monitoring.js';
import type { DaemonStatus, ReloadReport } from './status.js';

/** A record that has changed, as it is now; or as it was, if somebody has deleted it. */
export interface RecordChange {
  readonly record: StoredRecord;
  readonly isForgotten: boolean;
}

/** What the admin interface shows and steers. */
export interface AdminDependencies {
  readonly store: GreylistStore;
  readonly clock: { now(): number };
  /** Of long work that is not the store's; it goes on at once without them. */
  readonly paces?: Paces | undefined;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Of greymilter. */
  readonly version: string;
  /** Of the daemon, epoch milliseconds. */
  readonly startedAt: number;
  readonly status: () => Promise<DaemonStatus>;
  readonly monitoring: Monitoring;
  /** Tells every decision while somebody listens; the listener must neither throw nor take long. */
  readonly decisions: { listen(listener: (decision: Decision) => void): () => void };
  /** Tells every change of a record while somebody listens, likewise. */
  readonly changes: { listen(listener: (change: RecordChange) => void): () => void };
  readonly insight: Insight;
  /** Reads the configuration again; absent where there is none to read. Never rejects. */
  readonly reload?: (() => Promise<ReloadReport>) | undefined;
  /** Told when the exceptions by hand have changed. */
  readonly onExceptions: () => void;
  /** How long a sender is known whose mail is let through by hand, in milliseconds, as things are now. */
  readonly releaseLife: () => (sender: string) => number;
}
