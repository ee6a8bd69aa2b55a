import { setTimeout as pause } from 'node:timers/promises';
import {
  connectFilter,
  MtaSession,
  mtaProfiles,
  stepFlags,
  type FilterAddress,
  type FilterReply,
} from '../../src/protocols/milter/index.js';
import { filterAddress } from './address.js';
import type { Taken } from './load.js';
import { sampleMessage } from './sample-message.js';
import { runAtRate } from './steady-rate.js';
import { triplet } from './triplet.js';

/** One turn of SMTP sessions, each a connection of its own unless it says otherwise. */
export interface MilterOrder {
  /** A path, or an address such as `inet:10033@127.0.0.1`. */
  readonly path: string;
  /** Messages, in sessions of {@link perSession}. */
  readonly sessions: number;
  /** Sessions that are open at a time, each beginning when another has ended. */
  readonly atOnce: number;
  /**
   * Instead of so many at once: so many in a second, whether the filter keeps up or not. None waits
   * for an answer to another, so a filter that stalls is asked all the same.
   */
  readonly rate?: number | undefined;
  /** The number of the first triplet, and after how many they begin again. */
  readonly first: number;
  readonly triplets: number;
  /** What RCPT has to be answered; anything else fails the benchmark. */
  readonly expected: 'replycode' | 'continue' | 'any';
  /** Of each ten sessions so many are of triplets that pass, whose numbers are below `known`. */
  readonly mixed?: { readonly ofTen: number; readonly known: number } | undefined;
  /** Of each message; 1 without it. */
  readonly recipients?: number | undefined;
  /**
   * Each message has header and body, and is seen to its end; nothing of the protocol can be turned
   * off, so that each event is sent and answered.
   */
  readonly whole?: boolean | undefined;
  /** Messages in each session, of one sender after the other; 1 without it. */
  readonly perSession?: number | undefined;
  /** How long each message waits before RCPT, on average, as for a client that is far; not at all without it. */
  readonly restMs?: number | undefined;
}

/** A machine that is too busy is slow, and no failure. */
const ANSWER_MS = 60_000;

const profile = mtaProfiles.postfix;

/**
 * An MTA that lets no event be suppressed, and waits for an answer to each. Without any flag at all it
 * would be taken for one of version 1, which lets some.
 */
const everything = { ...profile.offer, steps: stepFlags.leadingSpace };

/** What one message is to be. */
interface Message {
  readonly number: number;
  readonly expected: MilterOrder['expected'];
}

/** Says MAIL, RCPT and what follows them; notes how long each recipient waited for the answer. */
async function sendMessage(
  mta: MtaSession,
  order: MilterOrder,
  { index, took }: Pick<Times, 'took'> & { readonly index: number },
): Promise<void> {
  const { number, expected } = messageOf(order, index);
  const { from, to } = triplet(number);
  const { recipients = 1, whole = false } = order;
  await mta.mail(`<${from}>`, ['SIZE=1000']);
  if (order.restMs !== undefined) await pause(order.restMs * (0.5 + Math.random()));
  for (let at = 0; at < recipients; at++) {
    const askedAt = performance.now();
    check(await mta.rcpt(at === 0 ? `<${to}>` : `<r${at}.${to}>`), { number, expected });
    took[index * recipients + at] = 1000 * (performance.now() - askedAt);
  }
  if (whole) {
    await mta.data();
    await mta.message(sampleMessage);
  }
}

function check(reply: FilterReply | undefined, { number, expected }: Message): void {
  const kind = reply?.kind ?? 'nothing';
  if (kind !== expected && (expected !== 'any' || reply === undefined)) {
    throw new Error(`RCPT of triplet ${number} was answered ${kind}`);
  }
}

function messageOf(order: MilterOrder, index: number): Message {
  const { first, triplets, mixed, expected } = order;
  if (mixed !== undefined && index % 10 < mixed.ofTen)
    return { number: index % mixed.known, expected: 'continue' };
  return { number: first + (index % triplets), expected };
}

/** How long answers took, in microseconds: those to the recipients of one message after those of the other. */
type Times = Pick<Taken, 'took' | 'sessionTook'>;

/** One session; notes how long each of its messages' recipients waited. */
async function session(
  order: MilterOrder,
  to: FilterAddress,
  { from, took, sessionTook }: Times & { readonly from: number },
): Promise<void> {
  const { perSession = 1, sessions } = order;
  const begunAt = performance.now();
  const { client } = triplet(messageOf(order, from).number);
  const offer = order.whole === true ? everything : undefined;
  const options = { profile, answerMs: ANSWER_MS, ...(offer && { offer }) };
  const mta = new MtaSession(await connectFilter(to), options);
  await mta.open();
  await mta.connect(client);
  await mta.helo(client.hostName);
  for (let index = from; index < Math.min(from + perSession, sessions); index++) {
    if (index > from) mta.reset();
    await sendMessage(mta, order, { index, took });
    sessionTook[index] = 1000 * (performance.now() - begunAt);
  }
  await mta.quit();
}

/**
 * Runs the sessions of a turn. Rejects if one is not answered as expected.
 *
 * @param enough no other session begins when it is aborted
 */
export async function runMilter(order: MilterOrder, enough?: AbortSignal): Promise<Taken> {
  const to = filterAddress(order.path);
  const { recipients = 1 } = order;
  const times = {
    took: new Float64Array(order.sessions * recipients),
    sessionTook: new Float64Array(order.sessions),
  };
  const startedAt = performance.now();
  const begun = await (order.rate === undefined
    ? runAtOnce(order, { to, times, enough })
    : runAtRate({
        ...{ perSecond: order.rate, most: order.sessions, enough },
        begin: (from) => session(order, to, { from, ...times }),
      }));
  return {
    seconds: (performance.now() - startedAt) / 1000,
    took: times.took.subarray(0, begun * recipients),
    sessionTook: times.sessionTook.subarray(0, begun),
  };
}

/** What all sessions of a turn have in common. */
interface TurnParts {
  readonly to: FilterAddress;
  readonly times: Times;
  readonly enough: AbortSignal | undefined;
}

/** @returns how many messages there were */
async function runAtOnce(order: MilterOrder, { to, times, enough }: TurnParts): Promise<number> {
  const { sessions, atOnce, perSession = 1 } = order;
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < sessions && enough?.aborted !== true) {
      const from = begun;
      begun += perSession;
      await session(order, to, { from, ...times });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return Math.min(begun, sessions);
}
