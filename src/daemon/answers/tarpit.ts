import type { Attempt } from '../../greylist/attempt.js';
import { isOfNewerFormat } from '../../greylist/byte-reader.js';
import {
  decodeTarpit,
  encodeTarpit,
  tarpitKey,
  type TarpitOutcome,
} from '../../greylist/tarpit-record.js';
import type { TarpitState } from '../../rules/condition.js';
import type { GreylistStore, MaybePromise, NewEntry, StoreEntry } from '../../store/store.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock } from '../process/clock.js';
import { describeError } from '../process/describe-error.js';
import type { Policy } from '../policy/policy.js';
import { partiesOf } from './recipient-judge.js';
import { RepeatedWarning } from '../process/repeated-warning.js';

/** The part of a policy that is about waiting. */
export type TarpitPolicy = Pick<Policy, 'tarpit' | 'greylist' | 'senderForm' | 'recipientForm'>;

/**
 * Where clients wait: each by a timer, so that nobody else does. Who has gone at the end of it is
 * remembered, and who was still there.
 */
export class Tarpit {
  readonly #store: GreylistStore;
  readonly #clock: Clock;
  readonly #full: RepeatedWarning;
  readonly #storeFailure: RepeatedWarning;
  #waiting = 0;

  constructor(store: GreylistStore, logger: Logger, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#full = new RepeatedWarning(
      'too many clients wait, so that others need not',
      logger,
      clock,
    );
    this.#storeFailure = new RepeatedWarning('who has waited cannot be told', logger, clock);
  }

  /** How many clients are waiting. */
  get size(): number {
    return this.#waiting;
  }

  /** What is known of such mail from this client. Never throws or rejects. */
  stateOf(attempt: Attempt, policy: TarpitPolicy): MaybePromise<TarpitState> {
    const key = keyOf(attempt, policy);
    if (key === undefined) return 'stayed';
    try {
      const entry = this.#store.get(key);
      if (!(entry instanceof Promise)) return this.#judge(entry, policy);
      return entry.then(
        (found) => this.#judge(found, policy),
        (error: unknown) => this.#unknown(error),
      );
    } catch (error) {
      return this.#unknown(error);
    }
  }

  #judge(entry: StoreEntry | undefined, { tarpit: { most } }: TarpitPolicy): TarpitState {
    try {
      if (entry !== undefined) return decodeTarpit(entry.value);
    } catch (error) {
      return this.#unknown(error);
    }
    if (this.#waiting < most) return 'new';
    this.#full.warn({ limit: most });
    return 'full';
  }

  #unknown(error: unknown): TarpitState {
    this.#storeFailure.warn(describeError(error));
    return 'unknown';
  }

  /**
   * Makes a client wait.
   *
   * @param gone aborts when nobody waits any more
   * @returns whether it was there to the end
   */
  async wait(ms: number, gone: AbortSignal | undefined): Promise<boolean> {
    if (gone?.aborted === true) return false;
    this.#waiting += 1;
    try {
      return await new Promise((resolve) => {
        const leave = (): void => {
          clearTimeout(timer);
          resolve(false);
        };
        const timer = setTimeout(() => {
          gone?.removeEventListener('abort', leave);
          resolve(true);
        }, ms);
        gone?.addEventListener('abort', leave, { once: true });
      });
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Remembers what has become of it, as long as a triplet is known that passed, or was put off. */
  remember(attempt: Attempt, outcome: TarpitOutcome, policy: TarpitPolicy): void {
    const key = keyOf(attempt, policy);
    if (key === undefined) return;
    const { autowhiteMs, retryWindowMs } = policy.greylist;
    const livesMs = outcome === 'stayed' ? autowhiteMs : retryWindowMs;
    const expiresAt = this.#clock.now() + livesMs;
    const next = { value: encodeTarpit(outcome), expiresAt };
    this.#write(key, next).catch((error: unknown) => {
      this.#storeFailure.warn(describeError(error));
    });
  }

  // At once where the store reads at once, so that the next question knows.
  async #write(key: string, next: NewEntry): Promise<void> {
    const found = this.#store.get(key);
    const entry = found instanceof Promise ? await found : found;
    if (entry !== undefined && isOfNewerFormat(entry.value, decodeTarpit)) return;
    await this.#store.compareAndSet(key, entry, next);
  }
}

function keyOf(attempt: Attempt, policy: TarpitPolicy): string | undefined {
  const { clientAddress } = attempt;
  return clientAddress && tarpitKey(partiesOf(attempt, clientAddress, policy, policy.greylist));
}
