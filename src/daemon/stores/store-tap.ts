import {
  ENDED,
  type CompactionStep,
  type GreylistStore,
  type MaybePromise,
  type NewEntry,
  type ScannedEntry,
  type StoreEntry,
  type StoreStats,
} from '../../store/store.js';
import type { RecordChange } from '../../admin/admin-dependencies.js';

type ChangeListener = (change: RecordChange) => void;

/** The same store, where others hear of what changes in it; next to nothing while nobody does. */
export class StoreTap implements GreylistStore {
  readonly compact: (() => AsyncIterable<CompactionStep>) | undefined;
  readonly #inner: GreylistStore;
  #listeners: readonly ChangeListener[] = [];

  constructor(inner: GreylistStore) {
    this.#inner = inner;
    this.compact = inner.compact?.bind(inner);
  }

  /**
   * Hears of every change once it is committed. Must neither throw nor take long.
   *
   * @returns ends it
   */
  listen(listener: ChangeListener): () => void {
    this.#listeners = [...this.#listeners, listener];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
    };
  }

  get(key: string): MaybePromise<StoreEntry | undefined> {
    return this.#inner.get(key);
  }

  compareAndSet(key: string, expected: StoreEntry | undefined, next: NewEntry): Promise<boolean> {
    const storing = this.#inner.compareAndSet(key, expected, next);
    if (this.#listeners.length === 0) return storing;
    return storing.then((isStored) => {
      if (isStored) this.#tell(changeBy(key, expected, next));
      return isStored;
    });
  }

  async delete(key: string): Promise<void> {
    const entry = this.#listeners.length === 0 ? undefined : await this.#inner.get(key);
    await this.#inner.delete(key);
    if (entry === undefined) return;
    const { value, expiresAt } = entry;
    this.#tell({ record: { key, value, expiresAt }, isForgotten: true });
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

  #tell(change: RecordChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

/** What has become of a record: of one that is over, as it was. */
function changeBy(key: string, before: StoreEntry | undefined, next: NewEntry): RecordChange {
  const isForgotten = next.expiresAt === ENDED;
  const { value, expiresAt } = isForgotten ? (before ?? next) : next;
  return { record: { key, value, expiresAt }, isForgotten };
}
