import { defaultWatchPace, FileChanges, type WatchPace } from './file-changes.js';
import { stampFiles, type FileStamps } from './file-stamps.js';

/**
 * Tells when files have changed, by looking at them again and again; it needs no descriptors, and
 * works for whatever can be read.
 */
export class FileWatch {
  readonly #onChange: (paths: readonly string[]) => void;
  readonly #pace: WatchPace;
  #timer: NodeJS.Timeout | undefined;
  #round: object | undefined;

  constructor(onChange: (paths: readonly string[]) => void, pace: WatchPace = defaultWatchPace) {
    this.#onChange = onChange;
    this.#pace = pace;
  }

  /**
   * Watches these files, and no longer those before.
   *
   * @param known what they were before they were read; what has happened since counts as a change
   */
  start(known: FileStamps): void {
    this.stop();
    if (known.size === 0) return;
    const round = {};
    this.#round = round;
    const changes = new FileChanges(known, this.#pace);
    const look = async (): Promise<void> => {
      const now = await stampFiles(known.keys());
      // It may have been told something else meanwhile.
      if (this.#round !== round) return;
      const { changed, nextLookMs } = changes.look(now, performance.now());
      again(nextLookMs);
      if (changed.length > 0) this.#onChange(changed);
    };
    const again = (afterMs: number): void => {
      this.#timer = setTimeout(() => void look(), afterMs).unref();
    };
    again(this.#pace.idle);
  }

  /** Watches nothing any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#round = undefined;
  }
}
