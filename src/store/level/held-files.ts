import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** How long after something was written files are looked for: a compaction takes about as long. */
const LOOK_MS = 500;

/** Tables and logs of LevelDB, which it numbers in the order in which it makes them. */
const NUMBERED = /^(\d+)\.(?:ldb|log)$/;

/**
 * Keeps files of a LevelDB database open, so that it can delete them in no time. LevelDB 1.20 deletes what
 * a compaction has made superfluous while it holds the lock that each read takes, and to free a table of
 * two megabytes takes a file system a millisecond and more. A file that somebody has open is freed when
 * he closes it, which is done here on a thread that nobody waits for.
 */
export class HeldFiles {
  readonly #path: string;
  readonly #most: number;
  readonly #held = new Map<string, FileHandle>();
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #isClosed = false;

  /** @param most that are held, each by a file descriptor: the newest ones, which are merged most often */
  constructor(path: string, most: number) {
    this.#path = path;
    this.#most = most;
  }

  /** How many are held. */
  get size(): number {
    return this.#held.size;
  }

  /** Something is being written, so in a while there are other files. Costs nothing to call. */
  stir(): void {
    if (this.#timer !== undefined || this.#most === 0 || this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.look();
    }, LOOK_MS);
    this.#timer.unref();
  }

  /** Opens what is new, and lets go of what is no longer there. Never rejects: it can be done without. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#looking;
    for (const name of this.#held.keys()) await this.#release(name);
  }

  async #look(): Promise<void> {
    const wanted = await this.#newest();
    const gone = [...this.#held.keys()].filter((name) => !wanted.has(name));
    const come = [...wanted].filter((name) => !this.#held.has(name));
    // One after the other: they are freed on the few threads that commits are written by.
    for (const name of gone) await this.#release(name);
    for (const name of come) if (!(await this.#hold(name))) break;
    // What merges them may go on although nobody writes.
    if (gone.length > 0 || come.length > 0) this.stir();
  }

  async #newest(): Promise<ReadonlySet<string>> {
    // A directory that is gone, or closed to us, has none.
    const names = await readdir(this.#path).catch(() => []);
    const numbered = names.flatMap((name) => {
      const [, number] = NUMBERED.exec(name) ?? [];
      return number === undefined ? [] : [{ name, number: Number(number) }];
    });
    const newestFirst = numbered.sort((one, other) => other.number - one.number);
    return new Set(newestFirst.slice(0, this.#most).map(({ name }) => name));
  }

  /** @returns whether there may be room for others */
  async #hold(name: string): Promise<boolean> {
    try {
      this.#held.set(name, await open(join(this.#path, name)));
      return true;
    } catch (error) {
      // Merged meanwhile; anything else, such as no descriptors left, meets the others too.
      return error instanceof Error && 'code' in error && error.code === 'ENOENT';
    }
  }

  async #release(name: string): Promise<void> {
    const file = this.#held.get(name);
    this.#held.delete(name);
    await file?.close().catch(() => undefined);
  }
}
