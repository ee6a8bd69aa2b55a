import type { EnvelopeAddress } from '../mail/envelope-address.js';
import type { CountedOnce } from './counted-once.js';
import type { Attempt } from '../greylist/attempt.js';

/** What is known of a message once it is there. */
export interface MessageFacts {
  /** In their order; names as written, values unfolded as the MTA gave them. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Header and body, in bytes. */
  readonly bytes: number;
  /** The body; absent where no rule looks at it. */
  readonly body?: MessageBody | undefined;
  /** The header with the blanks before values as they came; absent without a message in its bytes. */
  readonly rawHeaders?: MessageFacts['headers'] | undefined;
  /** Those that get it; the one of the attempt if nobody says. */
  readonly recipients?: readonly EnvelopeAddress[] | undefined;
}

/** What was kept of a body. */
export interface MessageBody {
  /** With a newline behind each line. */
  readonly text: string;
  /** As it came. */
  readonly bytes: Uint8Array;
  /** Whether nothing of it was left out. */
  readonly isWhole: boolean;
}

/** What rates have counted already, where all recipients count once. */
export interface Counted {
  readonly ofMessage: CountedOnce;
  readonly ofSession: CountedOnce;
}

/** Everything that a rule may look at without asking anybody. */
export interface Facts {
  readonly attempt: Attempt;
  /** Epoch milliseconds. */
  readonly now: number;
  /** What clocks show, where that is something else: what is counted must not go by it. */
  readonly shownNow?: number;
  /** How many recipients of this message came before this one. */
  readonly recipientsBefore: number;
  /** How many of those may get the message; all of them if nobody counts. */
  readonly acceptedBefore?: number | undefined;
  /** What has been counted of this message and its SMTP session; absent where rates are only asked. */
  readonly counted?: Counted | undefined;
  /** The value of a macro, `i` or `{client_addr}`; undefined if the MTA has not sent it. */
  macro(symbol: string): string | undefined;
  /** Undefined before the end of the message. */
  readonly message: MessageFacts | undefined;
}
