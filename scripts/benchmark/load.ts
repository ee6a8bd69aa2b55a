/**
 * The load: SMTP sessions as a Postfix would pass them on. A process of its own, told what to do by
 * messages.
 */
import { runMilter, type MilterOrder } from './milter-load.js';
import { runPolicy, type PolicyOrder } from './policy-load.js';
import { percentile } from './statistics.js';

/** What there is to do in one turn. */
export type LoadOrder = MilterOrder | PolicyOrder;

/** What came of it. */
export interface LoadResult {
  readonly seconds: number;
  /** How long answers to RCPT took, in microseconds. */
  readonly answerUs: Readonly<Record<'p50' | 'p99' | 'p999' | 'max', number>>;
}

/** How long each answer took, in microseconds, and all of them together, in seconds. */
export interface Taken {
  readonly seconds: number;
  readonly took: Float64Array;
}

async function run(order: LoadOrder): Promise<LoadResult> {
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

process.on('message', (order: LoadOrder) => {
  run(order).then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
