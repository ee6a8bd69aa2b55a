import type { Decision } from '../../greylist/decision.js';
import type { EnvelopeAddress } from '../../mail/envelope-address.js';
import { CountedOnce } from '../../rules/counted-once.js';
import { Properties } from '../../rules/properties.js';
import type { KeptBody } from './kept-body.js';
import type { Policy } from '../policy/policy.js';
import type { Recipient } from './recipient-judge.js';

/** One message of a session, from MAIL to its verdict. */
export class Transaction {
  readonly sender: EnvelopeAddress;
  readonly login: string | undefined;
  /** What rules and their lookups have set. */
  readonly properties = new Properties();
  /** What rates have counted of it. */
  readonly counted = new CountedOnce();
  /** Recipients that are answered at DATA; judged again if DATA comes again. */
  readonly held: Recipient[] = [];
  /** Those that get the message. */
  readonly passed: Recipient[] = [];
  /** Those of them that a rule for everybody has let pass. */
  readonly byDefault: Recipient[] = [];
  /** What was decided about the last of them. */
  lastPassed: Decision | undefined;
  /** Those that a rule takes off the message at its end. */
  readonly discarded: Recipient[] = [];
  /** How many recipients there were, whatever became of them. */
  recipients = 0;
  /** Its header where a rule wants to know, with the blanks before values; for signatures. */
  readonly rawHeaders: (readonly [name: string, value: string])[] = [];
  bytes = 0;
  /** Undefined where nobody wants to know. */
  body: KeptBody | undefined;
  /** The held ones were judged at DATA, so that the end of the message need not. */
  isJudged = false;
  #clockAt: number | undefined;
  #delayedMs: number | undefined;
  #isProbe: boolean | undefined;
  /** Whom the MTA has asked about, where it may ask again; most messages have one recipient. */
  #firstAsked: string | undefined;
  #othersAsked: Set<string> | undefined;
  #isRepeated = false;

  constructor(sender: EnvelopeAddress, login: string | undefined) {
    this.sender = sender;
    this.login = login;
  }

  /** The same without the blank that stands before nearly every value. */
  get headers(): readonly (readonly [name: string, value: string])[] {
    return this.rawHeaders.map(([name, value]) => [name, value.replace(/^ /, '')] as const);
  }

  /** How many of the recipients so far were not refused; those that are held may be yet. */
  get accepted(): number {
    return this.passed.length + this.held.length + this.discarded.length;
  }

  /** The earliest running clock that this sender and source have among the recipients so far. */
  get clockAt(): number | undefined {
    return this.#clockAt;
  }

  /** The longest delay among the recipients that passed; undefined if none was delayed. */
  get delayedMs(): number | undefined {
    return this.#delayedMs;
  }

  /** Whether its sender may only be probing; asked for each recipient, found out once. */
  isProbe(policy: Pick<Policy, 'isProbe'>): boolean {
    this.#isProbe ??= policy.isProbe(this.sender);
    return this.#isProbe;
  }

  shareClock(at: number | undefined): void {
    if (at !== undefined && (this.#clockAt === undefined || at < this.#clockAt)) this.#clockAt = at;
  }

  /** @param delayedMs undefined if it was not put off before */
  pass(recipient: Recipient, delayedMs: number | undefined): void {
    this.passed.push(recipient);
    this.delay(delayedMs);
  }

  /** Whether the MTA has asked before about the recipient that it asks about. */
  get isRepeated(): boolean {
    return this.#isRepeated;
  }

  /** Whether the MTA has asked about a recipient. */
  hasAsked(text: string): boolean {
    return this.#firstAsked === text || this.#othersAsked?.has(text) === true;
  }

  /**
   * Notes that the MTA asks about a recipient, for another check that names us, or since it has lost the answer with
   * the connection. It is one recipient all the same: what came of it before counts no more.
   */
  ask(text: string): void {
    const isRepeated = this.hasAsked(text);
    if (isRepeated) this.#takeBack(text);
    else this.note(text);
    this.#isRepeated = isRepeated;
  }

  /** Notes a recipient that is another one, however often it comes. */
  note(text: string): void {
    this.#isRepeated = false;
    if (this.hasAsked(text)) return;
    if (this.#firstAsked === undefined) this.#firstAsked = text;
    else (this.#othersAsked ??= new Set()).add(text);
  }

  #takeBack(text: string): void {
    this.recipients -= 1;
    for (const list of [this.held, this.passed, this.byDefault, this.discarded]) {
      const index = list.findIndex(({ attempt }) => attempt.recipient.text === text);
      if (index >= 0) list.splice(index, 1);
    }
  }

  /** Somebody who gets the message has waited for it. */
  delay(delayedMs: number | undefined): void {
    if (delayedMs !== undefined && delayedMs > 0) {
      this.#delayedMs = Math.max(this.#delayedMs ?? 0, delayedMs);
    }
  }
}
