import type { DaemonCounts } from './daemon-counts.js';

/** Sees what begins or ends while no mail comes. */
export interface ImpairmentWatch {
  stop(): void;
}

/** What is watched. */
export type WatchedCounts = Pick<DaemonCounts, 'impairments' | 'store' | 'milter' | 'policy'>;

/** An outage is told within this time, without any mail; to ask the store costs some microseconds. */
const LOOK_MS = 10_000;

/**
 * Asks the store now and then, and finds what is over: a store takes writes again once a commit has
 * succeeded, and it makes some by itself; an overload, or a flood, is over when nobody meets it any more.
 *
 * @param askStore reads from the store, and tells the impairment how that went
 */
export function watchImpairments(
  counts: WatchedCounts,
  askStore: () => Promise<void>,
): ImpairmentWatch {
  const look = createLook(counts, askStore);
  const timer = setInterval(look, LOOK_MS).unref();
  return { stop: () => clearInterval(timer) };
}

/** One look after the other; apart, so that tests need no timer. */
export function createLook(counts: WatchedCounts, askStore: () => Promise<void>): () => void {
  const { impairments, store } = counts;
  let commits: number | undefined;
  let looking: Promise<void> | undefined;
  const lookAtStore = async (): Promise<void> => {
    await askStore();
    if (!impairments.storeWrite.isOn) {
      commits = undefined;
      return;
    }
    const stats = await store.stats();
    if (commits !== undefined && stats.commits > commits) impairments.storeWrite.over();
    commits = stats.commits;
  };
  return () => {
    // They end only what has not been met for a minute.
    impairments.milterOverload.over();
    impairments.policyOverload.over();
    impairments.networkFlood.over();
    impairments.pendingFull.over();
    // A store that hangs is asked once.
    if (looking !== undefined) {
      impairments.storeRead.meet({ error: `no answer within ${LOOK_MS / 1000} s` });
      return;
    }
    looking = lookAtStore()
      // A store that cannot say how it is, or is closed, has not got well.
      .catch(() => undefined)
      .finally(() => (looking = undefined));
  };
}
