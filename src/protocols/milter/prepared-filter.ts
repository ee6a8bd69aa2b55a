import { commandTable, type CommandSpec } from './commands.js';
import type { BodyEvent, EventName } from './events.js';
import type { MilterContext, MilterFilter, MaybePromise, Observer } from './filter.js';
import { wishesOf, type Wishes } from './negotiation.js';
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
  readonly wishes: Wishes;
  /** The end of the message is not among them: it has a context of its own. */
  readonly handlers: Readonly<
    Record<Exclude<EventName, 'eom'>, PreparedHandler<Session> | undefined>
  >;
  /** The body handler again, for a chunk that came with the end of the message. */
  readonly lastChunk: PreparedHandler<Session, BodyEvent> | undefined;
}

/** Derives what a filter asks for and how its handlers are called. */
export function prepareFilter<Session>(filter: MilterFilter<Session>): PreparedFilter<Session> {
  return {
    filter,
    wishes: wishesOf(filter),
    handlers: {
      connect: decoding(commandTable.connect, filter.connect),
      helo: decoding(commandTable.helo, filter.helo),
      mail: decoding(commandTable.mail, filter.mail),
      rcpt: decoding(commandTable.rcpt, filter.rcpt),
      data: decoding(commandTable.data, filter.data),
      header: decoding(commandTable.header, filter.header),
      eoh: decoding(commandTable.eoh, filter.eoh),
      body: decoding(commandTable.body, filter.body),
      unknown: decoding(commandTable.unknown, filter.unknown),
    },
    lastChunk: inOneShape(filter.body),
  };
}

type Given<Session, Event> =
  | ((session: Session, event: Event, context: MilterContext) => MaybePromise<Reply>)
  | Observer<Session, Event>
  | undefined;

function inOneShape<Session, Event>(
  given: Given<Session, Event>,
): PreparedHandler<Session, Event> | undefined {
  if (given === undefined || typeof given === 'function') return given;
  return (session, event, context) => {
    given.observe(session, event, context);
    return undefined;
  };
}

function decoding<Session, Event>(
  spec: CommandSpec<Event>,
  given: Given<Session, Event>,
): PreparedHandler<Session> | undefined {
  const handler = inOneShape(given);
  return handler && ((session, reader, context) => handler(session, spec.decode(reader), context));
}
