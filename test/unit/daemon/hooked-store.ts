import type {
  GreylistStore,
  MaybePromise,
  NewEntry,
  ScannedEntry,
  StoreEntry,
  StoreStats,
} from '../../../src/store/store.js';
import type { MemoryStore } from '../../support/memory-store.js';

/** A memory store into whose calls a test can step. */
export class HookedStore implements GreylistStore {
  readonly inner: MemoryStore;
  /** Takes the place of `get`. */
  onGet: (key: string) => MaybePromise<StoreEntry | undefined>;
  /** Takes the place of `compareAndSet`. */
  onSet: GreylistStore['compareAndSet'];

  constructor(inner: MemoryStore) {
    this.inner = inner;
    this.onGet = (key) => inner.get(key);
    this.onSet = (key, expected, next) => inner.compareAndSet(key, expected, next);
  }

  get(key: string): MaybePromise<StoreEntry | undefined> {
    return this.onGet(key);
  }

  compareAndSet(key: string, expected: StoreEntry | undefined, next: NewEntry): Promise<boolean> {
    return this.onSet(key, expected, next);
  }

  delete(key: string): Promise<void> {
    return this.inner.delete(key);
  }

  scan(after?: string): AsyncIterable<ScannedEntry> {
    return this.inner.scan(after);
  }

  stats(): StoreStats {
    return this.inner.stats();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
