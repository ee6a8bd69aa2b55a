import { RecentEntries } from '../../greylist/recent-entries.js';
import type { Commit } from './commit.js';
import type { CommitQueue } from './commit-queue.js';
import type { FilledSlots } from './filled-slots.js';
import type { LevelDatabase } from './level-database.js';
import { SLOT_KEY_BYTES, writeSlotKey } from './layout.js';
import { SlotReader } from './slot-reader.js';
import { decodeSlot, EMPTY_SLOT, type Slot } from './slot.js';
import { damagedError } from './store-errors.js';

/** A slot takes some 600 bytes, with one entry in it. */
const RECENT_SLOTS = 8192;

/** What is in the slots, committed or not. */
export class SlotTable {
  readonly #database: LevelDatabase;
  readonly #queue: CommitQueue;
  readonly #filled: FilledSlots;
  readonly #reader: SlotReader;
  readonly #key = Buffer.alloc(SLOT_KEY_BYTES);
  /**
   * What was read last from the database, empty slots too: mail comes from those who have just written, and
   * LevelDB takes some microseconds to find it again.
   */
  readonly #recent = new RecentEntries<number, Slot>(RECENT_SLOTS);
  /** What {@link readAhead} has found, as far as nobody has written it since. */
  #ahead = new Map<number, Buffer | undefined>();
  /** What is written while it reads. */
  #written: Set<number> | undefined;

  constructor(database: LevelDatabase, queue: CommitQueue, filled: FilledSlots) {
    this.#database = database;
    this.#queue = queue;
    this.#filled = filled;
    this.#reader = new SlotReader(database);
  }

  /** What the slot holds, expired entries included. Throws a StoreError. */
  read(slot: number): Slot {
    const pending = this.#queue.find(slot);
    if (pending !== undefined) return pending;
    if (this.#ahead.has(slot)) return this.#decode(this.#ahead.get(slot));
    if (!this.#filled.mayHave(slot)) return EMPTY_SLOT;
    const recent = this.#recent.get(slot);
    if (recent !== undefined) return recent;
    const found = this.#decode(this.#look(slot));
    // What a failed write has left may be there once the database is opened anew for the next one.
    if (this.#queue.failedInARow === 0) this.#recent.set(slot, found);
    return found;
  }

  #decode(bytes: Buffer | undefined): Slot {
    const content = bytes === undefined ? EMPTY_SLOT : decodeSlot(bytes);
    if (content === undefined) throw damagedError(this.#database.path, 'an entry is garbled');
    return content;
  }

  #look(slot: number): Buffer | undefined {
    const bytes = this.#database.read(writeSlotKey(slot, this.#key));
    if (bytes === undefined) this.#filled.miss();
    return bytes;
  }

  /**
   * Reads slots off the main thread, so that each is found at once until the next call. A slot that is
   * being written, or is written meanwhile, is left to be read when it is asked for. One call at a time.
   * Rejects with a StoreError.
   *
   * @param slots in their order
   */
  async readAhead(slots: readonly number[]): Promise<void> {
    this.#ahead = new Map();
    const wanted = slots.filter((slot) => this.#queue.find(slot) === undefined);
    const written = new Set<number>();
    this.#written = written;
    try {
      const found = await this.#reader.read(wanted);
      for (const slot of written) found.delete(slot);
      this.#ahead = found;
    } finally {
      this.#written = undefined;
    }
  }

  /** Accepts a new content for a slot; the commit that is returned writes it. */
  write(slot: number, content: Slot): Commit {
    this.#recent.delete(slot);
    this.#ahead.delete(slot);
    this.#written?.add(slot);
    if (content.length > 0) this.#filled.add(slot);
    const commit = this.#queue.gather();
    commit.slots.set(slot, content);
    return commit;
  }
}
