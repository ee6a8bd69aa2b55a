import {
  StoreError,
  type GreylistStore,
  type NewEntry,
  type ScannedEntry,
  type StoreEntry,
  type StoreErrorCode,
  type StoreStats,
} from '../../src/store/store.js';

/** A write that waits for the end of the turn; undefined as entry: the key is to be absent. */
interface Pending {
  readonly entry: StoreEntry | undefined;
  readonly commit: Promise<void>;
}

/** What a memory store works with. */
export interface MemoryStoreOptions {
  readonly clock: { now(): number };
  /** What an earlier store has committed, to be gone on with: the likeness of a restart. */
  readonly committed?: Map<string, StoreEntry>;
}

/**
 * A store for tests that keeps the contract without a disk. Commits end with the turn of the event
 * loop in which they were accepted; both switches may be thrown at any time.
 */
export class MemoryStore implements GreylistStore {
  /** Makes commits fail that end while it is set. */
  failWrites = false;
  /** Makes reads fail, and with them all that must read first. */
  failReads = false;
  /** What outlives this store. */
  readonly committed: Map<string, StoreEntry>;
  readonly #now: () => number;
  readonly #pending = new Map<string, Pending>();
  #commits = 0;
  #failedCommits = 0;
  #closing: Promise<void> | undefined;

  constructor({ clock, committed = new Map() }: MemoryStoreOptions) {
    this.#now = () => clock.now();
    this.committed = committed;
  }

  get(key: string): StoreEntry | undefined {
    this.#assertOpen();
    if (this.failReads) throw failure('STORE_UNAVAILABLE', 'reads fail');
    const pending = this.#pending.get(key);
    return this.#living(pending === undefined ? this.committed.get(key) : pending.entry);
  }

  async compareAndSet(
    key: string,
    expected: StoreEntry | undefined,
    next: NewEntry,
  ): Promise<boolean> {
    if (!isSame(this.get(key), expected)) return false;
    const expiresAt = Math.ceil(next.expiresAt / 1000) * 1000;
    await this.#accept(key, { value: Uint8Array.from(next.value), expiresAt });
    return true;
  }

  async delete(key: string): Promise<void> {
    const pending = this.#pending.get(key);
    if (this.get(key) !== undefined) await this.#accept(key, undefined);
    else await pending?.commit;
  }

  /** A position is `at` and a key. */
  async *scan(after?: string): AsyncGenerator<ScannedEntry, void, undefined> {
    if (after?.startsWith('at') === false) throw new RangeError(`"${after}" is no position`);
    this.#assertOpen();
    if (this.failReads) throw failure('STORE_UNAVAILABLE', 'reads fail');
    await this.#settled();
    const inOrder = [...this.committed].sort(([one], [other]) => (one < other ? -1 : 1));
    for (const [key, entry] of inOrder) {
      this.#assertOpen();
      const isReached = after !== undefined && key <= after.slice(2);
      if (!isReached && this.#living(entry) !== undefined) yield [key, entry, `at${key}`];
    }
  }

  stats(): StoreStats {
    this.#assertOpen();
    let bytes = 0;
    for (const [key, { value }] of this.committed) bytes += key.length + value.length;
    return {
      bytes,
      pendingWrites: this.#pending.size,
      commits: this.#commits,
      failedCommits: this.#failedCommits,
      expired: 0,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#settled();
    return this.#closing;
  }

  #accept(key: string, next: NewEntry | undefined): Promise<void> {
    const commit: Promise<void> = new Promise((resolve, reject) => {
      setImmediate(() => {
        if (this.#pending.get(key) === pending) this.#pending.delete(key);
        if (this.failWrites) {
          this.#failedCommits++;
          reject(failure('STORE_UNAVAILABLE', 'writes fail'));
          return;
        }
        this.#commits++;
        if (next === undefined) this.committed.delete(key);
        else this.committed.set(key, { ...next, commit: undefined });
        resolve();
      });
    });
    const pending = { entry: next === undefined ? undefined : { ...next, commit }, commit };
    this.#pending.set(key, pending);
    commit.catch(() => undefined);
    return commit;
  }

  async #settled(): Promise<void> {
    await Promise.allSettled([...this.#pending.values()].map(({ commit }) => commit));
  }

  #living(entry: StoreEntry | undefined): StoreEntry | undefined {
    return entry !== undefined && entry.expiresAt > this.#now() ? entry : undefined;
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw failure('STORE_CLOSED', 'it has been closed');
  }
}

function failure(code: StoreErrorCode, what: string): StoreError {
  return new StoreError(code, `The memory store does not work: ${what}.`);
}

function isSame(current: StoreEntry | undefined, expected: StoreEntry | undefined): boolean {
  if (current === undefined || expected === undefined) return current === expected;
  return (
    current.expiresAt === expected.expiresAt && Buffer.compare(current.value, expected.value) === 0
  );
}
