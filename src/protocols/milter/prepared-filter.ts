import { commandTable } from './commands.js';
import type { BodyEvent, EventName } from './events.js';
import type { MilterContext, MilterFilter, MaybePromise, Observer } from './filter.js';
import { Negotiator, wishesOf } from './negotiation.js';
import type { PayloadReader } from './payload-reader.js';
import type { Reply } from './replies.js';

/** A handler of either kind together with its decoder; an observer returns nothing. */
export type PreparedHandler<Session, Payload = PayloadReader> = (
  session: Session,
  payload: Payload,
  context: MilterContext,
) => MaybePromise<Reply> | undefined;

/** A filter with all that is derived from it once, for any number of connections. */
export interface PreparedFilter<Session> {
  readonly filter: MilterFilter<Session>;
  readonly negotiator: Negotiator;
  /** The end of the message is not among them: it has a context of its own. */
  readonly handlers: Readonly<
    Record<Exclude<EventName, 'eom'>, PreparedHandler<Session> | undefined>
  >;
  /** The body handler again, for a chunk that came with the end of the message. */
  readonly lastChunk: PreparedHandler<Session, BodyEvent> | undefined;
}

/**
 * Derives what a filter asks for and how its handlers are called: as its methods, so that a filter
 * may be an object of a class.
 */
export function prepareFilter<Session>(filter: MilterFilter<Session>): PreparedFilter<Session> {
  return {
    filter,
    negotiator: new Negotiator(wishesOf(filter)),
    handlers: {
      connect: inOneShape(filter, filter.connect, commandTable.connect.decode),
      helo: inOneShape(filter, filter.helo, commandTable.helo.decode),
      mail: inOneShape(filter, filter.mail, commandTable.mail.decode),
      rcpt: inOneShape(filter, filter.rcpt, commandTable.rcpt.decode),
      data: inOneShape(filter, filter.data, commandTable.data.decode),
      header: inOneShape(filter, filter.header, commandTable.header.decode),
      eoh: inOneShape(filter, filter.eoh, commandTable.eoh.decode),
      body: inOneShape(filter, filter.body, commandTable.body.decode),
      unknown: inOneShape(filter, filter.unknown, commandTable.unknown.decode),
    },
    lastChunk: inOneShape(filter, filter.body, (event: BodyEvent) => event),
  };
}

type Given<Session, Event> =
  | ((session: Session, event: Event, context: MilterContext) => MaybePromise<Reply>)
  | Observer<Session, Event>
  | undefined;

function inOneShape<Session, Event, Payload>(
  filter: MilterFilter<Session>,
  given: Given<Session, Event>,
  read: (payload: Payload) => Event,
): PreparedHandler<Session, Payload> | undefined {
  if (given === undefined) return undefined;
  if (typeof given === 'function') {
    return (session, payload, context) => given.call(filter, session, read(payload), context);
  }
  return (session, payload, context) => {
    given.observe(session, read(payload), context);
    return undefined;
  };
}
