import type {
  GreylistStore,
  MaybePromise,
  NewEntry,
  ScannedEntry,
  StoreEntry,
  StoreStats,
} from '../../store/store.js';
import { BucketCounts } from '../../telemetry/bucket-counts.js';

/** A local store reads in some microseconds, one behind a network in some milliseconds. */
const READ_SECONDS = [
  0.000005, 0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.005, 0.025, 0.1, 1,
];
/** A commit without the disk takes a tenth of a millisecond, with it some milliseconds. */
const COMMIT_SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5,
];

/** The same store, with a watch beside it. */
export class MeasuredStore implements GreylistStore {
  readonly reads = new BucketCounts(READ_SECONDS);
  readonly commits = new BucketCounts(COMMIT_SECONDS);
  readonly #inner: GreylistStore;
  #commit: Promise<boolean> | undefined;

  constructor(inner: GreylistStore) {
    this.#inner = inner;
  }

  get(key: string): MaybePromise<StoreEntry | undefined> {
    const startedAt = performance.now();
    const entry = this.#inner.get(key);
    if (!(entry instanceof Promise)) {
      this.reads.observe((performance.now() - startedAt) / 1000);
      return entry;
    }
    return entry.finally(() => this.reads.observe((performance.now() - startedAt) / 1000));
  }

  compareAndSet(key: string, expected: StoreEntry | undefined, next: NewEntry): Promise<boolean> {
    const storing = this.#inner.compareAndSet(key, expected, next);
    // All writes of a commit may share one promise, and then one look is enough.
    if (storing !== this.#commit) this.#time(storing);
    return storing;
  }

  delete(key: string): Promise<void> {
    return this.#inner.delete(key);
  }

  scan(after?: string): AsyncIterable<ScannedEntry> {
    return this.#inner.scan(after);
  }

  stats(): MaybePromise<StoreStats> {
    return this.#inner.stats();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #time(storing: Promise<boolean>): void {
    this.#commit = storing;
    const startedAt = performance.now();
    const end = (): void => this.commits.observe((performance.now() - startedAt) / 1000);
    // Who waits for the write hears of its failure.
    storing.then(end, end);
  }
}
