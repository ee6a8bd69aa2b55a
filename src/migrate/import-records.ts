import { TimeSlice } from '../store/level/time-slice.js';
import type { GreylistStore, MaybePromise, StoreEntry } from '../store/store.js';
import { mergeRecords } from './merge-records.js';
import type { StoredRecord } from './stored-record.js';

/** What became of records. */
export interface ImportTally {
  /** Of keys that the store did not have. */
  taken: number;
  /** United with what the store had. */
  merged: number;
  /** The store knew all of it. */
  unchanged: number;
  expired: number;
}

/** A tally of nothing. */
export function emptyTally(): ImportTally {
  return { taken: 0, merged: 0, unchanged: 0, expired: 0 };
}

/** What an import needs of a store. */
export type ImportTarget = Pick<GreylistStore, 'get' | 'compareAndSet'>;

/**
 * So many writes are committed together at most, so that mail that comes meanwhile waits for a short
 * commit; with fewer, what a commit costs by itself makes an import slower.
 */
const MAX_TOGETHER = 128;

/** Somebody else writes the same key: after so many times in a row the store is broken. */
const MAX_CONFLICTS = 100;

/**
 * Brings records into a store that others may use at the same time: what is newer there stays, what
 * is older is united with it. Whatever was counted is committed. It may end at any moment, and doing
 * it again does nothing twice.
 *
 * Commits of one part of a batch go on while the next one is merged; there are never more than two
 * parts on their way.
 */
export class RecordImport {
  readonly #target: ImportTarget;
  readonly #now: () => number;
  #previous: Promise<unknown> = Promise.resolve();
  readonly #slice: TimeSlice;
  readonly tally: ImportTally = emptyTally();

  /** @param slice cuts it into pieces, and whatever else is done for the import */
  constructor(target: ImportTarget, now: () => number, slice: TimeSlice = new TimeSlice()) {
    this.#target = target;
    this.#now = now;
    this.#slice = slice;
  }

  /** Takes a batch; resolves when the next one may come. @throws StoreError */
  async take(records: readonly StoredRecord[]): Promise<void> {
    let writes: Promise<void>[] = [];
    for (const record of records) {
      if (this.#slice.isOver) await this.#slice.next();
      const written = this.#merge(record, 0);
      if (written === undefined) continue;
      // It may fail long before anybody waits for its part.
      written.catch(() => undefined);
      if (writes.push(written) < MAX_TOGETHER) continue;
      await this.#takePart(writes);
      writes = [];
    }
    await this.#takePart(writes);
  }

  /** Resolves once all that was taken is committed. @throws StoreError */
  async end(): Promise<ImportTally> {
    await this.#previous;
    return this.tally;
  }

  /** Resolves once the part before this one is committed. */
  async #takePart(writes: readonly Promise<void>[]): Promise<void> {
    const previous = this.#previous;
    this.#previous = Promise.all(writes);
    // Whoever takes the next part, or ends, hears of it.
    this.#previous.catch(() => undefined);
    await previous;
  }

  #merge(record: StoredRecord, conflicts: number): Promise<void> | undefined {
    if (record.expiresAt <= this.#now()) {
      this.tally.expired += 1;
      return undefined;
    }
    const entry = this.#read(record.key);
    return entry instanceof Promise
      ? entry.then((found) => this.#mergeWith(found, record, conflicts))
      : this.#mergeWith(entry, record, conflicts);
  }

  #read(key: string): MaybePromise<StoreEntry | undefined> {
    return this.#target.get(key);
  }

  #mergeWith(
    entry: StoreEntry | undefined,
    record: StoredRecord,
    conflicts: number,
  ): Promise<void> | undefined {
    if (entry === undefined) return this.#write(undefined, record, record, conflicts);
    const { value, expiresAt } = entry;
    const mine = { key: record.key, value, expiresAt };
    const merged = mergeRecords(mine, record, this.#now());
    if (merged !== mine) return this.#write(entry, merged, record, conflicts);
    if (entry.commit !== undefined) return entry.commit.then(() => this.#count('unchanged'));
    this.#count('unchanged');
    return undefined;
  }

  async #write(
    entry: StoreEntry | undefined,
    { key, value, expiresAt }: StoredRecord,
    record: StoredRecord,
    conflicts: number,
  ): Promise<void> {
    if (await this.#target.compareAndSet(key, entry, { value, expiresAt })) {
      this.#count(entry === undefined ? 'taken' : 'merged');
      return;
    }
    if (conflicts >= MAX_CONFLICTS) throw new Error(`${conflicts} conflicts in a row at one key`);
    await this.#merge(record, conflicts + 1);
  }

  #count(what: keyof ImportTally): void {
    this.tally[what] += 1;
  }
}
