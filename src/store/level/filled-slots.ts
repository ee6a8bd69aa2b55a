import type { CommitQueue } from './commit-queue.js';
import { RECORD_RANGE, slotIn } from './layout.js';
import type { LevelDatabase } from './level-database.js';
import { SlotFilter } from './slot-filter.js';
import type { TimeSlice } from './time-slice.js';

/** Bytes of the database for each slot, at least: some fifty-eight with addresses of ordinary length. */
const BYTES_FOR_ONE = 50;

/** Room for as many again, and for what a small store becomes: 1.3 MB. */
const GROWTH = 2;
const LEAST_ROOM = 1_048_576;

/** To read all keys takes less time for each than to look in vain; so it pays after so many for each of them. */
const MISSES_FOR_ONE = 0.25;

/** A small store is not read again and again. */
const LEAST_MISSES = 64;

/** What the filled slots are read from, and how. */
export interface FilledSlotsParts {
  readonly database: Pick<LevelDatabase, 'keys' | 'bytes'>;
  readonly queue: Pick<CommitQueue, 'slots' | 'failedInARow'>;
  /** Bytes of the database as it was opened. */
  readonly bytes: number;
  readonly slice: TimeSlice;
  /** After how many reads in vain all keys are read, at least; fewer in tests. */
  readonly leastMisses?: number | undefined;
  /** For how many slots there is room, at least; fewer in tests. */
  readonly leastRoom?: number | undefined;
}

/**
 * Knows of most empty slots that they are empty, so that nobody has to look: what is new is looked up in vain, three
 * times for a triplet, and LevelDB takes some microseconds for that. To know it all keys must have been read
 * once, beside mail; that begins when about as much time has been lost with looking in vain.
 */
export class FilledSlots {
  readonly #parts: FilledSlotsParts;
  readonly #leastMisses: number;
  #filter: SlotFilter | undefined;
  /** Is being made, and takes the place of the other one then. */
  #next: SlotFilter | undefined;
  #reading: Promise<void> | undefined;
  #isStopped = false;
  /** About how many there are, or have been since all were read. */
  #size: number;
  #misses = 0;

  constructor(parts: FilledSlotsParts) {
    this.#parts = parts;
    this.#leastMisses = parts.leastMisses ?? LEAST_MISSES;
    this.#size = parts.bytes / BYTES_FOR_ONE;
  }

  /** False only for a slot that the database certainly has nothing in. */
  mayHave(slot: number): boolean {
    return this.#filter?.mayHave(slot) ?? true;
  }

  /** Something will be written there. */
  add(slot: number): void {
    if (this.#filter?.add(slot) === true) this.#size++;
    this.#next?.add(slot);
  }

  /** The database was asked, and had nothing there. */
  miss(): void {
    this.#misses++;
    if (this.#misses < Math.max(this.#leastMisses, this.#size * MISSES_FOR_ONE)) return;
    if (!this.#isStopped) this.#reading ??= this.#readAll();
  }

  /** Reads no more. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#reading;
  }

  async #readAll(): Promise<void> {
    try {
      const room = await this.#roomNeeded();
      // A write that has failed may be there all the same once the database is opened anew for the next one.
      if (this.#parts.queue.failedInARow === 0) await this.#fill(room);
    } catch {
      // Whoever reads or scans tells what is wrong with the database; until then each slot is looked into.
    }
    this.#next = undefined;
    this.#misses = 0;
    this.#reading = undefined;
  }

  /** What has gone since all were read takes no room. */
  async #roomNeeded(): Promise<number> {
    const most = (await this.#parts.database.bytes()) / BYTES_FOR_ONE;
    const { leastRoom = LEAST_ROOM } = this.#parts;
    return Math.max(leastRoom, GROWTH * Math.min(this.#size, most));
  }

  async #fill(room: number): Promise<void> {
    const { database, queue, slice } = this.#parts;
    const next = new SlotFilter(room);
    this.#next = next;
    // What the database gets from now on comes through `add`, or is on its way.
    for (const slot of queue.slots()) next.add(slot);
    let found = 0;
    for await (const keys of database.keys(RECORD_RANGE)) {
      for (const key of keys) next.add(slotIn(key));
      found += keys.length;
      if (slice.isOver) await slice.next();
      if (this.#isStopped) return;
    }
    this.#filter = next;
    this.#size = found;
  }
}
