import { commandTable } from './commands.js';
import { EndOfMessage } from './end-of-message.js';
import { MilterProtocolError } from './errors.js';
import type { BodyEvent, CommandName, EventName } from './events.js';
import type { MaybePromise, MilterContext, MilterFilter, MilterIncident } from './filter.js';
import { stepFlags } from './flags.js';
import type { MilterLimits } from './limits.js';
import { MacroStore } from './macro-store.js';
import { wantsAnswer, type Agreement } from './negotiation.js';
import type { PayloadReader } from './payload-reader.js';
import type { PreparedFilter } from './prepared-filter.js';
import { replies, type Reply } from './replies.js';
import { step, stepAfterReply, type Phase, type Step } from './session-state.js';

/** What a session needs from the connection that carries it. */
export interface SessionHost<Session> {
  /** The filter of the moment; asked at the negotiation, and for each SMTP session. */
  prepare(): PreparedFilter<Session>;
  /** Puts a packet into the output of this turn. */
  send(packet: Buffer): void;
  /** A handler that took its time has been answered for: go on with what is buffered. */
  resume(): void;
  incident(kind: MilterIncident, command: CommandName): void;
  negotiated(agreement: Agreement): void;
  handlerFailed(event: EventName | 'abort' | 'close', error: unknown): void;
}

interface Pending {
  readonly event: EventName;
}

/** One object for a session's state, so that "is there one?" is a question of type. */
interface Open<Session> {
  readonly state: Session;
}

const noAgreement: Agreement = { version: 0, actions: 0, steps: 0 };

/**
 * The filter's side of one connection without its socket: commands in, packets out. Exactly one
 * answer for each event that wants one, none for any other.
 */
export class FilterSession<Session> implements MilterContext {
  readonly #host: SessionHost<Session>;
  readonly #limits: MilterLimits;
  readonly #macros: MacroStore;
  #prepared: PreparedFilter<Session> | undefined;
  #agreement = noAgreement;
  #phase: Phase = 'start';
  #open: Open<Session> | undefined;
  #recipients = 0;
  #allowedMs = 0;
  #pending: Pending | undefined;
  #gone: AbortController | undefined;
  #endOfMessage: EndOfMessage | undefined;

  constructor(host: SessionHost<Session>, limits: MilterLimits) {
    this.#host = host;
    this.#limits = limits;
    this.#macros = new MacroStore(limits);
  }

  get agreement(): Agreement {
    return this.#agreement;
  }

  get gone(): AbortSignal {
    this.#gone ??= new AbortController();
    return this.#gone.signal;
  }

  macro(symbol: string): string | undefined {
    return this.#macros.get(symbol);
  }

  allowMore(ms: number): void {
    this.#allowedMs += ms;
  }

  /** How much longer than the limit the answer that is under way may take. */
  get allowedMs(): number {
    return this.#allowedMs;
  }

  /** Whether the MTA has made its offer, and got the answer. */
  get isNegotiated(): boolean {
    return this.#prepared !== undefined;
  }

  /** A handler is thinking; no further command may be handed in until `resume`. */
  get isPending(): boolean {
    return this.#pending !== undefined;
  }

  /**
   * Takes one command.
   *
   * @returns whether the connection goes on
   * @throws MilterProtocolError for what ends the connection
   */
  take(command: CommandName, reader: PayloadReader): boolean {
    const next = step(this.#phase, command, this.#agreement.steps);
    this.#leave(next);
    switch (next.effect) {
      case 'close':
        if (next.error === undefined) return false;
        throw new MilterProtocolError(next.error, `unexpected ${command}`);
      case 'ignore':
        if (command === 'macro') this.#takeMacros(reader);
        else if (command === 'quitNc') this.#macros.clear();
        return true;
      case 'continue':
        this.#host.incident('out-of-order', command);
        if (isEvent(command)) this.#answer(command, replies.continue);
        return true;
      case 'handle':
        if (command === 'negotiate') this.#negotiate(reader);
        else if (isEvent(command)) this.#takeEvent(command, reader, this.#snapshot());
        return true;
    }
  }

  /** Answers for a handler that is over its time; what it says later is not heard. */
  giveUp(): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#host.handlerFailed(pending.event, new Error('no answer within the limit'));
    this.#forgetPending();
    const { event } = pending;
    this.#conclude(
      event,
      this.#fallback(event, (filter, state) => filter.late?.(state, event)),
    );
    this.#host.resume();
  }

  /** The connection is over: ends the message and the session that were under way. */
  end(): void {
    this.#forgetPending();
    if (this.#phase === 'message') this.#endMessage();
    this.#endSession();
    this.#phase = 'over';
  }

  #leave(next: Step): void {
    if (next.endsMessage) this.#endMessage();
    if (next.endsSession) this.#endSession();
    if (this.#phase !== 'message') this.#recipients = 0;
    this.#phase = next.next;
  }

  #negotiate(reader: PayloadReader): void {
    const offer = commandTable.negotiate.decode(reader);
    this.#prepared = this.#host.prepare();
    const { agreement, packet } = this.#prepared.negotiator.answer(offer);
    this.#agreement = agreement;
    this.#host.send(packet);
    this.#host.negotiated(agreement);
  }

  // A connection may carry several SMTP sessions (QUIT_NC), and the filter be replaced in between;
  // what was negotiated stays.
  #snapshot(): PreparedFilter<Session> {
    if (this.#open === undefined || this.#prepared === undefined) {
      this.#prepared = this.#host.prepare();
    }
    return this.#prepared;
  }

  #takeMacros(reader: PayloadReader): void {
    const packet = commandTable.macro.decode(reader);
    if (!this.#macros.announce(packet, this.#agreement.steps)) {
      this.#host.incident('macros-dropped', 'macro');
    }
  }

  #takeEvent(event: EventName, reader: PayloadReader, prepared: PreparedFilter<Session>): void {
    this.#macros.arrive(event);
    this.#allowedMs = 0;
    if (needsText.has(event) && reader.remaining === 0) {
      this.#host.incident('malformed', event);
      this.#answer(event, replies.continue);
    } else if (event === 'rcpt' && ++this.#recipients > this.#limits.recipients) {
      this.#host.incident('too-many-recipients', event);
      this.#answer(event, replies.tempfail);
    } else {
      this.#settle(event, this.#call(event, reader, prepared));
    }
  }

  #call(
    event: EventName,
    reader: PayloadReader,
    prepared: PreparedFilter<Session>,
  ): MaybePromise<Reply> | undefined {
    try {
      if (event === 'eom') {
        return this.#callEndOfMessage(prepared, commandTable.eom.decode(reader));
      }
      const handler = prepared.handlers[event];
      return handler && handler(this.#state(prepared), reader, this);
    } catch (error) {
      const reply = this.#failed(event, error);
      return typeof prepared.filter[event] === 'function' ? reply : undefined;
    }
  }

  // The protocol lets the end of the message carry a last chunk; it is one more body event, whose
  // answer counts only if it ends the message.
  #callEndOfMessage(
    prepared: PreparedFilter<Session>,
    event: BodyEvent,
  ): MaybePromise<Reply> | undefined {
    const { filter, lastChunk } = prepared;
    const state = this.#state(prepared);
    const finish = (): MaybePromise<Reply> | undefined => {
      if (filter.eom === undefined) return undefined;
      this.#endOfMessage = new EndOfMessage(this, (packet) => this.#host.send(packet));
      return filter.eom(state, {}, this.#endOfMessage);
    };
    if (event.chunk.length === 0 || lastChunk === undefined) return finish();
    const { gone } = this;
    let last: MaybePromise<Reply> | undefined;
    try {
      last = lastChunk(state, event, this);
    } catch (error) {
      if (typeof filter.body === 'function') throw error;
      this.#failed('body', error);
    }
    return Promise.resolve(last).then((reply) => {
      if (gone.aborted) return replies.tempfail; // nobody waits any more
      return reply === undefined || goesOn(reply) ? (finish() ?? replies.continue) : reply;
    });
  }

  #settle(event: EventName, answer: MaybePromise<Reply> | undefined): void {
    if (!(answer instanceof Promise)) {
      this.#conclude(event, answer ?? replies.continue);
      return;
    }
    const pending = { event };
    this.#pending = pending;
    const finish = (reply: () => Reply): void => {
      if (this.#pending !== pending) return;
      this.#pending = undefined;
      this.#conclude(event, reply());
      this.#host.resume();
    };
    void answer.then(
      (reply) => finish(() => reply),
      (error: unknown) => finish(() => this.#failed(event, error)),
    );
  }

  #conclude(event: EventName, reply: Reply): void {
    const changes = this.#endOfMessage?.conclude(reply) ?? [];
    this.#endOfMessage = undefined;
    // The MTA of an event that is not answered has gone on already, whatever is said here.
    if (wantsAnswer(this.#agreement, event)) {
      this.#phase = stepAfterReply(this.#phase, event, reply.kind);
    }
    this.#answer(event, reply, changes);
  }

  #answer(event: EventName, reply: Reply, changes: readonly Buffer[] = []): void {
    if (!wantsAnswer(this.#agreement, event)) return;
    const unheard = reply.kind === 'skip' && (this.#agreement.steps & stepFlags.skip) === 0;
    const { bytes } = unheard ? replies.continue : reply;
    this.#host.send(changes.length === 0 ? bytes : Buffer.concat([...changes, bytes]));
  }

  // What was collected before a failure is not to be half done.
  #failed(event: EventName, error: unknown): Reply {
    this.#endOfMessage?.conclude(replies.tempfail);
    this.#endOfMessage = undefined;
    this.#host.handlerFailed(event, error);
    return this.#fallback(event, (filter, state) => filter.failed?.(state, event, error));
  }

  // Called from timers and rejected promises, where what is thrown would end the process.
  #fallback(
    event: EventName,
    ask: (filter: MilterFilter<Session>, state: Session) => Reply | undefined,
  ): Reply {
    const open = this.#open;
    try {
      const reply = open && this.#prepared && ask(this.#prepared.filter, open.state);
      return reply ?? replies.tempfail;
    } catch (error) {
      this.#host.handlerFailed(event, error);
      return replies.tempfail;
    }
  }

  #state(prepared: PreparedFilter<Session>): Session {
    this.#open ??= { state: prepared.filter.open(this) };
    return this.#open.state;
  }

  #forgetPending(): void {
    this.#pending = undefined;
    this.#endOfMessage?.conclude(replies.tempfail);
    this.#endOfMessage = undefined;
    this.#gone?.abort();
    this.#gone = undefined;
  }

  #endMessage(): void {
    this.#recipients = 0;
    const open = this.#open;
    if (open !== undefined) this.#tell('abort', () => this.#prepared?.filter.abort?.(open.state));
  }

  #endSession(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open !== undefined) this.#tell('close', () => this.#prepared?.filter.close?.(open.state));
  }

  #tell(event: 'abort' | 'close', call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#host.handlerFailed(event, error);
    }
  }
}

const needsText: ReadonlySet<EventName> = new Set<EventName>(['helo', 'rcpt', 'header', 'unknown']);

function goesOn(reply: Reply): boolean {
  return reply.kind === 'continue' || reply.kind === 'skip';
}

function isEvent(command: CommandName): command is EventName {
  return commandTable[command].answered && command !== 'negotiate';
}
