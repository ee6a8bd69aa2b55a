import type { Commit } from './commit.js';
import {
  CLOCK_KEY,
  encodePage,
  JOURNALED_KEY,
  MAX_PAGE_SLOTS,
  pageKey,
  SLOT_KEY_BYTES,
  writeSlotKey,
} from './layout.js';
import type { LevelDatabase, WriteBatch } from './level-database.js';
import { SlotEncoder } from './slot.js';

/** What stays the same from commit to commit. */
export interface CommitWriterOptions {
  readonly generation: number;
  /** Whether a commit also waits for the disk. */
  readonly synced: boolean;
}

/** Turns commits into LevelDB's batches. */
export class CommitWriter {
  readonly #database: LevelDatabase;
  readonly #options: CommitWriterOptions;
  readonly #encoder = new SlotEncoder();
  readonly #key = Buffer.alloc(SLOT_KEY_BYTES);
  #pages = 0;

  constructor(database: LevelDatabase, options: CommitWriterOptions) {
    this.#database = database;
    this.#options = options;
  }

  write(commit: Commit): Promise<void> {
    return this.#database.write((batch) => this.fill(batch, commit), this.#options.synced);
  }

  /** Puts all of a commit into a batch. */
  fill(batch: WriteBatch, commit: Commit): void {
    for (const [slot, content] of commit.slots) {
      const key = writeSlotKey(slot, this.#key);
      if (content.length === 0) batch.del(key);
      else batch.put(key, this.#encoder.encode(content));
    }
    for (const [bucket, slots] of commit.expiries) this.#list(batch, bucket, slots);
    for (const page of commit.sweptPages) batch.del(page);
    if (commit.clockNote !== undefined) {
      batch.put(CLOCK_KEY, Buffer.from(String(commit.clockNote)));
    }
    if (commit.journaledUpTo !== undefined) {
      batch.put(JOURNALED_KEY, Buffer.from(String(commit.journaledUpTo)));
    }
  }

  #list(batch: WriteBatch, bucket: number, slots: readonly number[]): void {
    for (let from = 0; from < slots.length; from += MAX_PAGE_SLOTS) {
      const place = { bucket, generation: this.#options.generation, page: this.#pages++ };
      batch.put(pageKey(place), encodePage(slots.slice(from, from + MAX_PAGE_SLOTS)));
    }
  }
}
