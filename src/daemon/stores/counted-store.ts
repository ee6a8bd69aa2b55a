import { isCorrespondenceKey } from '../../greylist/correspondence-key.js';
import type {
  CompactionStep,
  GreylistStore,
  MaybePromise,
  NewEntry,
  ScannedEntry,
  StoreEntry,
  StoreStats,
} from '../../store/store.js';
import type { PendingTriplets } from './pending-triplets.js';

/** The same store, where the triplets that wait are counted, whoever changes them. */
export class CountedStore implements GreylistStore {
  readonly compact: (() => AsyncIterable<CompactionStep>) | undefined;
  readonly #inner: GreylistStore;
  readonly #pending: PendingTriplets;

  constructor(inner: GreylistStore, pending: PendingTriplets) {
    this.compact = inner.compact?.bind(inner);
    this.#inner = inner;
    this.#pending = pending;
  }

  get(key: string): MaybePromise<StoreEntry | undefined> {
    return this.#inner.get(key);
  }

  compareAndSet(key: string, expected: StoreEntry | undefined, next: NewEntry): Promise<boolean> {
    const storing = this.#inner.compareAndSet(key, expected, next);
    // At once, so that those who come in the same turn are counted as well.
    const change = this.#pending.change({ key, before: expected?.value, after: next.value });
    if (change !== undefined) {
      const undo = (): void => this.#pending.takeBack(change);
      // Who waits for the write hears of its failure.
      storing.then((isStored) => {
        if (!isStored) undo();
      }, undo);
    }
    return storing;
  }

  async delete(key: string): Promise<void> {
    const entry = isCorrespondenceKey(key) ? await this.#inner.get(key) : undefined;
    await this.#inner.delete(key);
    if (entry !== undefined) this.#pending.change({ key, before: entry.value, after: undefined });
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
}
