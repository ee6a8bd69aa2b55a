import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { removedError } from './store-errors.js';

/** How long what was found is taken for true: a look costs more than most writes. */
const LOOK_MS = 1000;

/**
 * The place that a database was opened in. Once its files have been removed LevelDB goes on writing to
 * those that it has open, and says that all is well; what it has "written" ends with the process. So
 * somebody has to look whether the name still leads there. LOCK is what LevelDB keeps open and never
 * replaces, so that nothing else can have its number meanwhile.
 */
export class StorePlace {
  readonly #path: string;
  readonly #mark: string;
  #isThere = true;
  #lookAt: number;

  private constructor(path: string, mark: string) {
    this.#path = path;
    this.#mark = mark;
    this.#lookAt = performance.now() + LOOK_MS;
  }

  /** The place of a database that has just been opened. */
  static async of(path: string): Promise<StorePlace> {
    return new StorePlace(path, await markOf(path));
  }

  /** Whether there is anything to `check`: asked before each write. */
  get isDoubtful(): boolean {
    return !this.#isThere || performance.now() >= this.#lookAt;
  }

  /**
   * Looks again if it is time. What has been moved away and back is there again.
   *
   * @throws StoreError STORE_REMOVED
   */
  async check(): Promise<void> {
    if (performance.now() < this.#lookAt) {
      if (!this.#isThere) throw removedError(this.#path);
    } else if (await this.isGone()) throw removedError(this.#path);
  }

  /** Looks in any case. */
  async isGone(): Promise<boolean> {
    this.#isThere = await this.#look();
    this.#lookAt = performance.now() + LOOK_MS;
    return !this.#isThere;
  }

  async #look(): Promise<boolean> {
    try {
      return (await markOf(this.#path)) === this.#mark;
    } catch (error) {
      // A disk that cannot say is for the write to find out about.
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      return code !== 'ENOENT' && code !== 'ENOTDIR';
    }
  }
}

async function markOf(path: string): Promise<string> {
  const { dev, ino } = await stat(join(path, 'LOCK'));
  return `${String(dev)}:${String(ino)}`;
}
