import type { Attempt } from '../../greylist/attempt.js';
import { isOfNewerFormat } from '../../greylist/byte-reader.js';
import {
  decodeReply,
  encodeReply,
  replyKey,
  type ReplyParties,
  type ReplyRecord,
} from '../../greylist/reply-record.js';
import { normaliseAddress } from '../../mail/normalise-address.js';
import { isLoopback } from '../../mail/ip-address.js';
import { networkContains, networkOf } from '../../mail/network.js';
import type { GreylistStore, MaybePromise, StoreEntry } from '../../store/store.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock } from '../process/clock.js';
import { DailyQuota } from './daily-quota.js';
import { describeError } from '../process/describe-error.js';
import type { Policy } from '../policy/policy.js';
import { RepeatedWarning } from '../process/repeated-warning.js';

/** The part of a policy that is about replies. */
export type ReplyPolicy = Pick<
  Policy,
  'replies' | 'trusted' | 'greylist' | 'senderForm' | 'recipientForm'
>;

/** Whoever writes to more new people than this on one day is no person, and may be a robbed account. */
const PER_DAY = 1000;
/** A hundred bytes each. */
const MAX_NAMES = 50_000;

/**
 * Remembers to whom our own users write, so that those who answer need not wait. Nothing of it delays
 * or changes what our users are told.
 */
export class ExpectedReplies {
  readonly #store: GreylistStore;
  readonly #logger: Logger;
  readonly #quota = new DailyQuota(PER_DAY, MAX_NAMES);
  readonly #readFailure: RepeatedWarning;
  readonly #writeFailure: RepeatedWarning;

  constructor(store: GreylistStore, logger: Logger, clock: Clock) {
    this.#store = store;
    this.#logger = logger;
    this.#readFailure = new RepeatedWarning('expected replies cannot be read', logger, clock);
    this.#writeFailure = new RepeatedWarning('expected replies cannot be stored', logger, clock);
  }

  /** Hears of mail; if it is our own user's to somebody outside, an answer to it is expected. */
  expect(attempt: Attempt, policy: ReplyPolicy, now: number): void {
    const { replies } = policy;
    if (replies === undefined) return;
    const expected = replyExpectedBy(attempt, policy);
    if (expected === undefined) return;
    const remembering = this.#remember(expected, replies.forMs, now);
    remembering.catch((error: unknown) => this.#writeFailure.warn(describeError(error)));
  }

  /**
   * What is remembered of the mail that an attempt would answer; undefined if there was none. Never
   * throws or rejects: what cannot be read is not there.
   */
  find(attempt: Attempt, policy: ReplyPolicy, now: number): MaybePromise<ReplyRecord | undefined> {
    const { replies, senderForm, recipientForm } = policy;
    if (replies === undefined) return undefined;
    const sender = normaliseAddress(attempt.sender, senderForm);
    const recipient = normaliseAddress(attempt.recipient, recipientForm);
    if (sender === '' || recipient === '') return undefined;
    try {
      const entry = this.#store.get(replyKey({ sender, recipient }));
      if (entry === undefined) return undefined;
      return this.#read(entry, replies.forMs, now);
    } catch (error) {
      this.#readFailure.warn(describeError(error));
      return undefined;
    }
  }

  async #read(
    found: MaybePromise<StoreEntry | undefined>,
    forMs: number,
    now: number,
  ): Promise<ReplyRecord | undefined> {
    try {
      const entry = await found;
      if (entry === undefined) return undefined;
      await entry.commit;
      const record = decodeReply(entry.value);
      // The setting may be shorter than it was then.
      return now - record.writtenAt < forMs ? record : undefined;
    } catch (error) {
      this.#readFailure.warn(describeError(error));
      return undefined;
    }
  }

  async #remember({ parties, user }: ExpectedReply, forMs: number, now: number): Promise<void> {
    const key = replyKey(parties);
    const entry = await this.#store.get(key);
    if (entry !== undefined && entry.expiresAt - now >= forMs / 2) return;
    if (entry !== undefined && isOfNewerFormat(entry.value, decodeReply)) return;
    const answer = this.#quota.take(user, now);
    if (answer === 'exhausted') {
      this.#logger.warn('no more replies are expected today for this login or client', {
        user,
        limit: PER_DAY,
      });
    }
    if (answer !== 'granted') return;
    // Whoever was faster has stored the same.
    await this.#store.compareAndSet(key, entry, {
      value: encodeReply({ writtenAt: now }),
      expiresAt: now + forMs,
    });
  }
}

/** What mail that goes out lets expect. */
export interface ExpectedReply {
  readonly parties: ReplyParties;
  /** Who has sent it: a login, or a client's network. */
  readonly user: string;
}

/** What an attempt lets expect; undefined if it is not our own user's mail to somebody outside. */
export function replyExpectedBy(attempt: Attempt, policy: ReplyPolicy): ExpectedReply | undefined {
  const { replies, senderForm, recipientForm } = policy;
  const { sender, recipient } = attempt;
  if (replies === undefined || recipient.domain === '') return undefined;
  if (!replies.isLocal(sender.domain) || replies.isLocal(recipient.domain)) return undefined;
  const user = ownUser(attempt, policy);
  if (user === undefined) return undefined;
  // As the answer will be normalised, where their parts are exchanged.
  const parties = {
    sender: normaliseAddress(recipient, senderForm),
    recipient: normaliseAddress(sender, recipientForm),
  };
  return { parties, user };
}

// Loopback is a content filter, or a program, which passes on what others have sent.
function ownUser(
  { login, clientAddress }: Attempt,
  { trusted, greylist: { network } }: ReplyPolicy,
): string | undefined {
  if (login !== undefined && login !== '') return login;
  if (clientAddress === undefined || isLoopback(clientAddress)) return undefined;
  if (!trusted.some((each) => networkContains(each, clientAddress))) return undefined;
  return networkOf(clientAddress, clientAddress.family === 4 ? network.ipv4 : network.ipv6).text;
}
