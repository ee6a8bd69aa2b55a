import { badFileError, checkLevelStore, type BadFile } from '../../store/check-level-store.js';
import type { Logger } from '../../telemetry/logger.js';
import { describeError } from '../process/describe-error.js';
import type { StoreDamage } from './store-damage.js';

/** How often the files of a store are checked, and how hard. */
export interface CheckPace {
  /** From the start to the first check: a start has other things to do. */
  readonly firstMs: number;
  /** From the end of a check to the next one. */
  readonly pauseMs: number;
  /** At most. */
  readonly bytesPerSecond: number;
  /** The rest behind a step is at least this many times its length. */
  readonly rest: number;
}

/** A gigabyte takes four minutes, and of them some seconds of work. */
const usualPace: CheckPace = {
  firstMs: 900_000,
  pauseMs: 86_400_000,
  bytesPerSecond: 4_194_304,
  rest: 4,
};

/** Which store is watched, and who hears of it. */
export interface TableWatchOptions {
  readonly path: string;
  readonly logger: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  readonly damage: Pick<StoreDamage, 'add' | 'settle' | 'blocks'>;
  /** Quicker in tests. */
  readonly pace?: Partial<CheckPace> | undefined;
}

/** What a check that is stopped ends with. */
class StoppedError extends Error {}

/**
 * Compares the files of the store with their checksums, once a day, in small steps with long rests:
 * LevelDB takes for a record whatever can be read, and where it cannot go on it ends the process.
 */
export class TableWatch {
  readonly #options: TableWatchOptions;
  readonly #pace: CheckPace;
  #timer: NodeJS.Timeout | undefined;
  #steppedAt = 0;
  #endRest: (() => void) | undefined;
  #isStopped = false;

  constructor(options: TableWatchOptions) {
    this.#options = options;
    this.#pace = { ...usualPace, ...options.pace };
  }

  start(): void {
    this.#wait(this.#pace.firstMs);
  }

  /** A check under way ends with its step. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#endRest?.();
  }

  #wait(ms: number): void {
    if (this.#isStopped) return;
    const check = async (): Promise<void> => {
      await this.#check();
      this.#wait(this.#pace.pauseMs);
    };
    this.#timer = setTimeout(() => void check(), ms).unref();
  }

  /** Never rejects. */
  async #check(): Promise<void> {
    const { path, logger, damage } = this.#options;
    this.#steppedAt = performance.now();
    try {
      const wasDamaged = damage.blocks > 0;
      const check = await checkLevelStore(path, {
        onStep: (bytes) => this.#rest(bytes),
        onBad: (bad) => this.#tell(bad),
      });
      damage.settle(check);
      const { tables, bytes, bad } = check;
      if (wasDamaged && bad.length === 0) logger.info('no file of the store is damaged any more');
      logger.debug('the files of the store are checked', { tables, bytes, damaged: bad.length });
    } catch (error) {
      if (error instanceof StoppedError) return;
      logger.warn('the files of the store cannot be checked', describeError(error));
    }
  }

  #tell(bad: BadFile): void {
    const { path, logger, damage } = this.#options;
    const { name: file, offset, blocks } = bad;
    damage.add(bad);
    const told = { file, offset, blocks, ...describeError(badFileError(path, bad)) };
    logger.error('a file of the store is damaged', told);
  }

  async #rest(bytes: number): Promise<void> {
    const tookMs = performance.now() - this.#steppedAt;
    const { rest, bytesPerSecond } = this.#pace;
    const ms = Math.max(tookMs * rest, (bytes / bytesPerSecond) * 1000);
    if (!this.#isStopped && ms > 0) {
      await new Promise<void>((resolve) => {
        this.#endRest = resolve;
        this.#timer = setTimeout(resolve, ms).unref();
      });
    }
    if (this.#isStopped) throw new StoppedError('the filter is stopping');
    this.#steppedAt = performance.now();
  }
}
