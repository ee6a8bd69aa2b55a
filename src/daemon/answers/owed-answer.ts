import type { Stage } from '../../greylist/attempt.js';
import { TarpitVisit } from './tarpit-visit.js';
import type { Recipient } from './recipient-judge.js';

/** An answer that is owed to the MTA, for one recipient or for all that were held back. */
export interface Proceeding {
  readonly recipients: readonly Recipient[];
  readonly stage: Stage;
  /** When the event arrived, in milliseconds of the monotonic clock. */
  readonly startedAt: number;
}

/** Keeps an eye on the one answer that is owed at a time, so that nobody is answered twice. */
export class OwedAnswer {
  #proceeding: Proceeding | undefined;
  /** How long it was made to wait for answers. */
  readonly tarpit = new TarpitVisit();

  /** From here on an answer is owed. */
  begin(proceeding: Proceeding): void {
    this.#proceeding = proceeding;
  }

  /** Whether the answer is still wanted. */
  owes(proceeding: Proceeding): boolean {
    return this.#proceeding === proceeding;
  }

  /** Whether the answer is still wanted; then it is given now. */
  conclude(proceeding: Proceeding): boolean {
    const isCurrent = this.owes(proceeding);
    if (isCurrent) this.#proceeding = undefined;
    return isCurrent;
  }

  /** The answer that was owed will not come; what is still thinking about it is not heard. */
  abandon(): Proceeding | undefined {
    const proceeding = this.#proceeding;
    this.#proceeding = undefined;
    return proceeding;
  }
}
