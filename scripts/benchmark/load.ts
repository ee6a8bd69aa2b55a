/**
 * The load: SMTP sessions as a Postfix would pass them on. A process of its own, told what to do by
 * messages.
 */
import { runMilter, type MilterOrder } from './milter-load.js';
import { runPolicy, type PolicyOrder } from './policy-load.js';
import { percentile } from './statistics.js';

/** What there is to do in one turn. */
export type LoadOrder = MilterOrder | PolicyOrder;

/** What the process is told: to run a turn, or to begin no other session of it. */
export type LoadWish = LoadOrder | 'enough';

/** What came of it. */
export interface LoadResult {
  readonly seconds: number;
  /** How long answers to RCPT took, in microseconds. */
  readonly answerUs: Percentiles;
  /** The same from the beginning of their sessions. */
  readonly sessionUs: Percentiles;
}

/** How long most take, and the slowest. */
export type Percentiles = Readonly<Record<'p50' | 'p99' | 'p999' | 'max', number>>;

/** How long each answer took, in microseconds, and all of them together, in seconds. */
export interface Taken {
  readonly seconds: number;
  readonly took: Float64Array;
  /** From the beginning of the session: the connection, for the milter protocol. */
  readonly sessionTook: Float64Array;
}

/** Aborted when it is told that the turn has lasted long enough. */
let enough = new AbortController();

async function run(order: LoadOrder): Promise<LoadResult> {
  enough = new AbortController();
  const taken = await ('requests' in order ? runPolicy(order) : runMilter(order, enough.signal));
  const { seconds, took, sessionTook } = taken;
  return { seconds, answerUs: percentiles(took), sessionUs: percentiles(sessionTook) };
}

function percentiles(took: Float64Array): Percentiles {
  const sorted = took.toSorted();
  const at = (part: number): number => percentile(sorted, part);
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) };
}

// Whoever has started it may have been killed.
process.once('disconnect', () => process.exit());
process.on('message', (wish: LoadWish) => {
  if (wish === 'enough') {
    enough.abort();
    return;
  }
  run(wish).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
