import { isLost, type FileStamps } from './file-stamps.js';

/** How patient one is with files that change, in milliseconds. */
export interface WatchPace {
  /** Between looks while nothing happens. */
  readonly idle: number;
  /** Between looks once something has happened. */
  readonly busy: number;
  /** How long files must have been as they are: who writes one may go on, or write the next. */
  readonly settled: number;
  /** The same, where one of them has gone: it may be on its way back. */
  readonly lost: number;
}

/** A second is what people wait for without a thought, and looking costs some microseconds a file. */
export const defaultWatchPace: WatchPace = { idle: 1000, busy: 250, settled: 500, lost: 5000 };

/** What a look at the files has come to. */
export interface Look {
  /** Those that have changed, once all are at rest; each change is told once. */
  readonly changed: readonly string[];
  readonly nextLookMs: number;
}

/** Tells from looks at files when it is time to read them anew. */
export class FileChanges {
  readonly #pace: WatchPace;
  #known: FileStamps;
  #seen: FileStamps;
  #seenAt = 0;

  /** @param known what the files were before they were read */
  constructor(known: FileStamps, pace: WatchPace) {
    this.#known = known;
    this.#seen = known;
    this.#pace = pace;
  }

  /** @param atMs by a clock that nobody sets */
  look(now: FileStamps, atMs: number): Look {
    const { idle, busy, settled, lost } = this.#pace;
    if (differing(this.#seen, now).length > 0) {
      this.#seen = now;
      this.#seenAt = atMs;
    }
    const changed = differing(this.#known, now);
    if (changed.length === 0) return { changed, nextLookMs: idle };
    const isGone = changed.some((path) => isLost(now.get(path)));
    if (atMs - this.#seenAt < (isGone ? lost : settled)) return { changed: [], nextLookMs: busy };
    this.#known = now;
    return { changed, nextLookMs: idle };
  }
}

function differing(before: FileStamps, after: FileStamps): readonly string[] {
  return [...before.keys()].filter((path) => before.get(path) !== after.get(path));
}
