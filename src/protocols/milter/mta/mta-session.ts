import type { Duplex } from 'node:stream';
import { commandTable } from '../commands.js';
import { MilterProtocolError } from '../errors.js';
import type {
  CommandEvents,
  CommandName,
  ConnectEvent,
  EnvelopeEvent,
  EventName,
  Offer,
} from '../events.js';
import { stepFlags, versions } from '../flags.js';
import type { PayloadReader } from '../payload-reader.js';
import { readAgreement, type MtaAgreement } from './agreement.js';
import { AnswerCollector } from './answer-collector.js';
import type { FilterReply } from './answers.js';
import type { FilterFault } from './faults.js';
import { FilterChannel } from './filter-channel.js';
import { EventWriter } from './event-writer.js';
import type { Refusal } from './macros.js';
import type {
  EndOfMessageAnswer,
  MessageAnswer,
  MessageContent,
  MtaSessionOptions,
} from './mta-options.js';
import { MtaState, type Consequence } from './mta-state.js';
import type { MtaProfile } from './profiles.js';

const nobody: Promise<undefined> = Promise.resolve(undefined);
const noArguments: readonly string[] = [];
const noFaults: ReadonlySet<FilterFault> = new Set();
const nothing = Object.freeze({});
/** Both MTAs cut bodies here, and Sendmail sends no longer payload at all. */
const maxPayloadBytes = 65_535;
const noAgreement: MtaAgreement = { version: 0, actions: 0, steps: 0, macroLists: {} };

/**
 * The MTA's end of one connection to a filter, for one SMTP session. Each method is an event of that
 * session, in the order in which the SMTP client causes them; what the filter need not see is not
 * sent, with the macros, ABORTs and omissions of the MTA that is played. It resolves to the filter's
 * answer, or to undefined where none is due: suppressed, not to be answered, or out of its hands.
 *
 * The filter's faults end the session: the method rejects with a MilterProtocolError, as does every
 * later one, and the connection is closed; no MTA tries again before the next SMTP session.
 */
export class MtaSession {
  readonly #options: MtaSessionOptions;
  readonly #profile: MtaProfile;
  readonly #channel: FilterChannel;
  readonly #collector: AnswerCollector;
  readonly #state: MtaState;
  readonly #writer: EventWriter;
  #agreement = noAgreement;
  #isNegotiated = false;
  #countsReply = true;

  constructor(stream: Duplex, options: MtaSessionOptions) {
    this.#options = options;
    this.#profile = options.profile;
    this.#state = new MtaState(options.profile);
    this.#channel = new FilterChannel(stream, {
      // Sendmail's timers R and E.
      answerMs: options.answerMs ?? 10_000,
      patienceMs: options.patienceMs ?? 300_000,
      maxPacketBytes: options.maxPacketBytes ?? 1024 * 1024,
      maxAnswerBytes: options.maxAnswerBytes ?? 64 * 1024 * 1024,
      write: options.write,
      faultFound: (fault) => options.observe?.(fault, this.#collector.event),
      tolerates: options.lenient === true ? options.profile.tolerates : noFaults,
    });
    this.#collector = new AnswerCollector((fault, detail) => this.#channel.blame(fault, detail));
    this.#writer = new EventWriter(this.#channel.output, options, () => this.#state.hasQueueId);
  }

  /** What was agreed on; all zero before `open`. */
  get agreement(): MtaAgreement {
    return this.#agreement;
  }

  /** What ended the session, if the filter did. */
  get error(): MilterProtocolError | undefined {
    return this.#channel.error;
  }

  /** Whether the filter still takes part in the session. */
  get isOpen(): boolean {
    return this.#channel.isOpen;
  }

  /** Negotiates; first of all. */
  open(): Promise<MtaAgreement> {
    const { error } = this;
    if (error !== undefined) return Promise.reject(error);
    if (this.#isNegotiated || this.#channel.isAsking) return Promise.reject(misused());
    const offer = this.#options.offer ?? this.#profile.offer;
    this.#write('negotiate', offer);
    const taker = {
      take: (command: number, reader: PayloadReader) => this.#negotiated(command, reader, offer),
    };
    return this.#channel.ask(taker, () => this.#agreement);
  }

  /** A client has connected; the address is canonical text, without any prefix. */
  connect(event: ConnectEvent): Promise<FilterReply | undefined> {
    this.#writer.facts.client = event;
    return this.#send('connect', event);
  }

  /** HELO or EHLO; ends a transaction. */
  helo(name: string): Promise<FilterReply | undefined> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    this.#abort(this.#state.beforeHelo());
    const answer = this.#send('helo', { name });
    return answer === nobody ? this.#heloPassed() : answer;
  }

  /** STARTTLS has succeeded; a HELO follows. @throws MilterProtocolError as the events reject */
  startTls(): void {
    this.#throwRefusal();
    this.#abort(this.#state.startTls());
  }

  /** MAIL: a new message. The address as typed, usually in angle brackets. */
  mail(address: string, args = noArguments): Promise<FilterReply | undefined> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    this.#abort(this.#state.beforeMail());
    this.#writer.newMessage();
    this.#writer.facts.sender = address;
    return this.#send('mail', { address, args });
  }

  /**
   * A recipient; with `refusal` one that the MTA refuses itself, which the filter sees only if it
   * asked for that. Its answer then means nothing.
   */
  rcpt(address: string, args = noArguments, refusal?: Refusal): Promise<FilterReply | undefined> {
    this.#writer.facts.recipient = address;
    this.#writer.facts.refusal = refusal;
    if (refusal === undefined) return this.#send('rcpt', { address, args });
    return this.#sendRefused({ address, args });
  }

  /** DATA; for MTAs only with at least one recipient. */
  data(): Promise<FilterReply | undefined> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    this.#state.beforeData();
    return this.#send('data', nothing);
  }

  /** A header field; the value is everything behind the colon, its lines joined by CRLF or LF. */
  header(name: string, value: string): Promise<FilterReply | undefined> {
    return this.#send('header', {
      name,
      value: this.#writer.headerValue(name, value, this.#agreement.steps),
    });
  }

  /** The end of the header. */
  eoh(): Promise<FilterReply | undefined> {
    return this.#send('eoh', nothing);
  }

  /** A part of the body, of at most 65535 bytes. */
  body(chunk: Uint8Array): Promise<FilterReply | undefined> {
    return this.#send('body', { chunk: asBuffer(chunk) });
  }

  /** The end of the message; undefined if the filter has no more to say about it. */
  endOfMessage(): Promise<EndOfMessageAnswer | undefined> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    if (!this.#channel.isOpen) return nobody;
    if (!this.#state.sends('eom')) {
      this.#abort(this.#state.finish());
      return nobody;
    }
    this.#writer.writeMacros('eom');
    this.#write('eom', { chunk: emptyChunk });
    this.#collector.expect('eom', this.#agreement);
    return this.#channel.ask(this.#collector, this.#concludeMessage);
  }

  /**
   * The whole content: header, end of header, body in chunks, end of message. Stops at a verdict that
   * ends it; undefined if the filter gets none of it.
   */
  async message(content: MessageContent): Promise<MessageAnswer | undefined> {
    for (const [name, value] of content.headers ?? []) {
      const final = await this.#part('header', this.header(name, value));
      if (final !== undefined) return final;
    }
    const afterHeader = await this.#part('eoh', this.eoh());
    if (afterHeader !== undefined) return afterHeader;
    const body = asBuffer(content.body ?? emptyChunk);
    for (let at = 0; at < body.length; at += maxPayloadBytes) {
      const chunk = body.subarray(at, at + maxPayloadBytes);
      const final = await this.#part('body', this.body(chunk));
      if (final !== undefined) return final;
      await this.#channel.drained();
    }
    const answer = await this.endOfMessage();
    return answer && { event: 'eom', ...answer };
  }

  /** A command that the MTA does not know. */
  unknown(line: string): Promise<FilterReply | undefined> {
    return this.#send('unknown', { line });
  }

  /** RSET, or another filter has refused the message. @throws as `startTls` */
  reset(): void {
    this.#throwRefusal();
    this.#abort(this.#state.reset());
  }

  /** The client says QUIT. Resolves when the connection is closed. */
  quit(): Promise<void> {
    return this.#leave(true);
  }

  /** The client has vanished; how the MTA takes that depends on where it stands. */
  drop(): Promise<void> {
    return this.#leave(!(this.#profile.dropsSilentlyInData && this.#state.isInData));
  }

  /** Cuts the connection at once, as an MTA that is killed. */
  abandon(): void {
    this.#channel.abandon();
  }

  #negotiated(command: number, reader: PayloadReader, offer: Offer): boolean {
    if (command !== commandTable.negotiate.byte) {
      throw new MilterProtocolError(
        'MILTER_AGREEMENT_UNUSABLE',
        `the filter answered the offer with ${JSON.stringify(String.fromCharCode(command))}`,
      );
    }
    const { agreement, faults } = readAgreement(reader, offer, this.#profile.unknownMacroStage);
    for (const fault of faults) this.#channel.blame(fault, describeAgreement(agreement));
    this.#agreement = agreement;
    this.#writer.planMacros(agreement.macroLists);
    this.#isNegotiated = true;
    return true;
  }

  // `counts`: what is answered changes what the MTA does.
  #send<Name extends EventName>(
    name: Name,
    event: CommandEvents[Name],
    counts = true,
  ): Promise<FilterReply | undefined> {
    const refusal = this.#refusal();
    if (refusal !== undefined) return Promise.reject(refusal);
    if (!this.#channel.isOpen || !this.#state.sends(name)) return nobody;
    const { suppress, noReply } = commandTable[name];
    const { steps } = this.#agreement;
    const isKnown = this.#isKnown(name);
    const isSent = isKnown && (steps & suppress) === 0;
    const hasMacros = isSent || (isKnown && this.#profile.macrosWithoutEvent.has(name));
    if (hasMacros) this.#writer.writeMacros(name);
    if (isSent) this.#write(name, event);
    if (isSent && (steps & noReply) === 0) {
      this.#countsReply = counts;
      this.#collector.expect(name, this.#agreement);
      return this.#channel.ask(this.#collector, this.#conclude);
    }
    if (counts) this.#state.passed(name);
    this.#channel.flushIfLong();
    return this.error === undefined ? nobody : Promise.reject(this.error);
  }

  #sendRefused(event: EnvelopeEvent): Promise<FilterReply | undefined> {
    const isAsked = (this.#agreement.steps & stepFlags.rejectedRecipients) !== 0;
    if (isAsked) return this.#send('rcpt', event, false);
    const isShown = this.#profile.refusedRecipient === 'macros' && this.#state.sends('rcpt');
    if (isShown && this.#channel.isOpen) this.#writer.writeMacros('rcpt');
    return nobody;
  }

  // Called when the filter's verdict is there, before anybody hears of it.
  readonly #conclude = (): FilterReply => {
    const { event, reply } = this.#collector;
    if (!this.#countsReply) return reply;
    const consequence = this.#state.answered(event, reply);
    if (event === 'helo' && consequence === 'go-on') this.#abort(this.#state.afterHelo());
    this.#follow(consequence);
    return reply;
  };

  readonly #concludeMessage = (): EndOfMessageAnswer => {
    const { reply, changes, progress } = this.#collector;
    const consequence = this.#state.answered('eom', reply);
    this.#abort(this.#state.finish());
    this.#follow(consequence);
    return { reply, changes, progress };
  };

  #follow(consequence: Consequence): void {
    if (consequence === 'go-on') return;
    // Who asks next, or quits, hears of what went wrong here.
    this.#leave(consequence === 'quit').catch(() => undefined);
  }

  async #part(
    event: EventName,
    asked: Promise<FilterReply | undefined>,
  ): Promise<MessageAnswer | undefined> {
    if (asked === nobody) return undefined;
    const reply = await asked;
    if (reply === undefined || this.#state.sends('eom')) return undefined;
    this.#abort(this.#state.finish());
    return { event, reply, changes: [], progress: 0 };
  }

  #leave(says: boolean): Promise<void> {
    if (this.#channel.isAsking) return Promise.reject(misused());
    if (this.#channel.isOpen && says) {
      this.#abort(this.#state.quit());
      this.#write('quit', nothing);
    }
    return this.#channel.leave();
  }

  #heloPassed(): Promise<undefined> {
    this.#abort(this.#state.afterHelo());
    return nobody;
  }

  #abort(count: number): void {
    if (!this.#channel.isOpen) return;
    for (let written = 0; written < count; written++) this.#write('abort', nothing);
    if (count > 0 && this.#profile.aborts === 'eager') this.#channel.flush();
  }

  #write<Name extends CommandName>(name: Name, event: CommandEvents[Name]): void {
    const bytes = this.#writer.write(name, event);
    if (bytes <= 1 + maxPayloadBytes) return;
    // Sendmail gives the filter up rather than the message [T 32].
    const problem = `${name} of ${bytes} bytes`;
    this.#channel.fail(new MilterProtocolError('MILTER_PACKET_TOO_LONG', problem));
  }

  // Postfix sends all it has to a filter that answers a version below 2 [T 66, T 67].
  #isKnown(name: EventName): boolean {
    const { version } = this.#agreement;
    if (version < versions.lowest && this.#profile.sendsAllBelowVersion2) return true;
    return commandTable[name].since <= Math.max(version, versions.lowest);
  }

  #throwRefusal(): void {
    const refusal = this.#refusal();
    if (refusal !== undefined) throw refusal;
  }

  // Nothing more is to be had of a filter that has failed, nor two answers at a time.
  #refusal(): MilterProtocolError | undefined {
    if (this.#channel.error !== undefined) return this.#channel.error;
    return this.#isNegotiated && !this.#channel.isAsking ? undefined : misused();
  }
}

const emptyChunk = Buffer.alloc(0);

function misused(): MilterProtocolError {
  return new MilterProtocolError(
    'MILTER_SESSION_MISUSED',
    'an event before the negotiation, or while an answer is awaited',
  );
}

function describeAgreement({ version, actions, steps }: MtaAgreement): string {
  return `the filter answered version ${version}, actions ${actions.toString(16)}, steps ${steps.toString(16)}`;
}

function asBuffer(chunk: string | Uint8Array): Buffer {
  if (typeof chunk === 'string') return Buffer.from(chunk);
  return Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
}
