import type { Attempt } from '../greylist/attempt.js';
import type { EnvelopeAddress } from '../mail/envelope-address.js';
import type { Policy } from './policy.js';

/** One message of a session, from MAIL to its verdict. */
export class Transaction {
  readonly sender: EnvelopeAddress;
  readonly login: string | undefined;
  /** Recipients that are answered at DATA; judged again if DATA comes again. */
  readonly held: Attempt[] = [];
  /** The held ones were judged at DATA, so that the end of the message need not. */
  isJudged = false;
  #clockAt: number | undefined;
  #delayedMs: number | undefined;
  #passedAny = false;
  #isProbe: boolean | undefined;

  constructor(sender: EnvelopeAddress, login: string | undefined) {
    this.sender = sender;
    this.login = login;
  }

  /** The earliest running clock that this sender and source have among the recipients so far. */
  get clockAt(): number | undefined {
    return this.#clockAt;
  }

  /** The longest delay among the recipients that passed; undefined if none was delayed. */
  get delayedMs(): number | undefined {
    return this.#delayedMs;
  }

  /** Whether some recipient passed: the message will be there for a header. */
  get passedAny(): boolean {
    return this.#passedAny;
  }

  /** Whether its sender may only be probing; asked for each recipient, found out once. */
  isProbe(policy: Pick<Policy, 'isProbe'>): boolean {
    this.#isProbe ??= policy.isProbe(this.sender);
    return this.#isProbe;
  }

  shareClock(at: number | undefined): void {
    if (at !== undefined && (this.#clockAt === undefined || at < this.#clockAt)) this.#clockAt = at;
  }

  passed(delayedMs: number | undefined): void {
    this.#passedAny = true;
    if (delayedMs !== undefined && delayedMs > 0) {
      this.#delayedMs = Math.max(this.#delayedMs ?? 0, delayedMs);
    }
  }
}
