import type { Logger } from '../telemetry/logger.js';
import { finishInterrupted } from './find-level-store.js';
import { claimDatabase, type ClaimedDatabase } from './level/claim-database.js';
import { CommitQueue, type CommitHooks } from './level/commit-queue.js';
import { syncDirectory } from './level/exchange-journal.js';
import { ExpirySweeper } from './level/expiry-sweeper.js';
import { FilledSlots } from './level/filled-slots.js';
import { HeldFiles } from './level/held-files.js';
import { bucketOf, COMPACTED_RANGES, RECORD_RANGE } from './level/layout.js';
import { LevelDatabase } from './level/level-database.js';
import type { MemoryJournal } from './level/memory-journal.js';
import { SlotTable } from './level/slot-table.js';
import { createSlotHash, type SlotHash } from './level/slot-hash.js';
import { findEntry, replaceEntry, type KeyedEntry } from './level/slot.js';
import { prepareDirectory } from './level/store-directory.js';
import { closedError, damagedError, toStoreError } from './level/store-errors.js';
import { entriesBehind, formatPosition, parsePosition } from './level/scan-position.js';
import { TimeSlice, type Paces, type SlicePace } from './level/time-slice.js';
import { tellRemains } from './level/tell-remains.js';
import type {
  CompactionStep,
  GreylistStore,
  NewEntry,
  ScannedEntry,
  StoreEntry,
  StoreStats,
} from './store.js';
import { withUnstored } from './level/with-unstored.js';
import { wholeSecond } from './whole-second.js';

/** How what has expired is deleted. */
export interface SweepOptions {
  readonly intervalMs: number;
  /** How many slots in one step. */
  readonly batch: number;
  /** About how many slots are put into order at a time; fewer in tests. */
  readonly round?: number;
}

/** How to open a LevelDB store. */
export interface LevelStoreOptions {
  /** A directory of its own; created if it is missing. */
  readonly path: string;
  /** What a commit outlives: the death of the process, or also that of the machine. */
  readonly durability: 'process' | 'power';
  /**
   * A directory in memory, where what is accepted outlives the process before the database has it. Absent
   * where there is none: then a commit waits for the database, as it always does with `power`.
   */
  readonly journal?: string | undefined;
  /** `now` decides what has expired; `monotonicNow`, by default the process's, tells of jumps. */
  readonly clock: { now(): number; monotonicNow?(): number };
  /** Hears of failed commits, once until they succeed again, and of sweeps that fail or pause. */
  readonly logger?: Pick<Logger, 'error' | 'warn' | 'info'>;
  /** Hears of each entry that the sweeper has deleted. Must not throw. */
  readonly onExpired?:
    ((entry: { readonly key: string; readonly value: Uint8Array }) => void) | undefined;
  /** Hears when at the latest the store was last in use, before anybody asks the clock. Must not throw. */
  readonly onLastUse?: ((lastUsedAt: number) => void) | undefined;
  /** How often is swept, and how many slots at a time. */
  readonly sweep?: SweepOptions;
  /** How scans and sweeps are cut into pieces, and what is between these; they go on at once without it. */
  readonly paces?: Partial<Paces> | undefined;
  /** File descriptors that there are for LevelDB to be quicker with deleting its files; none without it. */
  readonly heldFiles?: number | undefined;
  /** After how many reads in vain it is learnt at the earliest which slots are empty; fewer in tests. */
  readonly leastMisses?: number | undefined;
  /** Takes the place of the keyed hash, in tests that want keys to collide. */
  readonly slotHash?: SlotHash;
}

const SILENT: Pick<Logger, 'error' | 'warn' | 'info'> = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
};

const REFUSED = Promise.resolve(false);

/** Each step is written before the next one: of more slots it takes less time, and lets mail wait for longer. */
const DEFAULT_SWEEP: SweepOptions = { intervalMs: 60_000, batch: 256 };

/** A store whose sweeping can also be asked for. */
export interface LevelStore extends GreylistStore {
  /** Never a promise: LevelDB is read at once. */
  get(key: string): StoreEntry | undefined;
  compact(): AsyncGenerator<CompactionStep, void, undefined>;
  /** Deletes what is due now; resolves to the number of entries deleted. */
  sweep(): Promise<number>;
}

/**
 * Opens the store in a directory, or creates it.
 *
 * @throws StoreError STORE_LOCKED, STORE_NOT_OURS, STORE_NEWER_FORMAT, STORE_DAMAGED,
 *   STORE_PERMISSION or STORE_UNAVAILABLE
 */
export async function openLevelStore(options: LevelStoreOptions): Promise<LevelStore> {
  const { path, clock, logger = SILENT, sweep = DEFAULT_SWEEP, paces, onExpired } = options;
  const clocks = {
    now: () => clock.now(),
    monotonicNow: () => clock.monotonicNow?.() ?? performance.now(),
  };
  await finishInterrupted(path, logger);
  await prepareDirectory(path);
  const database = await LevelDatabase.open(path);
  let claimed: ClaimedDatabase | undefined;
  try {
    claimed = await claimDatabase(database, {
      clocks,
      logger,
      onLastUse: options.onLastUse,
      synced: options.durability === 'power',
      journalDirectory: options.journal,
    });
    const { identity, guard, writer, journal } = claimed;
    await keepNames(path);
    await tellRemains(path, logger);
    const files = new HeldFiles(path, options.heldFiles ?? 0);
    files.stir();
    const queue = new CommitQueue({
      write: (commit) => {
        files.stir();
        return writer.write(commit);
      },
      ...reporting(logger),
      journal,
    });
    const filled = new FilledSlots({
      ...{ database, queue, bytes: await database.bytes(), leastMisses: options.leastMisses },
      slice: new TimeSlice(paces?.reading),
    });
    const slots = new SlotTable(database, queue, filled);
    const parts = {
      database,
      files,
      slots,
      filled,
      queue,
      clocks,
      guard,
      logger,
      onExpired,
      journal,
    };
    const sweeper = new ExpirySweeper({ ...parts, ...sweep, slice: new TimeSlice(paces?.writing) });
    const slotHash = options.slotHash ?? createSlotHash(identity.hashSecret);
    const pace = paces?.reading;
    return new OpenLevelStore({ ...parts, sweeper, slotHash, now: clocks.now, pace });
  } catch (error) {
    await claimed?.journal?.close();
    await database.close();
    throw error;
  }
}

/**
 * Each opening begins a new manifest, and LevelDB leaves it to chance when the name that says so
 * (CURRENT) gets to the disk: with the old one a power cut could leave a store that cannot be opened.
 */
async function keepNames(path: string): Promise<void> {
  try {
    await syncDirectory(path);
  } catch (error) {
    throw toStoreError(error, path);
  }
}

/** One line when commits begin to fail, one when they succeed again; none for those between. */
function reporting(logger: Pick<Logger, 'error' | 'info'>): Omit<CommitHooks, 'write' | 'journal'> {
  return {
    onFailed: (error, failedInARow) => {
      if (failedInARow > 1) return;
      // Only a filter has a log: a command, or a start that ends, does not go on.
      const text = `${String(error)} greymilter goes on trying.`;
      logger.error('the store cannot be written', { error: text });
    },
    onRecovered: (failedInARow) => {
      logger.info('the store is written again', { failedCommits: failedInARow });
    },
  };
}

interface Parts {
  readonly database: LevelDatabase;
  readonly files: HeldFiles;
  readonly queue: CommitQueue;
  readonly slots: SlotTable;
  readonly filled: FilledSlots;
  readonly sweeper: ExpirySweeper;
  readonly slotHash: SlotHash;
  readonly now: () => number;
  readonly pace: SlicePace | undefined;
  readonly journal: MemoryJournal | undefined;
  readonly logger: Pick<Logger, 'error'>;
}

class OpenLevelStore implements LevelStore {
  readonly #database: LevelDatabase;
  readonly #files: HeldFiles;
  readonly #queue: CommitQueue;
  readonly #slots: SlotTable;
  readonly #filled: FilledSlots;
  readonly #sweeper: ExpirySweeper;
  readonly #slotHash: SlotHash;
  readonly #now: () => number;
  readonly #pace: SlicePace | undefined;
  readonly #journal: MemoryJournal | undefined;
  readonly #logger: Pick<Logger, 'error'>;
  #closing: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#database = parts.database;
    this.#files = parts.files;
    this.#queue = parts.queue;
    this.#slots = parts.slots;
    this.#filled = parts.filled;
    this.#sweeper = parts.sweeper;
    this.#slotHash = parts.slotHash;
    this.#now = parts.now;
    this.#pace = parts.pace;
    this.#journal = parts.journal;
    this.#logger = parts.logger;
  }

  get(key: string): StoreEntry | undefined {
    this.#assertOpen();
    return this.#living(findEntry(this.#slots.read(this.#slotHash(key)), key));
  }

  compareAndSet(key: string, expected: StoreEntry | undefined, next: NewEntry): Promise<boolean> {
    // Not async, and one promise for all of a commit: this is what every new triplet pays.
    try {
      this.#assertOpen();
      return this.#compareAndSet(key, expected, next);
    } catch (error) {
      return Promise.reject(toStoreError(error, this.#database.path));
    }
  }

  #compareAndSet(key: string, expected: StoreEntry | undefined, next: NewEntry): Promise<boolean> {
    const slot = this.#slotHash(key);
    const content = this.#slots.read(slot);
    const current = this.#living(findEntry(content, key));
    if (!isSame(current, expected)) return REFUSED;
    const expiresAt = wholeSecond(next.expiresAt);
    const commit = this.#queue.gather();
    const entry = { key, value: next.value, expiresAt, commit: commit.done };
    this.#slots.write(slot, replaceEntry(content, key, entry));
    const bucket = bucketOf(expiresAt);
    // One that is not committed yet may never be, and its listing goes with it.
    const isListed = current !== undefined && current.commit === undefined;
    if (!isListed || bucket < bucketOf(current.expiresAt)) commit.listExpiry(bucket, slot);
    return commit.accepted;
  }

  async delete(key: string): Promise<void> {
    this.#assertOpen();
    const slot = this.#slotHash(key);
    const content = this.#slots.read(slot);
    if (findEntry(content, key) !== undefined) {
      await this.#slots.write(slot, replaceEntry(content, key, undefined)).done;
    } else if (this.#queue.find(slot) !== undefined) {
      // It may be absent because of a deletion that is not committed yet.
      await this.#queue.committed(slot);
    }
  }

  async *scan(after?: string): AsyncGenerator<ScannedEntry, void, undefined> {
    const place = after === undefined ? undefined : parsePosition(after);
    this.#assertOpen();
    await this.#queue.settled();
    this.#assertOpen();
    const range = place === undefined ? RECORD_RANGE : { ...RECORD_RANGE, gte: place.slotKey };
    const slice = new TimeSlice(this.#pace);
    try {
      const pages = withUnstored(this.#database.pages(range), this.#queue.unstored, range);
      for await (const page of pages) {
        for (const [slotKey, content] of page) {
          if (content === undefined) throw damagedError(this.#database.path, 'an entry is garbled');
          for (const entry of entriesBehind(place, slotKey, content)) {
            if (this.#living(entry) !== undefined)
              yield [entry.key, entry, formatPosition(slotKey, content, entry)];
            // What is done with an entry counts, and so does passing over those that have expired.
            if (slice.isOver) await slice.next();
          }
        }
        this.#assertOpen();
      }
    } catch (error) {
      this.#assertOpen();
      throw error;
    }
  }

  async stats(): Promise<StoreStats> {
    this.#assertOpen();
    const counters = {
      pendingWrites: this.#queue.pending,
      commits: this.#queue.commits,
      failedCommits: this.#queue.failedCommits,
      failedInARow: this.#queue.failedInARow,
      expired: this.#sweeper.expired,
    };
    return { bytes: await this.#database.bytes(), ...counters };
  }

  async *compact(): AsyncGenerator<CompactionStep, void, undefined> {
    for (const [index, range] of COMPACTED_RANGES.entries()) {
      this.#assertOpen();
      this.#files.stir();
      await this.#database.compact(range);
      yield { done: index + 1, of: COMPACTED_RANGES.length };
    }
  }

  async sweep(): Promise<number> {
    this.#assertOpen();
    return this.#sweeper.sweep();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([this.#sweeper.stop(), this.#filled.stop()]);
    await this.#queue.end();
    if (this.#queue.hasFailedToStore) {
      this.#logger.error('the store has not taken all: the next start reads it from the journal', {
        journal: this.#journal?.place.path,
        records: this.#queue.unstored.size,
      });
    }
    try {
      await this.#database.flush();
    } finally {
      const closing = [this.#database.close(), this.#files.close()];
      if (this.#journal !== undefined) closing.push(this.#journal.close());
      await Promise.all(closing);
    }
  }

  #living(entry: KeyedEntry | undefined): KeyedEntry | undefined {
    return entry !== undefined && entry.expiresAt > this.#now() ? entry : undefined;
  }

  #assertOpen(): void {
    if (this.#closing !== undefined) throw closedError(this.#database.path);
  }
}

function isSame(current: StoreEntry | undefined, expected: StoreEntry | undefined): boolean {
  if (current === expected) return true;
  if (current === undefined || expected === undefined) return false;
  return (
    current.expiresAt === expected.expiresAt && Buffer.compare(current.value, expected.value) === 0
  );
}
