import type { Attempt } from '../../greylist/attempt.js';
import { parseEnvelopeAddress } from '../../mail/envelope-address.js';
import { verifiedName } from '../../mail/host-name.js';
import { parseIpAddress, type IpAddress } from '../../mail/ip-address.js';
import type {
  BodyEvent,
  ConnectEvent,
  EnvelopeEvent,
  HeaderEvent,
  MilterContext,
} from '../../protocols/milter/index.js';
import type { Answer, LookupSource } from '../../rules/lookups.js';
import { CountedOnce } from '../../rules/counted-once.js';
import { KeptBody } from '../answers/kept-body.js';
import { OwedAnswer } from '../answers/owed-answer.js';
import { verifiedSubject } from './verified-subject.js';
import { Transaction } from '../answers/transaction.js';

/** `: ` and the end of the line. */
const fieldOverhead = 4;
/** Far more than mail has; a bound for what a client can make us remember. */
const maxHeaders = 10_000;

/** What is remembered of one SMTP session while it lasts. */
export class MilterSession extends OwedAnswer {
  /** Stands for the queue id where the MTA has none yet. */
  readonly id: string;
  /** At DATA, or where an MTA has no such event at the end of the message. */
  readonly isAskedAgain = true;
  readonly counted = new CountedOnce();
  #clientAddress: IpAddress | undefined;
  #clientPort: number | undefined;
  #clientName: string | undefined;
  #naming: Promise<void> | undefined;
  #helo: string | undefined;
  #transaction: Transaction | undefined;

  constructor(id: string) {
    super();
    this.id = id;
  }

  get transaction(): Transaction | undefined {
    return this.#transaction;
  }

  connect(event: ConnectEvent): void {
    this.#clientAddress = event.family === 'unix' ? undefined : parseIpAddress(event.address);
    this.#clientPort = event.family === 'unknown' ? undefined : event.port;
    this.#clientName = verifiedName(event.hostName);
    this.#naming = undefined;
  }

  /** While the client's name is looked up. */
  get naming(): Promise<void> | undefined {
    return this.#naming;
  }

  /**
   * Looks a client up whom the MTA gives no name but its address in brackets. Without an answer it
   * has none, as before.
   */
  unbracket({ hostName }: ConnectEvent, source: LookupSource): void {
    const address = this.#clientAddress;
    if (address === undefined || !hostName.startsWith('[')) return;
    const keep = (answer: Answer<string | undefined>): void => {
      // By now there may be another client on the connection.
      if (this.#clientAddress !== address) return;
      this.#naming = undefined;
      if (answer.known) this.#clientName = answer.value;
    };
    const answer = source.forRecipient(address).clientName(address);
    if (answer instanceof Promise) this.#naming = answer.then(keep);
    else keep(answer);
  }

  helo(name: string): void {
    this.#helo = name;
    this.#transaction = undefined;
  }

  mail(event: EnvelopeEvent, context: MilterContext): void {
    this.#transaction = new Transaction(
      parseEnvelopeAddress(event.address),
      context.macro('{auth_authen}'),
    );
  }

  /** One recipient, with all that the MTA has told of it. */
  attempt(transaction: Transaction, event: EnvelopeEvent, context: MilterContext): Attempt {
    return {
      id: context.macro('i') ?? this.id,
      via: 'milter',
      clientAddress: this.#clientAddress,
      clientPort: this.#clientPort,
      clientName: this.#clientName,
      helo: this.#helo,
      sender: transaction.sender,
      recipient: parseEnvelopeAddress(event.address),
      login: transaction.login,
      certSubject: verifiedSubject(context),
      daemonName: context.macro('{daemon_name}'),
      accessMap: context.macro('{greylist}'),
    };
  }

  /** What is known before the first recipient: sender and recipient may be missing. */
  earlyAttempt(context: MilterContext): Attempt {
    const sender = parseEnvelopeAddress('');
    const transaction =
      this.#transaction ?? new Transaction(sender, context.macro('{auth_authen}'));
    return this.attempt(transaction, { address: '', args: [] }, context);
  }

  /**
   * A field of the message's header, kept for rules that look at it.
   *
   * @param hasBlank whether the value comes with the blank before it
   */
  header({ name, value: written }: HeaderEvent, hasBlank = false): void {
    const transaction = this.#transaction;
    if (transaction === undefined) return;
    const value = hasBlank ? written.replace(/^ /, '') : written;
    transaction.bytes += name.length + value.length + fieldOverhead;
    if (transaction.rawHeaders.length >= maxHeaders) return;
    transaction.rawHeaders.push([name, hasBlank ? written : withUsualBlank(value)]);
  }

  /**
   * A part of the body; only its length is kept, unless somebody wants to see it.
   *
   * @param limit how many bytes of a body are kept then
   */
  body({ chunk }: BodyEvent, limit?: number): void {
    const transaction = this.#transaction;
    if (transaction === undefined) return;
    transaction.bytes += chunk.length;
    if (limit === undefined) return;
    transaction.body ??= new KeptBody(limit);
    transaction.body.add(chunk);
  }

  /** Nothing of a message leaks into the next one. */
  endMessage(): void {
    this.#transaction = undefined;
    this.abandon();
  }
}

/** An MTA that cannot keep the blank before a value has taken it away, and hardly any has none. */
function withUsualBlank(value: string): string {
  return value === '' || value.startsWith('\n') ? value : ` ${value}`;
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';

/** Makes ids that no other session of this or an earlier run of the daemon has. */
export function createSessionIds(startedAt: number): () => string {
  const prefix = Math.floor(startedAt / 1000).toString(36);
  let count = 0;
  let high = '';
  return () => {
    count += 1;
    const low = count % DIGITS.length;
    // To write a number to another base takes longer than all else about an id.
    if (low === 0) high = (count / DIGITS.length).toString(DIGITS.length);
    return `s${prefix}.${high}${DIGITS.charAt(low)}`;
  };
}
