/**
 * The load: SMTP sessions as a Postfix would pass them on, a number of them at once, each beginning
 * when another has ended. A process of its own, told what to do by messages.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { connectFilter, MtaSession, mtaProfiles } from '../../src/protocols/milter/index.js';
import { runPolicy, type PolicyOrder } from './policy-load.js';
import { percentile } from './statistics.js';
import { triplet } from './triplet.js';

/** One turn. */
export interface LoadOrder {
  readonly path: string;
  readonly sessions: number;
  readonly atOnce: number;
  /** The number of the first triplet, and after how many they begin again. */
  readonly first: number;
  readonly triplets: number;
  /** What RCPT has to be answered; anything else fails the benchmark. */
  readonly expected: 'replycode' | 'continue';
  /** How long each session waits before RCPT, on average, as for a client that is far; not at all without it. */
  readonly restMs?: number;
}

/** What came of it. */
export interface LoadResult {
  readonly seconds: number;
  /** From RCPT to its answer, in microseconds. */
  readonly answerUs: Readonly<Record<'p50' | 'p99' | 'p999' | 'max', number>>;
}

/** A machine that is too busy is slow, and no failure. */
const ANSWER_MS = 60_000;

async function session(order: LoadOrder, number: number): Promise<number> {
  const { client, from, to } = triplet(number);
  const stream = await connectFilter({ path: order.path });
  const mta = new MtaSession(stream, { profile: mtaProfiles.postfix, answerMs: ANSWER_MS });
  await mta.open();
  await mta.connect(client);
  await mta.helo(client.hostName);
  await mta.mail(`<${from}>`, ['SIZE=1000']);
  if (order.restMs !== undefined) await pause(order.restMs * (0.5 + Math.random()));
  const askedAt = performance.now();
  const reply = await mta.rcpt(`<${to}>`);
  const took = performance.now() - askedAt;
  if (reply?.kind !== order.expected) {
    throw new Error(`RCPT of triplet ${number} was answered ${reply?.kind ?? 'nothing'}`);
  }
  await mta.quit();
  return took * 1000;
}

async function runMilter(
  order: LoadOrder,
): Promise<{ readonly seconds: number; readonly took: Float64Array }> {
  const took = new Float64Array(order.sessions);
  let begun = 0;
  const worker = async (): Promise<void> => {
    while (begun < order.sessions) {
      const index = begun++;
      took[index] = await session(order, order.first + (index % order.triplets));
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: order.atOnce }, worker));
  return { seconds: (performance.now() - startedAt) / 1000, took };
}

async function run(order: LoadOrder | PolicyOrder): Promise<LoadResult> {
  const { seconds, took } = await ('requests' in order ? runPolicy(order) : runMilter(order));
  took.sort();
  return {
    seconds,
    answerUs: {
      p50: percentile(took, 0.5),
      p99: percentile(took, 0.99),
      p999: percentile(took, 0.999),
      max: percentile(took, 1),
    },
  };
}

process.on('message', (order: LoadOrder | PolicyOrder) => {
  run(order).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
