import { setTimeout as pause } from 'node:timers/promises';

/** What begins at a steady rate. */
export interface SteadyRate {
  readonly perSecond: number;
  /** At most so many. */
  readonly most: number;
  /** Begins one of them; nothing waits for it before all have begun. */
  readonly begin: (index: number) => Promise<void>;
  /** No other one begins when it is aborted. */
  readonly enough?: AbortSignal | undefined;
}

/**
 * Begins so many in each second, whether whoever is asked keeps up or not. Each begins when its time has come, by
 * a timer that may be a millisecond or two late: to wait for the moment itself would keep a processor busy all the
 * time, and the filter off it. Begins no other one once one has failed, and rejects when the others have ended.
 *
 * @returns how many there were, when all of them have ended
 */
export async function runAtRate({ perSecond, most, begin, enough }: SteadyRate): Promise<number> {
  const startedAt = performance.now();
  const under: Promise<void>[] = [];
  const failure = new AbortController();
  const over = AbortSignal.any(enough === undefined ? [failure.signal] : [failure.signal, enough]);
  for (let index = 0; index < most && !over.aborted; index++) {
    const left = startedAt + (index * 1000) / perSecond - performance.now();
    if (left > 0) await pause(left);
    const going = begin(index);
    // Whoever waits for all of them hears of it.
    going.catch(() => {
      failure.abort();
    });
    under.push(going);
  }
  await Promise.all(under);
  return under.length;
}
