import type { Attempt } from '../greylist/attempt.js';

/** What is known of a message once it is there. */
export interface MessageFacts {
  /** In their order; names as written, values unfolded as the MTA gave them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Header and body, in bytes. */
  readonly bytes: number;
}

/** Everything that a rule may look at without asking anybody. */
export interface Facts {
  readonly attempt: Attempt;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How many recipients of this message came before this one. */
  readonly recipientsBefore: number;
  /** How many messages of this SMTP session came before this one; none if nobody counts. */
  readonly messagesBefore?: number;
  /** The value of a macro, `i` or `{client_addr}`; undefined if the MTA has not sent it. */
  macro(symbol: string): string | undefined;
  /** Undefined before the end of the message. */
  readonly message: MessageFacts | undefined;
}
