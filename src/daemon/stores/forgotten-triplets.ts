import { decodeCorrespondence } from '../../greylist/correspondence-codec.js';
import { isCorrespondenceKey, parseCorrespondenceKey } from '../../greylist/correspondence-key.js';
import type { Correspondence, Source } from '../../greylist/correspondence.js';
import type { Logger } from '../../telemetry/logger.js';
import { describeError } from '../process/describe-error.js';
import type { KeptEntry } from './open-store.js';

/** What the log says of each of them; milter-greylist has words of its own for it. */
const TRIPLET_EXPIRED = 'triplet expired';

/** Counts triplets by what had become of them when the store forgot them. */
export class ForgottenTriplets {
  readonly counts = { 'never-returned': 0, 'returned-early': 0, passed: 0 };
  /** Whether each of them is worth a line; otherwise only at debug level. */
  isTold = false;
  readonly #logger: Logger;
  #onNeverReturned: (source: Source) => void = () => undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Tells of each client that never came again; must not throw. */
  listen(onNeverReturned: (source: Source) => void): void {
    this.#onNeverReturned = onNeverReturned;
  }

  /** Hears of a record that has expired: of a million of them one after the other, beside mail. */
  count(entry: KeptEntry): void {
    if (!isCorrespondenceKey(entry.key)) return;
    const isLogged = this.isTold || this.#logger.isDebug === true;
    for (const source of this.#decode(entry)?.sources ?? []) {
      const outcome = outcomeOf(source);
      this.counts[outcome]++;
      if (outcome === 'never-returned') this.#onNeverReturned(source);
      if (isLogged) this.#log(entry.key, source, outcome);
    }
  }

  #log(key: string, { address }: Source, outcome: keyof ForgottenTriplets['counts']): void {
    const parsed = parseCorrespondenceKey(key);
    if (parsed === undefined) return;
    const from = parsed.kind === 'pair' ? parsed.sender : '';
    const triplet = { client: address.text, from, to: parsed.recipient, outcome };
    this.#logger[this.isTold ? 'info' : 'debug'](TRIPLET_EXPIRED, triplet);
  }

  #decode({ key, value }: KeptEntry): Correspondence | undefined {
    try {
      return decodeCorrespondence(value);
    } catch (error) {
      this.#logger.debug('an expired record cannot be read', { ...describeError(error), key });
      return undefined;
    }
  }
}

function outcomeOf({ passedAt, attempts }: Source): keyof ForgottenTriplets['counts'] {
  if (passedAt !== undefined) return 'passed';
  return attempts > 1 ? 'returned-early' : 'never-returned';
}
