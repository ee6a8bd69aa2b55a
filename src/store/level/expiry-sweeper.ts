import type { Logger } from '../../telemetry/logger.js';
import { StoreError } from '../store.js';
import type { CommitQueue } from './commit-queue.js';
import { DueSlots } from './due-slots.js';
import { bucketOf, decodePage, duePages } from './layout.js';
import type { LevelDatabase } from './level-database.js';
import { EMPTY_SLOT, type KeyedEntry, type Slot } from './slot.js';
import type { SlotTable } from './slot-table.js';
import type { SweepClocks, SweepGuard } from './sweep-guard.js';
import type { TimeSlice } from './time-slice.js';

/** What the sweeper works on and with. */
export interface SweeperParts {
  readonly database: LevelDatabase;
  readonly slots: SlotTable;
  readonly queue: CommitQueue;
  readonly clocks: SweepClocks;
  readonly guard: SweepGuard;
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  readonly onExpired?: ((entry: KeyedEntry) => void) | undefined;
  readonly intervalMs: number;
  /** How many slots one step takes. */
  readonly batch: number;
  /** About how many slots are put into order at a time. */
  readonly round?: number | undefined;
  /** A step is cut by it, for a decision may have to wait for as long as a piece takes. */
  readonly slice: TimeSlice;
}

/** How old a note of the clock may get: small against the month that the guard looks for. */
const CLOCK_NOTE_MS = 600_000;

/** Of a million a dozen and more lie in each block of a store of four million; they take eight bytes each. */
const ROUND_SLOTS = 1_048_576;

/** Pages that are forgotten in one commit. */
const PAGES_AT_ONCE = 256;

/** What has come of a step, and what of it is to be waited for. */
interface Decided {
  readonly expired: readonly KeyedEntry[];
  readonly commits: ReadonlySet<Promise<void>>;
}

/** How long after its last note of the clock a store may have been in use: until the next sweep. */
export const MAX_NOTE_AGE_MS = CLOCK_NOTE_MS + 60_000;

/**
 * Deletes what has expired. It goes over the pages of the buckets that are over, so its work is in
 * proportion to what expires; what lives longer by now it lists anew under a later bucket.
 */
export class ExpirySweeper {
  readonly #parts: SweeperParts;
  readonly #timer: NodeJS.Timeout;
  #sweeping: Promise<number> | undefined;
  #stopped = false;
  #believed = true;
  #expired = 0;
  #notedAt = Number.NEGATIVE_INFINITY;

  constructor(parts: SweeperParts) {
    this.#parts = parts;
    this.#timer = setInterval(() => void this.#sweepQuietly(), parts.intervalMs);
    this.#timer.unref();
  }

  /** Entries deleted so far. */
  get expired(): number {
    return this.#expired;
  }

  /**
   * Deletes all that is due, step by step; resolves to the number of entries deleted. A call
   * while one is under way joins it. Rejects with a StoreError.
   */
  sweep(): Promise<number> {
    this.#sweeping ??= this.#sweepAll().finally(() => {
      this.#sweeping = undefined;
    });
    return this.#sweeping;
  }

  /** Ends the step under way and starts no other. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#sweeping?.catch(() => undefined);
  }

  async #sweepQuietly(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      this.#parts.logger.warn('sweeping expired entries failed', { error: String(error) });
    }
  }

  async #sweepAll(): Promise<number> {
    const before = this.#expired;
    if (!this.#mayGoOn()) return 0;
    await this.#noteClock();
    const { slice, round = ROUND_SLOTS } = this.#parts;
    let keys: Uint8Array[] = [];
    let due = new DueSlots();
    for await (const pages of this.#parts.database.pages(duePages(this.#parts.clocks.now()))) {
      slice.begin();
      for (const [key, page] of pages) {
        if (slice.isOver) await slice.next();
        keys.push(key);
        due.add(decodePage(page));
      }
      if (due.size < round) continue;
      if (!(await this.#round(keys, due))) return this.#expired - before;
      keys = [];
      due = new DueSlots();
    }
    if (keys.length > 0) await this.#round(keys, due);
    return this.#expired - before;
  }

  /**
   * Looks at all of them step by step, and forgets the pages that have listed them. While a step is
   * written the next one is read.
   *
   * @returns whether it came to its end
   */
  async #round(pages: readonly Uint8Array[], due: DueSlots): Promise<boolean> {
    const { queue, batch } = this.#parts;
    const steps = due.steps(batch);
    let listed = steps.next().value ?? [];
    await this.#readAhead(listed);
    while (listed.length > 0) {
      if (!this.#mayGoOn()) return false;
      const { expired, commits } = await this.#decide(listed);
      listed = steps.next().value ?? [];
      await allEnded([...commits, this.#readAhead(listed)]);
      this.#expired += expired.length;
      await this.#tell(expired);
    }
    // What lives on is listed elsewhere by now.
    for (let from = 0; from < pages.length; from += PAGES_AT_ONCE) {
      const last = queue.gather();
      last.sweptPages.push(...pages.slice(from, from + PAGES_AT_ONCE));
      await last.stored;
    }
    return true;
  }

  /** What is decided of a slot is decided in one turn, on what it holds in that turn. */
  async #decide(listed: readonly number[]): Promise<Decided> {
    const { clocks, slice } = this.#parts;
    // By the clock that was believed: between the pieces it might be set.
    const now = clocks.now();
    const commits = new Set<Promise<void>>();
    const expired: KeyedEntry[] = [];
    slice.begin();
    for (const slot of listed) {
      if (slice.isOver) await slice.next();
      expired.push(...this.#sweepSlot(slot, now, commits));
    }
    return { expired, commits };
  }

  async #tell(expired: readonly KeyedEntry[]): Promise<void> {
    const { slice, onExpired } = this.#parts;
    if (onExpired === undefined) return;
    slice.begin();
    for (const entry of expired) {
      if (slice.isOver) await slice.next();
      onExpired(entry);
    }
  }

  /** @returns what has expired; `commits` has what is to be waited for */
  #sweepSlot(slot: number, now: number, commits: Set<Promise<void>>): readonly KeyedEntry[] {
    const { queue, slots } = this.#parts;
    const content = this.#read(slot);
    const living = content.filter((entry) => entry.expiresAt > now);
    const isSwept = living.length < content.length;
    if (!isSwept && living.length === 0) return [];
    const commit = isSwept ? slots.write(slot, living) : queue.gather();
    for (const entry of living) commit.listExpiry(bucketOf(entry.expiresAt), slot);
    commits.add(commit.storedOrKept);
    return isSwept ? content.filter((entry) => entry.expiresAt <= now) : [];
  }

  /** Where they lie apart each takes longer than all else about it, so another thread reads them. */
  async #readAhead(slots: readonly number[]): Promise<void> {
    try {
      await this.#parts.slots.readAhead(slots);
    } catch (error) {
      if (!isDamage(error)) throw error;
    }
  }

  /** A slot that cannot be read is left alone, for one garbled entry must not end all sweeping. */
  #read(slot: number): Slot {
    try {
      return this.#parts.slots.read(slot);
    } catch (error) {
      if (!isDamage(error)) throw error;
      return EMPTY_SLOT;
    }
  }

  #mayGoOn(): boolean {
    if (this.#stopped) return false;
    const believed = this.#parts.guard.believes();
    if (believed !== this.#believed) {
      this.#believed = believed;
      const clock = new Date(this.#parts.clocks.now()).toISOString();
      if (believed) this.#parts.logger.info('expired entries are deleted again', { clock });
      else
        this.#parts.logger.warn(
          'the clock is in doubt: no entry is deleted until it has run steadily for 24 hours',
          { clock },
        );
    }
    return believed;
  }

  /** Only a clock that is believed is noted, so that the next start has something to go by. */
  async #noteClock(): Promise<void> {
    const now = this.#parts.clocks.now();
    if (Math.abs(now - this.#notedAt) < CLOCK_NOTE_MS) return;
    const commit = this.#parts.queue.gather();
    commit.clockNote = now;
    await commit.stored;
    this.#notedAt = now;
  }
}

/** Rejects if one of them does, but not before all have ended: two steps must not be read at a time. */
async function allEnded(promises: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(promises);
  await Promise.all(promises);
}

function isDamage(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'STORE_DAMAGED';
}
