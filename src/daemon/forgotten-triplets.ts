import { decodeCorrespondence } from '../greylist/correspondence-codec.js';
import { parseCorrespondenceKey } from '../greylist/correspondence-key.js';
import type { Correspondence, Source } from '../greylist/correspondence.js';
import type { Logger } from '../telemetry/logger.js';
import { describeError } from './describe-error.js';
import type { KeptEntry } from './open-store.js';

/** Counts triplets by what had become of them when the store forgot them. */
export class ForgottenTriplets {
  readonly counts = { 'never-returned': 0, 'returned-early': 0, known: 0 };
  readonly #logger: Logger;
  #onNeverReturned: (source: Source) => void = () => undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Tells of each client that never came again; must not throw. */
  listen(onNeverReturned: (source: Source) => void): void {
    this.#onNeverReturned = onNeverReturned;
  }

  /** Hears of a record that has expired. */
  count({ key, value }: KeptEntry): void {
    if (parseCorrespondenceKey(key) === undefined) return;
    const record = this.#decode(key, value);
    for (const source of record?.sources ?? []) {
      if (source.passedAt !== undefined) this.counts.known++;
      else if (source.attempts > 1) this.counts['returned-early']++;
      else {
        this.counts['never-returned']++;
        this.#onNeverReturned(source);
      }
    }
  }

  #decode(key: string, value: Uint8Array): Correspondence | undefined {
    try {
      return decodeCorrespondence(value);
    } catch (error) {
      this.#logger.debug('an expired record cannot be read', { ...describeError(error), key });
      return undefined;
    }
  }
}
