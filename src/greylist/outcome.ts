import type { IpAddress } from '../mail/ip-address.js';
import type { Correspondence } from './correspondence.js';
import type { NetworkPrefixes } from './correspondence-key.js';
import type { Identity, IdentitySettings, Proof } from './identity.js';
import type { Patience } from './patience.js';

/** Who attempts to deliver. */
export interface AttemptSource {
  readonly address: IpAddress;
  /** Its verified name. */
  readonly name: string | undefined;
  /**
   * The earliest running clock that this sender and source have with another recipient of the same
   * transaction, so that all of them pass together; from {@link Outcome}'s `clockAt`.
   */
  readonly clockAt: number | undefined;
  /** Whether a DNS list that a rule asks has it. */
  readonly isListed: boolean;
  /** What was found out about it; undefined as long as nobody has looked. */
  readonly proof: Proof | undefined;
  /** As in `Source`: how sender and recipient are written, if not as the key has them. */
  readonly spelling?: string | undefined;
}

/** The settings of the ruling in force now. Durations are whole milliseconds. */
export interface GreylistSettings {
  readonly delayMs: number;
  readonly retryWindowMs: number;
  readonly autowhiteMs: number;
  /**
   * While learning: what would have to wait is known for so long at once, but never for longer than
   * what has passed. Undefined if it waits.
   */
  readonly learnForMs: number | undefined;
  /** False for null and probing senders, whose life is not prolonged by their mail. */
  readonly renew: boolean;
  readonly network: NetworkPrefixes;
  readonly identity: IdentitySettings;
  readonly patience: Patience | undefined;
}

/** Under which settings, and when: epoch milliseconds. */
export interface Terms {
  readonly settings: GreylistSettings;
  readonly now: number;
}

/** What becomes of an attempt. */
export type Outcome = WaitOutcome | PassOutcome;

/** The attempt is put off; while learning it would be. */
export interface WaitOutcome {
  readonly kind: 'wait';
  readonly reason: 'greylist-new' | 'greylist-early' | 'greylist-expired';
  /** What shows that it has tried before; undefined if it has not. */
  readonly identity: Identity | undefined;
  /** From 1 to the delay, whatever the clock does. */
  readonly waitMs: number;
  /** How often this source has tried in this retry window. */
  readonly attempts: number;
  /** The clock it waits by; other recipients of the transaction may share it. */
  readonly clockAt: number;
}

/** The attempt passes. */
export interface PassOutcome {
  readonly kind: 'pass';
  readonly reason: 'greylist-passed' | 'greylist-known' | 'patience' | 'pool';
  /** What shows that it has tried before; undefined if it has not. */
  readonly identity: Identity | undefined;
  /** Since the first attempt; with patience, since the pair's; 0 for what did not have to wait. */
  readonly delayedMs: number;
  /** How often this source has tried; of a known one only those attempts that were stored. */
  readonly attempts: number;
  /**
   * The clock it has waited by; other recipients of the transaction may share it. A source that was
   * known before has none: what is new beside it waits.
   */
  readonly clockAt: number | undefined;
  /** How long the triplet is known from now on, 0 if it is forgotten; absent where nobody says so. */
  readonly knownForMs?: number | undefined;
}

/** An outcome, and the record that must be stored before anybody hears of it. */
export interface Advance {
  readonly outcome: Outcome;
  /** The very record that was given if there is nothing to store. */
  readonly next: Correspondence;
}
