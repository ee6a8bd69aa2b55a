import {
  decodeHandExceptions,
  findHandException,
  HAND_EXCEPTIONS_KEY,
  type ExceptionSeeker,
  type HandException,
} from '../../greylist/hand-exceptions.js';
import type { GreylistStore, StoreEntry } from '../../store/store.js';
import type { Logger } from '../../telemetry/logger.js';
import { describeError } from '../process/describe-error.js';

/** Finds the exception that somebody has. */
export interface ExceptionFinder {
  /** As {@link findHandException}: one without a network counts only if SPF passes. */
  find(seeker: ExceptionSeeker, now: number): HandException | undefined;
}

/** Another daemon on the same store, or an import, is heard of after so long. */
const FRESH_MS = 10_000;

/** The exceptions of a store, in memory: a decision asks no store for them. */
export class HandExceptions implements ExceptionFinder {
  readonly #store: Pick<GreylistStore, 'get'>;
  readonly #logger: Pick<Logger, 'error' | 'debug'>;
  #value: Uint8Array | undefined;
  #exceptions: readonly HandException[] = [];
  #readAt = -Infinity;

  constructor(store: Pick<GreylistStore, 'get'>, logger: Pick<Logger, 'error' | 'debug'>) {
    this.#store = store;
    this.#logger = logger;
  }

  /** Never throws: what cannot be read stays as it was. */
  find(seeker: ExceptionSeeker, now: number): HandException | undefined {
    if (performance.now() - this.#readAt >= FRESH_MS) this.refresh();
    const exceptions = this.#exceptions;
    return exceptions.length === 0 ? undefined : findHandException(exceptions, seeker, now);
  }

  /** Has them read again: at once if the store can, otherwise soon. */
  refresh(): void {
    this.#readAt = performance.now();
    const fail = (error: unknown): void =>
      this.#logger.debug('exceptions go without the store', describeError(error));
    try {
      const entry = this.#store.get(HAND_EXCEPTIONS_KEY);
      if (entry instanceof Promise) entry.then((late) => this.#take(late), fail);
      else this.#take(entry);
    } catch (error) {
      fail(error);
    }
  }

  #take(entry: StoreEntry | undefined): void {
    const value = entry?.value;
    if (value !== undefined && this.#value !== undefined && isSame(value, this.#value)) return;
    this.#value = value;
    try {
      this.#exceptions = value === undefined ? [] : decodeHandExceptions(value);
    } catch (error) {
      this.#logger.error('record cannot be read', {
        ...describeError(error),
        key: HAND_EXCEPTIONS_KEY,
      });
    }
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
