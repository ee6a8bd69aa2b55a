import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import type { KeyRange } from './layout.js';
import { closedError, damagedError, toStoreError } from './store-errors.js';
import { StorePlace } from './store-place.js';
import { proveWritable } from './write-probe.js';

/** Takes the operations of one atomic write; the bytes are copied at once. */
export interface WriteBatch {
  put(key: Uint8Array, value: Uint8Array): unknown;
  del(key: Uint8Array): unknown;
}

/** A LevelDB key and what it holds. */
export type Pair = readonly [key: Uint8Array, value: Buffer];

/** What LevelDB has and the browsers' stores have not: the types of `level` know of neither. */
interface LevelDbOnly {
  compactRange(start: Uint8Array, end: Uint8Array): Promise<void>;
  getProperty(name: string): string;
}

type Handle = Level<Uint8Array, Buffer> & LevelDbOnly;

function isLevelDb(level: Level<Uint8Array, Buffer>): level is Handle {
  return 'compactRange' in level && 'getProperty' in level;
}

interface Repairing {
  repair(path: string): Promise<void>;
}

function canRepair(level: typeof Level): level is typeof Level & Repairing {
  return 'repair' in level;
}

/**
 * `suspect`: a write has failed, reads work. `down`: it could not be opened again, nothing works.
 */
type Condition = 'sound' | 'suspect' | 'down' | 'closed';

const OPTIONS = {
  // 'view' is what the binding itself takes: no encoder touches the bytes.
  keyEncoding: 'view',
  valueEncoding: 'buffer',
} as const;

const SYNCED = { sync: true };
const NOT_SYNCED = { sync: false };
const NOT_CACHED = { fillCache: false };

/** How long a failed attempt to recover is taken for the answer to the next one. */
const RETRY_MS = 1000;

const PAGE_ENTRIES = 256;

/** Beyond so many bytes what is read at a time is cut; of records of ordinary length some thousands. */
const MANY_AT_ONCE = { highWaterMarkBytes: 512 * 1024 };

type RangeToRead = Partial<KeyRange & typeof NOT_CACHED & typeof MANY_AT_ONCE>;

/**
 * A LevelDB database that reports in StoreErrors and recovers from failed writes.
 *
 * After a failed write LevelDB may go on as if nothing had happened, but its log is no longer
 * sound: part of a record may stand in it, and what is appended behind that is accepted, and lost
 * when the log is read again (db/log_writer.cc counts bytes that never were written). After other
 * failures it refuses every write until it is opened anew. So a database that has failed a write
 * takes no other one before it has been closed and opened again, which reads the log up to the
 * fault. It is closed only once there is room to write, for otherwise it could not be opened, and
 * reads would fail too; as it is they go on working, but for the moment of closing and opening.
 */
export class LevelDatabase {
  readonly path: string;
  #handle: Handle;
  readonly #place: StorePlace;
  #condition: Condition = 'sound';
  #recovery: Promise<void> | undefined;
  #compaction: Promise<unknown> | undefined;
  #lastFailure: { readonly error: unknown; readonly until: number } | undefined;

  private constructor(path: string, handle: Handle, place: StorePlace) {
    this.path = path;
    this.#handle = handle;
    this.#place = place;
  }

  /** Opens or creates; `path` has been prepared. Rejects with a StoreError. */
  static async open(path: string): Promise<LevelDatabase> {
    const handle = await openHandle(path, true);
    try {
      return new LevelDatabase(path, handle, await StorePlace.of(path));
    } catch (error) {
      await handle.close();
      throw toStoreError(error, path);
    }
  }

  /**
   * Makes of whatever is left of a database one that can be opened. What LevelDB cannot use it moves
   * to `lost/`; it deletes nothing. It takes no lock. Rejects with a StoreError.
   */
  static async repair(path: string): Promise<void> {
    try {
      if (!canRepair(Level)) throw new Error('the package level has loaded no LevelDB');
      await Level.repair(path);
    } catch (error) {
      throw toStoreError(error, path);
    }
  }

  /** Reads one value, in a few microseconds if it is cached. */
  read(key: Uint8Array): Buffer | undefined {
    try {
      return this.#handle.getSync(key);
    } catch (error) {
      // While writes fail somebody tries again with each of them; nobody does if reads fail too.
      if (this.#condition === 'down') this.#recover().catch(() => undefined);
      throw toStoreError(error, this.path);
    }
  }

  /** Reads values off the main thread, and leaves LevelDB's cache to what mail asks for. */
  async readMany(keys: readonly Uint8Array[]): Promise<readonly (Buffer | undefined)[]> {
    try {
      return await this.#handle.getMany([...keys], NOT_CACHED);
    } catch (error) {
      throw toStoreError(error, this.path);
    }
  }

  /**
   * All pairs of a range, off the main thread; undefined if there are more than `most`. Leaves LevelDB's cache to
   * what mail asks for.
   */
  async readRange(range: Partial<KeyRange>, most: number): Promise<readonly Pair[] | undefined> {
    const pairs: Pair[] = [];
    for await (const page of this.#pages({ ...range, ...NOT_CACHED, ...MANY_AT_ONCE }, most + 1)) {
      pairs.push(...page);
      if (pairs.length > most) return undefined;
    }
    return pairs;
  }

  /** Goes over a range as it is now, a few hundred pairs at a time, off the main thread. */
  pages(range: Partial<KeyRange>): AsyncGenerator<readonly Pair[], void, undefined> {
    return this.#pages(range, PAGE_ENTRIES);
  }

  /** Goes over the keys of a range as it is now, as `pages`, and leaves LevelDB's cache to what mail asks for. */
  async *keys(range: KeyRange): AsyncGenerator<readonly Uint8Array[], void, undefined> {
    try {
      yield* readAll(this.#handle.keys({ ...range, ...NOT_CACHED }), PAGE_ENTRIES);
    } catch (error) {
      throw toStoreError(error, this.path);
    }
  }

  async *#pages(
    range: RangeToRead,
    atOnce: number,
  ): AsyncGenerator<readonly Pair[], void, undefined> {
    try {
      yield* readAll(this.#handle.iterator(range), atOnce);
    } catch (error) {
      throw toStoreError(error, this.path);
    }
  }

  /**
   * Writes atomically what `fill` puts into the batch; `synced` also waits for the disk. Recovers
   * first if an earlier write has failed.
   *
   * @throws StoreError, STORE_REMOVED if it would be written to where nobody finds it
   */
  async write(fill: (batch: WriteBatch) => void, synced: boolean): Promise<void> {
    if (this.#condition === 'closed') throw closedError(this.path);
    if (this.#condition !== 'sound') await this.#recover();
    if (this.#place.isDoubtful) await this.#place.check();
    try {
      const batch = this.#handle.batch();
      fill(batch);
      await batch.write(synced ? SYNCED : NOT_SYNCED);
    } catch (error) {
      if (this.#condition === 'sound') this.#condition = 'suspect';
      throw toStoreError(error, this.path);
    }
  }

  /** Bytes of all files in the directory; none if that has been removed, which a backup must outlive. */
  async bytes(): Promise<number> {
    try {
      const names = (await this.#place.isGone()) ? [] : await readdir(this.path);
      // A file may go away meanwhile: LevelDB has merged it into others.
      const sizes = names.map((name) => stat(join(this.path, name)).catch(() => undefined));
      return (await Promise.all(sizes)).reduce((sum, found) => sum + (found?.size ?? 0), 0);
    } catch (error) {
      throw toStoreError(error, this.path);
    }
  }

  /** Writes out what is in the log only; smaller on disk, and quicker to open. */
  async flush(): Promise<void> {
    // LevelDB empties its memory table before it compacts a range, even one that holds nothing.
    const nothing = Buffer.of(0xff);
    if (this.#condition === 'sound') await this.#handle.compactRange(nothing, nothing);
  }

  /**
   * Merges the tables of a range, and lets go of what is deleted or written over there. It is done on
   * another thread; what is read or written meanwhile waits for nothing.
   */
  async compact({ gte, lt }: KeyRange): Promise<void> {
    if (this.#condition !== 'sound') await this.#recover();
    const compaction = this.#handle.compactRange(gte, lt);
    this.#compaction = Promise.allSettled([this.#compaction, compaction]);
    try {
      await compaction;
    } catch (error) {
      throw toStoreError(error, this.path);
    }
  }

  async close(): Promise<void> {
    await this.#compaction;
    await this.#recovery?.catch(() => undefined);
    const wasOpen = this.#condition !== 'down' && this.#condition !== 'closed';
    this.#condition = 'closed';
    if (wasOpen) await this.#handle.close();
  }

  /** Whoever needs it meanwhile shares one recovery, and for a second its failure. */
  #recover(): Promise<void> {
    const failure = this.#lastFailure;
    if (failure !== undefined && performance.now() < failure.until) {
      return Promise.reject(toStoreError(failure.error, this.path));
    }
    this.#recovery ??= this.#reopen().finally(() => {
      this.#recovery = undefined;
    });
    return this.#recovery;
  }

  async #reopen(): Promise<void> {
    try {
      await this.#place.check();
      if (this.#condition === 'suspect') {
        await proveWritable(this.path);
        // LevelDB must not be closed under it.
        await this.#compaction;
        this.#condition = 'down';
        await this.#handle.close();
      }
      this.#handle = await openHandle(this.path, false);
      this.#condition = 'sound';
      this.#lastFailure = undefined;
    } catch (error) {
      this.#lastFailure = { error, until: performance.now() + RETRY_MS };
      throw toStoreError(error, this.path);
    }
  }
}

/** What goes over a range, and is closed in the end. */
interface Iterating<Item> {
  nextv(size: number): Promise<Item[]>;
  close(): Promise<void>;
}

async function* readAll<Item>(
  iterator: Iterating<Item>,
  atOnce: number,
): AsyncGenerator<readonly Item[], void, undefined> {
  try {
    for (;;) {
      const page = await iterator.nextv(atOnce);
      if (page.length === 0) return;
      yield page;
    }
  } finally {
    await iterator.close();
  }
}

async function openHandle(path: string, createIfMissing: boolean): Promise<Handle> {
  const handle = new Level<Uint8Array, Buffer>(path, { ...OPTIONS, createIfMissing });
  try {
    await handle.open();
    if (!isLevelDb(handle)) throw new Error('the package level has loaded no LevelDB');
    await checkTables(handle, path);
    return handle;
  } catch (error) {
    await handle.close();
    throw toStoreError(error, path);
  }
}

/**
 * LevelDB opens without a look at its tables and stumbles over a truncated one when a read gets
 * there. Its list of them, a property made for people, has a line like ` 17:2098176['r..' .. 'x..']`
 * for each.
 */
async function checkTables(handle: Handle, path: string): Promise<void> {
  for (const match of handle.getProperty('leveldb.sstables').matchAll(/^ (\d+):(\d+)\[/gm)) {
    const name = (match[1] ?? '').padStart(6, '0');
    const expected = Number(match[2]);
    const found = await stat(join(path, `${name}.ldb`)).catch(() => undefined);
    // Gone is not damaged: LevelDB has opened all the same, so it was merged meanwhile.
    if (found !== undefined && found.size < expected) {
      throw damagedError(
        path,
        `${name}.ldb has ${String(found.size)} bytes of ${String(expected)}`,
      );
    }
  }
}
