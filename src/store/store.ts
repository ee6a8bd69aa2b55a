/** A stored value and when it ceases to be. */
export interface StoreEntry {
  /** The record's bytes; opaque to the store, not to be changed by the caller. */
  readonly value: Uint8Array;
  /** Epoch milliseconds; a multiple of 1000 once stored (rounded up). */
  readonly expiresAt: number;
  /**
   * The commit that this entry still waits for. What is answered because of an entry must wait for
   * it; absent once the entry is durable. Rejects with a StoreError if the commit fails.
   */
  readonly commit: Promise<void> | undefined;
}

/** What is to be stored. */
export interface NewEntry {
  /** The record's bytes; the store keeps them as they are, so they must not be changed later. */
  readonly value: Uint8Array;
  /** Epoch milliseconds, at most those of the year 2106. */
  readonly expiresAt: number;
}

/**
 * An end that is over: an entry that gets it by `compareAndSet` is absent from then on. It is a deletion that is
 * not done if somebody else was faster.
 */
export const ENDED = 0;

/** What a store knows of itself, for status and metrics. */
export interface StoreStats {
  /** Approximate bytes on disk or in the servers; absent while one of these does not tell. */
  readonly bytes?: number | undefined;
  /** Writes that wait for their commit, or have had it in a journal and are not yet in the database. */
  readonly pendingWrites: number;
  readonly commits: number;
  readonly failedCommits: number;
  /** Of these, the last ones in a row; absent where a store does not know. */
  readonly failedInARow?: number;
  /** Entries that the sweeper has deleted since the store was opened; absent where a server does it. */
  readonly expired?: number;
  /** How often a server was lost since the store was opened, and was back; absent where there is none. */
  readonly servers?: { readonly lost: number; readonly back: number };
  /** By what records may be lost, or not be kept, a line each; absent if there is nothing. */
  readonly warnings?: readonly string[];
}

/** How far a compaction is. */
export interface CompactionStep {
  readonly done: number;
  readonly of: number;
}

/** What a scan yields; the position is for the scan that goes on behind it. */
export type ScannedEntry = readonly [key: string, entry: StoreEntry, position: string];

/** A value that is there at once, or later. Local stores read at once, remote ones do not. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * The contract of every store; test/contract/ has a test for each sentence.
 *
 *  1. `get` returns the entry that was last set, or undefined if there is none.
 *  2. `get` sees what `compareAndSet` has accepted, also before it is committed; such an entry
 *     carries the commit it waits for.
 *  3. An entry is absent from the instant `expiresAt` on, by the store's clock, whether or not it
 *     has been swept.
 *  4. `expiresAt` is kept in whole seconds, rounded up: nothing expires early.
 *  5. `compareAndSet` stores `next` if the entry that is there equals `expected` in value and
 *     expiry (undefined: if there is none, or only an expired one), and resolves to true once that
 *     is committed, be it to a journal in memory; otherwise it changes nothing and resolves to false.
 *  6. Of several calls that expect the same entry exactly one wins.
 *  7. What resolved is durable: after `durability: process` a killed process, with `power` also a
 *     power cut, loses none of it.
 *  8. If a commit fails the promises of all that was in it reject with a StoreError, and `get`
 *     returns what was committed before. A later write of the same key that waits for the next
 *     commit is not undone with it: it stands by itself, and `get` returns that. What has been
 *     rejected is not durable, but may turn up again when the store is opened next.
 *  9. `delete` makes an entry absent, resolves once that is committed, and is no error if there is
 *     none.
 * 10. `scan` yields every entry that has been accepted before it begins and lives through it
 *     exactly once, no expired one, in no particular order, and does not hold up other calls.
 * 11. Keys are any strings without lone surrogates; no two different keys are the same entry.
 * 12. `close` waits for what was accepted, and may be called again; afterwards every other call
 *     rejects or throws a StoreError with the code STORE_CLOSED. What has resolved and the database does
 *     not take is there when the store is opened next.
 * 13. An outage is a StoreError, never an absent entry.
 * 14. An outage ends by itself once its cause is gone, and nothing is lost that resolved before it
 *     or after it.
 * 15. `scan` may begin behind a position that an earlier scan has yielded, also if the entry there
 *     is gone: a list is read page by page, without anything being kept for it meanwhile. What is
 *     no position is a RangeError.
 * 16. `compact`, of a store that has files to make smaller, goes on step by step and may be left
 *     after any; it changes nothing that can be read and does not hold up other calls.
 */
export interface GreylistStore {
  /** Throws, or rejects, with a StoreError. */
  get(key: string): MaybePromise<StoreEntry | undefined>;
  compareAndSet(key: string, expected: StoreEntry | undefined, next: NewEntry): Promise<boolean>;
  delete(key: string): Promise<void>;
  scan(after?: string): AsyncIterable<ScannedEntry>;
  stats(): MaybePromise<StoreStats>;
  readonly compact?: (() => AsyncIterable<CompactionStep>) | undefined;
  close(): Promise<void>;
}

/** What can be wrong with a store; docs/log.md says what to do. */
export type StoreErrorCode =
  | 'STORE_LOCKED'
  | 'STORE_NOT_OURS'
  | 'STORE_NEWER_FORMAT'
  | 'STORE_DAMAGED'
  | 'STORE_REMOVED'
  | 'STORE_PERMISSION'
  | 'STORE_SETTINGS'
  | 'STORE_UNAVAILABLE'
  | 'STORE_NOT_CLOSED'
  | 'STORE_SHARED'
  | 'STORE_CLOSED';

/** Every failure of a store. The message says what, where and what to do. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}
