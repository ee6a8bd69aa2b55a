import type { EventName } from '../events.js';
import type { FilterReply } from './answers.js';
import type { MtaProfile } from './profiles.js';

/**
 * Where a message stands for the filter. `over`: it has given, or was given, the last word;
 * `discarded`: the same, but the MTA still counts it as inside the message.
 */
type MessageState = 'none' | 'open' | 'over' | 'discarded';

/** What an answer means for the connection. */
export type Consequence = 'go-on' | 'quit' | 'close';

/**
 * What an MTA remembers of its filter: which events it still gets, and which ABORTs it is owed. Pure;
 * driven by the events and the answers.
 */
export class MtaState {
  readonly #profile: MtaProfile;
  #isMuted = false;
  #message: MessageState = 'none';
  #skipsRecipients = false;
  #skipsHeaders = false;
  #skipsBody = false;
  #isInData = false;
  #hasQueueId = false;
  /** Lazy ABORTs: HELO was given, and a transaction begun. */
  #hasHelo = false;
  #hasTransaction = false;
  /** Eager ABORTs: the filter has agreed to MAIL. */
  #isInMessage = false;

  constructor(profile: MtaProfile) {
    this.#profile = profile;
  }

  /** Whether the SMTP client is to send, or sends, the message. */
  get isInData(): boolean {
    return this.#isInData;
  }

  /** Whether the MTA has given the message an id. */
  get hasQueueId(): boolean {
    return this.#hasQueueId;
  }

  /** Whether the filter still gets an event, apart from what was negotiated. */
  sends(event: EventName): boolean {
    if (this.#isMuted) return false;
    switch (event) {
      case 'connect':
      case 'helo':
      case 'mail':
        return true;
      // Sendmail says nothing of unknown commands behind a finished message [T 24].
      case 'unknown':
        return this.#message !== 'over' && this.#message !== 'discarded';
      case 'rcpt':
        return this.#message === 'open' && !this.#skipsRecipients;
      case 'header':
        return this.#message === 'open' && !this.#skipsHeaders;
      case 'body':
        return this.#message === 'open' && !this.#skipsBody;
      case 'data':
      case 'eoh':
      case 'eom':
        return this.#message === 'open';
    }
  }

  /** HELO comes; the number of ABORTs before it. */
  beforeHelo(): number {
    if (this.#profile.aborts === 'eager') return this.reset();
    return 0;
  }

  /** HELO has been answered; the number of ABORTs behind it. */
  afterHelo(): number {
    if (this.#profile.aborts !== 'lazy') {
      this.#message = 'none';
      return 0;
    }
    const aborts = this.reset() + Number(this.#hasHelo);
    this.#hasHelo = true;
    return aborts;
  }

  /** STARTTLS: Postfix forgets the HELO with it. */
  startTls(): number {
    const aborts = this.reset() + Number(this.#hasHelo);
    this.#hasHelo = false;
    return aborts;
  }

  /** MAIL comes; the number of ABORTs before it. */
  beforeMail(): number {
    const aborts = this.reset();
    this.#message = 'open';
    this.#hasTransaction = this.#profile.aborts === 'lazy';
    this.#hasQueueId = this.#profile.queueIdFrom === 'mail';
    return aborts;
  }

  beforeData(): void {
    this.#isInData = true;
  }

  /** The transaction ends: RSET, or another filter refused it; the number of ABORTs for it. */
  reset(): number {
    const isOwed = !this.#isMuted && (this.#isInMessage || this.#hasTransaction);
    this.#endMessage('none');
    this.#hasTransaction = false;
    return Number(isOwed);
  }

  /** The client has sent its last dot, and has its answer; the number of ABORTs for that. */
  finish(): number {
    if (this.#profile.aborts !== 'eager') return this.reset();
    const isOwed = !this.#isMuted && this.#isInMessage;
    this.#endMessage('over');
    return Number(isOwed);
  }

  /** The session ends; the number of ABORTs before QUIT. */
  quit(): number {
    const aborts = this.reset() + Number(this.#hasHelo);
    this.#hasHelo = false;
    this.#isMuted = true;
    return this.#profile.aborts === 'eager' ? 0 : aborts;
  }

  /** An event that was not sent, or that is not answered, counts as agreed to, except for ABORTs. */
  passed(event: EventName): void {
    if (event === 'rcpt') this.#hasQueueId = true;
  }

  /** What an answer changes. */
  answered(event: EventName, reply: FilterReply): Consequence {
    if (event === 'eom') this.#isInMessage = false;
    if (reply.kind === 'continue') {
      if (event === 'mail') this.#isInMessage = this.#profile.aborts === 'eager';
      else this.passed(event);
      return 'go-on';
    }
    if (event === 'connect' || event === 'helo') return this.#answeredEarly(event, reply);
    if (reply.kind === 'skip') this.#skip(event);
    else if (event !== 'unknown') this.#settleMessage(event, reply);
    return reply.kind === 'replycode' && reply.code === 421 ? 'quit' : 'go-on';
  }

  #answeredEarly(event: 'connect' | 'helo', reply: FilterReply): Consequence {
    const { quitsAfterSessionVerdict: quits } = this.#profile;
    // Sendmail ends the session for a discard at CONNECT, Postfix minds none, both none at HELO.
    if (reply.kind === 'discard' && !(quits && event === 'connect')) return 'go-on';
    if (reply.kind === 'skip') return 'go-on';
    if (!quits) return 'close';
    const isFinal = event === 'connect' || reply.kind === 'accept';
    if (isFinal || (reply.kind === 'replycode' && reply.code === 421)) return 'quit';
    this.#isMuted = true;
    return 'go-on';
  }

  #settleMessage(event: EventName, { kind }: FilterReply): void {
    const isForOneCommand = event === 'rcpt' || event === 'data';
    if (kind === 'discard') {
      this.#message = 'discarded';
      if (!isForOneCommand) this.#isInMessage = false;
    } else if (kind === 'accept' || !isForOneCommand) {
      this.#message = event === 'mail' && kind !== 'accept' ? 'none' : 'over';
      this.#isInMessage = false;
    }
  }

  // Only for BODY is it meant; for the others both MTAs do what they happen to do [T 87, T 88].
  #skip(event: EventName): void {
    const isEager = this.#profile.aborts === 'eager';
    if (event === 'body' || (event === 'header' && isEager)) this.#skipsBody = true;
    else if (event === 'header') this.#skipsHeaders = true;
    else if (event === 'rcpt') {
      this.#isMuted = isEager;
      this.#skipsRecipients = true;
      this.passed(event);
    }
  }

  #endMessage(next: 'none' | 'over'): void {
    this.#message = next;
    this.#isInMessage = this.#isInData = this.#hasQueueId = false;
    this.#skipsRecipients = this.#skipsHeaders = this.#skipsBody = false;
  }
}
