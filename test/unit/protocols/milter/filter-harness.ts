import { duplexPair, type Duplex } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import {
  MilterConnection,
  type ConnectionHost,
} from '../../../../src/protocols/milter/connection.js';
import type { EventName } from '../../../../src/protocols/milter/events.js';
import type {
  EndOfMessageContext,
  MaybePromise,
  MilterContext,
  MilterFilter,
} from '../../../../src/protocols/milter/filter.js';
import { defaultLimits, type MilterLimits } from '../../../../src/protocols/milter/limits.js';
import { prepareFilter } from '../../../../src/protocols/milter/prepared-filter.js';
import { replies, type Reply } from '../../../../src/protocols/milter/replies.js';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.js';
import { splitPackets } from '../../../support/packet-builder.js';

/** Answers an event; by default with `continue`. */
export type Answer = (
  event: EventName,
  payload: unknown,
  context: MilterContext,
) => MaybePromise<Reply>;

/** What a test filter says at the end of a message. */
export type FinalAnswer = (context: EndOfMessageContext) => MaybePromise<Reply>;

type PlainReply = Reply<'continue' | 'accept' | 'reject' | 'tempfail' | 'replycode'>;

/** A filter that handles everything, and writes down what it is called with. */
export interface RecordingFilter {
  readonly filter: MilterFilter<{ readonly id: number }>;
  /** `open 1`, `helo client.example`, `abort 1`, `close 1`. */
  readonly calls: string[];
}

const sayContinue = (): Reply => replies.continue;

/** Creates a filter that handles everything; `more` replaces parts of it. */
export function recordingFilter(
  answer: Answer = sayContinue,
  more: Partial<MilterFilter<{ readonly id: number }>> = {},
  final: FinalAnswer = sayContinue,
): RecordingFilter {
  const calls: string[] = [];
  let sessions = 0;
  const respond =
    (name: EventName) =>
    (_session: unknown, event: unknown, context: MilterContext): MaybePromise<PlainReply> => {
      calls.push(describe(name, event));
      return narrow(answer(name, event, context));
    };
  const filter: MilterFilter<{ readonly id: number }> = {
    open: () => {
      calls.push(`open ${++sessions}`);
      return { id: sessions };
    },
    connect: respond('connect'),
    helo: respond('helo'),
    mail: respond('mail'),
    rcpt: respond('rcpt'),
    data: respond('data'),
    header: respond('header'),
    eoh: respond('eoh'),
    body: respond('body'),
    unknown: respond('unknown'),
    eom: (_session, _event, context) => {
      calls.push('eom');
      return narrow(final(context));
    },
    abort: ({ id }) => calls.push(`abort ${id}`),
    close: ({ id }) => calls.push(`close ${id}`),
    ...more,
  };
  return { filter, calls };
}

// The types of the handlers forbid replies that mean nothing at a stage; tests send them on purpose.
function narrow(reply: MaybePromise<Reply>): MaybePromise<PlainReply> {
  return reply as MaybePromise<PlainReply>;
}

function describe(name: EventName, event: unknown): string {
  const values = Object.values(event ?? {}).map((value) =>
    Buffer.isBuffer(value) ? value.toString('latin1') : String(value),
  );
  return [name, ...values].join(' ').trimEnd();
}

/** A connection under test with the MTA's end of it. */
export interface Harness {
  readonly mta: Duplex;
  /** The filter's end of it; destroying one end does not tell the other. */
  readonly socket: Duplex;
  readonly connection: { tick(): boolean; destroy(): void };
  readonly clock: ManualClock;
  /** When a handler began to think. */
  readonly thoughts: number[];
  /** `out-of-order rcpt` */
  readonly incidents: string[];
  /** Versions that were agreed on. */
  readonly negotiated: readonly number[];
  /** `rcpt: the error's message` */
  readonly failures: string[];
  /** One entry for each time it closed: the code, or `normal`. */
  readonly endings: string[];
  /** Packets from the filter that no `exchange` has returned yet. */
  readonly packets: { command: string; payload: Buffer }[];
  /** How many times the filter has written. */
  readonly writes: () => number;
  /** Sends packets in one piece, and returns the letters of all answers to them. */
  readonly exchange: (...packets: readonly Uint8Array[]) => Promise<string>;
}

/** Opens a connection for a filter. */
export function openConnection<Session>(
  filter: MilterFilter<Session>,
  limits: Partial<MilterLimits> = {},
): Harness {
  const [mta, socket] = duplexPair();
  const clock = createManualClock();
  const prepared = prepareFilter(filter);
  const thoughts: number[] = [];
  const incidents: string[] = [];
  const negotiated: number[] = [];
  const failures: string[] = [];
  const endings: string[] = [];
  const packets: { command: string; payload: Buffer }[] = [];
  let written = 0;
  const host: ConnectionHost<Session> = {
    prepare: () => prepared,
    now: clock.now,
    incident: (kind, command) => incidents.push(`${kind} ${command}`),
    negotiated: ({ version }) => negotiated.push(version),
    thinking: () => thoughts.push(clock.now()),
    handlerFailed: (event, error) => failures.push(`${event}: ${String(error)}`),
    closed: (_connection, error) => endings.push(error?.code ?? 'normal'),
  };
  const connection = new MilterConnection(socket, host, { ...defaultLimits, ...limits });
  mta.on('data', (chunk: Buffer) => {
    written++;
    packets.push(...splitPackets(chunk));
  });
  mta.on('error', () => undefined);
  mta.on('end', () => mta.end());
  const exchange = async (...sent: readonly Uint8Array[]): Promise<string> => {
    mta.write(Buffer.concat(sent));
    await turn();
    return packets
      .splice(0)
      .map(({ command }) => command)
      .join('');
  };
  const writes = (): number => written;
  return {
    mta,
    socket,
    connection,
    clock,
    thoughts,
    incidents,
    negotiated,
    failures,
    endings,
    packets,
    writes,
    exchange,
  };
}

/** Lets everything happen that is on its way. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 3; turns++) await turn();
}

/** The letters of all answers that nobody has looked at yet. */
export function letters({ packets }: Harness): string {
  return packets
    .splice(0)
    .map(({ command }) => command)
    .join('');
}

/** A reply that a test gives when it likes. */
export function deferred(): {
  readonly promise: Promise<Reply>;
  readonly resolve: (reply: Reply) => void;
} {
  let resolve: (reply: Reply) => void = () => undefined;
  const promise = new Promise<Reply>((settled) => (resolve = settled));
  return { promise, resolve };
}
