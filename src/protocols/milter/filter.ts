import type { Action } from './flags.js';
import type { MacroStage } from './commands.js';
import type {
  BodyEvent,
  ConnectEvent,
  EmptyEvent,
  EnvelopeEvent,
  EventName,
  HeaderEvent,
  HeloEvent,
  UnknownEvent,
} from './events.js';
import type { Agreement } from './negotiation.js';
import type { Reply } from './replies.js';

/** An answer at once, or later. A handler that answers at once costs no promise. */
export type MaybePromise<T> = T | Promise<T>;

/** What a handler may see and do at any stage. */
export interface MilterContext {
  readonly agreement: Agreement;
  /** The value of a macro, `i` or `{client_addr}`; undefined if the MTA did not send it. */
  macro(symbol: string): string | undefined;
  /** Aborts when the MTA has gone or the time for an answer is over: nobody waits any more. */
  readonly gone: AbortSignal;
  /**
   * Lets this answer take so much longer than the limit, for who makes a client wait on purpose. The
   * MTA has a limit of its own.
   */
  allowMore(ms: number): void;
}

/**
 * What is possible at the end of a message only. Changes are kept until the handler has answered,
 * and are sent if it answers `continue` or `accept`; with any other answer they would be void.
 * Each throws MilterProtocolError MILTER_ACTION_NOT_NEGOTIATED if its action was not agreed on, and
 * MILTER_REPLY_INVALID for what no MTA would take.
 */
export interface EndOfMessageContext extends MilterContext {
  /** Whether the MTA lets this filter do that. */
  may(action: Action): boolean;
  addHeader(name: string, value: string): void;
  insertHeader(position: number, name: string, value: string): void;
  changeHeader(name: string, index: number, value: string): void;
  deleteHeader(name: string, index: number): void;
  changeSender(address: string, args?: string): void;
  addRecipient(address: string, args?: string): void;
  deleteRecipient(address: string): void;
  replaceBody(body: Uint8Array): void;
  quarantine(reason: string): void;
  /** Restarts the MTA's timer. Sendmail drops a filter that says so at any other stage. */
  progress(): void;
}

type SessionReply = Reply<'continue' | 'accept' | 'reject' | 'tempfail' | 'replycode'>;
type MessageReply = SessionReply | Reply<'discard'>;
type BodyReply = MessageReply | Reply<'skip'>;

/** Answers an event. */
export type Responder<Session, Event, Answer = MessageReply, Context = MilterContext> = (
  session: Session,
  event: Event,
  context: Context,
) => MaybePromise<Answer>;

/**
 * Watches an event without ever answering it: the MTA is asked not to wait for an answer (NR_*), or
 * gets `continue` where it cannot do that. The MTA may then deliver it late, together with the next
 * event that wants an answer.
 */
export interface Observer<Session, Event> {
  readonly observe: (session: Session, event: Event, context: MilterContext) => void;
}

/** What happened on a connection that nobody had to answer. */
export type MilterIncident =
  'out-of-order' | 'malformed' | 'macros-dropped' | 'too-many-recipients';

/**
 * A filter: what it wants to see, what it answers, what it may change. Everything that is not here
 * is negotiated away, so that the MTA does not even send it. Handlers are called as methods of the
 * filter, which may be an object of a class.
 *
 * Handlers are called one after the other, never two at a time for one connection. Which answers a
 * handler may give is in its type. `reject`, `tempfail` and a custom reply refuse; what that ends is
 * said at each. The flags named are those that are agreed on where a handler is missing (`NO…`) or
 * only observes (`NR_…`); an MTA that does not know a flag sends the event, and gets `continue`.
 */
export interface MilterFilter<Session> {
  /** What may be changed at the end of a message. */
  readonly actions?: readonly Action[];
  /** Macros to ask for, by stage; without any, the MTA sends what its administrator set. */
  readonly macros?: Partial<Readonly<Record<MacroStage, readonly string[]>>>;
  /** Header values keep their leading blank (HDR_LEADSPC). */
  readonly leadingSpace?: boolean;
  /** RCPT also for recipients that the MTA refuses itself (RCPT_REJ); the answer is ignored. */
  readonly rejectedRecipients?: boolean;

  /** Once for each SMTP session, before its first event. */
  open(context: MilterContext): Session;
  /**
   * CONNECT: once for each session, first. Any answer but `continue` ends all events of the session;
   * a refusal is for the whole of it. Sendmail drops the text of a custom reply here. From version 2
   * on; suppressed by SMFIP_NOCONNECT, unanswered with SMFIP_NR_CONN.
   */
  readonly connect?:
    Responder<Session, ConnectEvent, SessionReply> | Observer<Session, ConnectEvent>;
  /**
   * HELO or EHLO: never, once or often (after STARTTLS), also between messages; it ends a message
   * that is under way. Any answer but `continue` ends all events of the session; the client sees a
   * refusal at MAIL. From version 2 on; suppressed by SMFIP_NOHELO, unanswered with SMFIP_NR_HELO.
   */
  readonly helo?: Responder<Session, HeloEvent, SessionReply> | Observer<Session, HeloEvent>;
  /**
   * MAIL: once for each message, and starts it, so that one still under way ends. Any answer but
   * `continue` ends the message. From version 2 on; suppressed by SMFIP_NOMAIL, unanswered with
   * SMFIP_NR_MAIL.
   */
  readonly mail?: Responder<Session, EnvelopeEvent> | Observer<Session, EnvelopeEvent>;
  /**
   * RCPT: once for each recipient that the MTA itself would take; with `rejectedRecipients` for
   * the others as well. A refusal is for this recipient only; `accept` and `discard` are for the
   * whole message. From version 2 on; suppressed by SMFIP_NORCPT, unanswered with SMFIP_NR_RCPT.
   */
  readonly rcpt?: Responder<Session, EnvelopeEvent> | Observer<Session, EnvelopeEvent>;
  /**
   * DATA: once for each message, before the client sends it; again after a refusal if the client
   * tries again. `accept` and `discard` end the message. From version 4 on; suppressed by
   * SMFIP_NODATA, unanswered with SMFIP_NR_DATA.
   */
  readonly data?: Responder<Session, EmptyEvent> | Observer<Session, EmptyEvent>;
  /**
   * A header field: once for each, after the client has sent all of the message. Any answer but
   * `continue` ends the message. From version 2 on; suppressed by SMFIP_NOHDRS, unanswered with
   * SMFIP_NR_HDR.
   */
  readonly header?: Responder<Session, HeaderEvent> | Observer<Session, HeaderEvent>;
  /**
   * The end of the header: once for each message. Any answer but `continue` ends the message. From
   * version 2 on; suppressed by SMFIP_NOEOH, unanswered with SMFIP_NR_EOH.
   */
  readonly eoh?: Responder<Session, EmptyEvent> | Observer<Session, EmptyEvent>;
  /**
   * A part of the body, of 65535 bytes at most, cut anywhere: often; never if the body is empty.
   * `skip` asks for no more of them; any other answer but `continue` ends the message. From version 2
   * on; suppressed by SMFIP_NOBODY, unanswered with SMFIP_NR_BODY.
   */
  readonly body?: Responder<Session, BodyEvent, BodyReply> | Observer<Session, BodyEvent>;
  /**
   * The end of the message: once for each that was not ended before. The only place for changes,
   * which count with `continue` and `accept`. From version 2 on; cannot be suppressed, and is always
   * answered.
   */
  readonly eom?: Responder<Session, EmptyEvent, MessageReply, EndOfMessageContext>;
  /**
   * A command that the MTA does not know: once for each, anywhere between CONNECT and DATA. From
   * version 3 on; suppressed by SMFIP_NOUNKNOWN, unanswered with SMFIP_NR_UNKN.
   */
  readonly unknown?:
    Responder<Session, UnknownEvent, SessionReply> | Observer<Session, UnknownEvent>;
  /**
   * The message ended without a verdict of this filter: ABORT, a new MAIL, HELO, or the connection
   * was lost. Not after an end of message.
   */
  abort?(session: Session): void;
  /** The SMTP session is over. */
  close?(session: Session): void;
  /**
   * The answer where a handler threw or rejected; `tempfail` without this. It is told of observers
   * that threw as well, but they go on to answer `continue`.
   */
  failed?(session: Session, event: EventName, error: unknown): SessionReply;
  /** The answer where a handler took longer than the limit; `tempfail` without this. */
  late?(session: Session, event: EventName): SessionReply;
}
