import { setImmediate as turn } from 'node:timers/promises';
import { loadStore, type OpenStore } from '../../src/daemon/stores/open-store.js';
import {
  StoreError,
  type GreylistStore,
  type MaybePromise,
  type NewEntry,
  type ScannedEntry,
  type StoreEntry,
  type StoreStats,
} from '../../src/store/store.js';

/** What happens to a call: `hang` holds it until `heal`, `slow` lets a few turns go by first. */
export type Fault = 'none' | 'fail' | 'hang' | 'slow';

const slowTurns = 20;

/** A real store whose calls fail, hang or dawdle when a test says so. */
export class FaultyStore implements GreylistStore {
  reads: Fault = 'none';
  writes: Fault = 'none';
  closing: Fault = 'none';
  readonly #inner: GreylistStore;
  readonly #held: (() => void)[] = [];

  constructor(inner: GreylistStore) {
    this.#inner = inner;
  }

  /** Ends all faults; what was held goes on. */
  heal(): void {
    this.reads = this.writes = this.closing = 'none';
    for (const goOn of this.#held.splice(0)) goOn();
  }

  get(key: string): MaybePromise<StoreEntry | undefined> {
    if (this.reads === 'none') return this.#inner.get(key);
    return this.#suffer(this.reads, 'reads fail').then(() => this.#inner.get(key));
  }

  async compareAndSet(
    key: string,
    expected: StoreEntry | undefined,
    next: NewEntry,
  ): Promise<boolean> {
    await this.#suffer(this.writes, 'writes fail');
    return await this.#inner.compareAndSet(key, expected, next);
  }

  async delete(key: string): Promise<void> {
    await this.#suffer(this.writes, 'writes fail');
    await this.#inner.delete(key);
  }

  async *scan(after?: string): AsyncGenerator<ScannedEntry, void, undefined> {
    await this.#suffer(this.reads, 'reads fail');
    yield* this.#inner.scan(after);
  }

  stats(): MaybePromise<StoreStats> {
    return this.#inner.stats();
  }

  async close(): Promise<void> {
    await this.#suffer(this.closing, 'closing fails');
    await this.#inner.close();
  }

  async #suffer(fault: Fault, what: string): Promise<void> {
    if (fault === 'fail') throw new StoreError('STORE_UNAVAILABLE', `The store is away: ${what}.`);
    if (fault === 'hang') await new Promise<void>((resolve) => this.#held.push(resolve));
    if (fault === 'slow') for (let turns = 0; turns < slowTurns; turns++) await turn();
  }
}

/** Opens the store that is configured, for a daemon under test, and hands out what can break it. */
export function openFaultyStore(onOpen: (store: FaultyStore) => void): OpenStore {
  return async (settings, dependencies) => {
    const open = await loadStore(settings.url.kind);
    const store = new FaultyStore(await open(settings, dependencies));
    onOpen(store);
    return store;
  };
}
