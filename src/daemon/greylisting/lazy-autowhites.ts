import { knowsLazily, renewLazily } from '../../greylist/lazy-autowhite.js';
import { encodeClientAutowhite } from '../../greylist/client-autowhite-codec.js';
import { changeEntry } from '../../store/change-entry.js';
import type { GreylistStore, MaybePromise, StoreEntry } from '../../store/store.js';
import type { Logger } from '../../telemetry/logger.js';
import { describeError } from '../process/describe-error.js';
import { readClient } from './read-client.js';

/** What is asked, or said, of a client. */
export interface LazyQuestion {
  /** When the triplet began that is known, or that waits; epoch milliseconds. */
  readonly since: number;
  /** How long the client is known from now on, if it is. */
  readonly forMs: number;
  readonly now: number;
}

/** More conflicts than this in a row, and what was to be remembered is lost, which costs one delay. */
const maxConflicts = 10;

/**
 * One record for each client network that has a known triplet, so that a mail of another triplet finds
 * it by one look, and not by a search. A store that fails costs the exemption, and never an answer; that
 * it fails is logged with the triplet.
 */
export class LazyAutowhites {
  readonly #store: GreylistStore;
  readonly #logger: Logger;

  constructor(store: GreylistStore, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /** Reads ahead what {@link knows} needs. What fails there is heard of by whoever needs it. */
  look(key: string): MaybePromise<StoreEntry | undefined> {
    const entry = this.#store.get(key);
    if (entry instanceof Promise) entry.catch(() => undefined);
    return entry;
  }

  /** Whether a client's mail passes by another triplet; it is renewed then. Never throws or rejects. */
  knows(
    key: string,
    asked: LazyQuestion,
    ahead?: MaybePromise<StoreEntry | undefined>,
  ): MaybePromise<boolean> {
    let entry: MaybePromise<StoreEntry | undefined>;
    try {
      entry = ahead ?? this.#store.get(key);
    } catch (error) {
      return this.#failed(key, error);
    }
    if (!(entry instanceof Promise)) return this.#judge(key, entry, asked);
    return entry.then(
      (found) => this.#judge(key, found, asked),
      (error: unknown) => this.#failed(key, error),
    );
  }

  /** A triplet of the client is known. What can be stored at once is stored with the triplet. */
  remember(key: string, known: LazyQuestion): void {
    this.#remember(key, known).catch((error: unknown) => this.#failed(key, error));
  }

  #judge(key: string, entry: StoreEntry | undefined, asked: LazyQuestion): boolean {
    const record = entry && readClient(key, entry.value, this.#logger);
    if (record === undefined || record === 'newer' || !knowsLazily(record, asked)) return false;
    this.remember(key, { ...asked, since: record.lastPointAt });
    return true;
  }

  async #remember(key: string, known: LazyQuestion): Promise<void> {
    await changeEntry(this.#store, { key, maxConflicts }, (entry) => {
      const record = entry && readClient(key, entry.value, this.#logger);
      if (record === 'newer') return 'keep';
      const next = renewLazily(record, known);
      if (next === undefined) return 'keep';
      return { value: encodeClientAutowhite(next), expiresAt: next.expiresAt };
    });
  }

  #failed(key: string, error: unknown): false {
    this.#logger.debug('lazy autowhite goes without the store', { ...describeError(error), key });
    return false;
  }
}
