import type { Commit, CommitQueue } from './commit-queue.js';
import type { LevelDatabase } from './level-database.js';
import { SLOT_KEY_BYTES, writeSlotKey } from './layout.js';
import { decodeSlot, EMPTY_SLOT, type Slot } from './slot.js';
import { damagedError } from './store-errors.js';

/** What is in the slots, committed or not. */
export class SlotTable {
  readonly #database: LevelDatabase;
  readonly #queue: CommitQueue;
  readonly #key = Buffer.alloc(SLOT_KEY_BYTES);
  /** What was read last: a decision reads a slot, and writes it in the same turn. */
  #lastRead = -1;
  #lastSlot = EMPTY_SLOT;

  constructor(database: LevelDatabase, queue: CommitQueue) {
    this.#database = database;
    this.#queue = queue;
  }

  /** What the slot holds, expired entries included. Throws a StoreError. */
  read(slot: number): Slot {
    const pending = this.#queue.find(slot);
    if (pending !== undefined) return pending;
    if (slot === this.#lastRead) return this.#lastSlot;
    const bytes = this.#database.read(writeSlotKey(slot, this.#key));
    const found = bytes === undefined ? EMPTY_SLOT : decodeSlot(bytes);
    if (found === undefined) throw damagedError(this.#database.path, 'an entry is garbled');
    this.#lastRead = slot;
    this.#lastSlot = found;
    return found;
  }

  /** Accepts a new content for a slot; the commit that is returned writes it. */
  write(slot: number, content: Slot): Commit {
    if (slot === this.#lastRead) this.#lastRead = -1;
    const commit = this.#queue.gather();
    commit.slots.set(slot, content);
    return commit;
  }
}
