import { createHash, randomBytes } from 'node:crypto';
import { constants, statSync, writeSync, type Stats } from 'node:fs';
import { open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Commit } from './commit.js';
import type { CommitJournal } from './commit-queue.js';
import { hasCode } from './file-presence.js';
import { decodeEntries, EntryEncoder, type JournalEntry } from './journal-entries.js';

/** Where the journal of a store is; stands in its database. */
export interface JournalPlace {
  readonly path: string;
  /** Stands in the file too. */
  readonly id: string;
  /** The directory of the store that it belongs to, and to no copy of that. */
  readonly store: string;
  /** How often that had been opened when it was made. */
  readonly generation: number;
}

/** A store whose journal it is. */
export interface JournalOwner {
  /** Its directory, without symbolic links. */
  readonly store: string;
  readonly generation: number;
  /** What no other store has, nor a copy of it. */
  readonly mark: string;
}

/** Raised by each change of what follows, the size of the halves included. */
const MAGIC = 'greymilter journal 1\n';
const SUFFIX = '.journal';
const NAME = /^store-[0-9a-f]{16}-$/;
const ID_BYTES = 16;
const HEADER_BYTES = 64;

/** Some 750 new triplets, and a millisecond or two to hand them to the database. */
const HALF_BYTES = 128 * 1024;

/** How long a journal is taken for where it was: a look costs as much as a write. */
const LOOK_MS = 1000;

/** Entries of one half: the bytes that they take, and the number of the last one. */
interface Half {
  readonly from: number;
  end: number;
  last: number;
}

/** What the journal tells. */
export interface JournalHooks {
  /** It could not be written, for the first time since it could. */
  readonly onFailed: (error: unknown) => void;
}

/**
 * What is accepted and not yet given to the database, in a file of a file system in memory. To write there
 * takes some microseconds, waits for no disk and wakes no thread, and outlives the process as what the
 * system has been given for a disk does. It has two halves: one takes what is new while
 * the database is given what stands in the other.
 */
export class MemoryJournal implements CommitJournal {
  readonly place: JournalPlace;
  readonly #file: FileHandle;
  readonly #hooks: JournalHooks;
  readonly #encoder = new EntryEncoder();
  readonly #halves: readonly [Half, Half];
  #current: 0 | 1 = 0;
  #number = 0;
  #isFailing = false;
  /** Which file it is. */
  readonly #inode: number;
  #lookedAt = performance.now();

  private constructor(place: JournalPlace, file: FileHandle, inode: number, hooks: JournalHooks) {
    this.place = place;
    this.#file = file;
    this.#inode = inode;
    this.#hooks = hooks;
    const half = (from: number): Half => ({ from, end: from, last: 0 });
    this.#halves = [half(HEADER_BYTES), half(HEADER_BYTES + HALF_BYTES)];
  }

  /**
   * Makes a new one with all the room that it will need. Rejects with the system's error.
   *
   * @param directory in a file system in memory
   */
  static async create(
    directory: string,
    owner: JournalOwner,
    hooks: JournalHooks,
  ): Promise<MemoryJournal> {
    const id = randomBytes(ID_BYTES).toString('hex');
    const path = join(directory, `${prefixOf(owner)}${id}${SUFFIX}`);
    const place = { path, id, store: owner.store, generation: owner.generation };
    const file = await open(place.path, 'wx+', 0o600);
    try {
      const content = Buffer.alloc(HEADER_BYTES + 2 * HALF_BYTES);
      header(id).copy(content);
      await file.writeFile(content);
      return new MemoryJournal(place, file, (await file.stat()).ino, hooks);
    } catch (error) {
      await file.close();
      await rm(path, { force: true });
      throw error;
    }
  }

  /**
   * Takes away what others of the same store have left, who were killed before the store knew of it. Only for
   * who has the store, and has taken over what it knew of.
   */
  async removeOthers(): Promise<void> {
    const { path, id } = this.place;
    const [directory, prefix] = [dirname(path), basename(path, `${id}${SUFFIX}`)];
    for (const name of await readdir(directory).catch(() => [])) {
      const isOther = name.startsWith(prefix) && name !== basename(path);
      // One that stays takes some room until the machine is started anew.
      if (isOther) await rm(join(directory, name), { force: true }).catch(() => undefined);
    }
  }

  append(commit: Commit): boolean {
    const half = this.#halves[this.#current];
    const number = this.#number + 1;
    const bytes = this.#encoder.encode(commit, number);
    if (half.end + bytes.length > half.from + HALF_BYTES) return false;
    if (!this.#write(bytes, half.end)) return false;
    half.end += bytes.length;
    half.last = number;
    this.#number = number;
    commit.journaledUpTo = number;
    return true;
  }

  turn(): void {
    const other = this.#current === 0 ? 1 : 0;
    if (this.#halves[other].last === 0) this.#current = other;
  }

  release(upTo: number): void {
    for (const half of this.#halves) {
      if (half.last > upTo) continue;
      half.end = half.from;
      half.last = 0;
    }
  }

  /** Takes it away if the database has all that stands in it. */
  async close(): Promise<void> {
    await this.#file.close();
    const isEmpty = this.#halves.every((half) => half.last === 0);
    if (isEmpty) await rm(this.place.path, { force: true });
  }

  /** Who has removed it has not stopped us from writing to it, but nobody would find what is written. */
  #look(): void {
    const now = performance.now();
    if (!this.#isFailing && now - this.#lookedAt < LOOK_MS) return;
    this.#lookedAt = now;
    if (statSync(this.place.path, { throwIfNoEntry: false })?.ino === this.#inode) return;
    throw new Error(`${this.place.path} has been removed`);
  }

  #write(bytes: Buffer, at: number): boolean {
    try {
      this.#look();
      const written = writeSync(this.#file.fd, bytes, 0, bytes.length, at);
      if (written < bytes.length) throw new Error(`${written} of ${bytes.length} bytes written`);
      this.#isFailing = false;
      return true;
    } catch (error) {
      if (!this.#isFailing) this.#hooks.onFailed(error);
      this.#isFailing = true;
      return false;
    }
  }
}

function prefixOf({ store, mark }: JournalOwner): string {
  const digest = createHash('sha256').update(`${mark} ${store}`).digest('hex');
  return `store-${digest.slice(0, 16)}-`;
}

function header(id: string): Buffer {
  return Buffer.from(`${MAGIC}${id}\n`);
}

/**
 * What the database lacks of what was accepted before the process was killed, in its order. Undefined if there
 * is no journal, as after the machine was started anew. Rejects with the system's error if it cannot be read.
 *
 * @param upTo the last entry that the database has
 * @param owners users whose file is believed: others may write to the directory
 */
export async function readJournal(
  { path, id }: JournalPlace,
  upTo: number,
  owners: readonly (number | undefined)[],
): Promise<readonly Commit[] | undefined> {
  // The place stands in a store that others may be able to write, and what it names is removed in the end.
  if (!NAME.test(basename(path, `${id}${SUFFIX}`))) return undefined;
  const bytes = await readOwnFile(path, owners);
  if (bytes?.subarray(0, header(id).length).equals(header(id)) !== true) return undefined;
  const entries = [0, 1]
    .map((half) => HEADER_BYTES + half * HALF_BYTES)
    .flatMap((from) => decodeEntries(bytes.subarray(from, from + HALF_BYTES)))
    .filter(({ number }) => number > upTo)
    .sort((one, other) => one.number - other.number);
  const commits = entries.map(({ commit }) => commit);
  if (isWithoutGap(entries, upTo)) return commits;
  // The database has lost its end. What is here is newer all the same; but pages list what may be lost.
  return commits.map(withoutSweptPages);
}

function withoutSweptPages(commit: Commit): Commit {
  commit.sweptPages.length = 0;
  return commit;
}

function isWithoutGap(entries: readonly JournalEntry[], upTo: number): boolean {
  return entries.every(({ number }, index) => number === upTo + 1 + index);
}

/** Undefined if there is none that only one of these users can have made; no link is followed. */
async function readOwnFile(
  path: string,
  owners: readonly (number | undefined)[],
): Promise<Buffer | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      return isOwn(await file.stat(), owners) ? await file.readFile() : undefined;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ELOOP')) return undefined;
    throw error;
  }
}

function isOwn(found: Stats, owners: readonly (number | undefined)[]): boolean {
  const isWrittenByOthers = (found.mode & 0o022) !== 0 || found.nlink > 1;
  return found.isFile() && owners.includes(found.uid) && !isWrittenByOthers;
}
