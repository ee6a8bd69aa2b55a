import { setTimeout as sleep } from 'node:timers/promises';
import type { GreylistStore } from '../../src/store/store.js';

const LIMIT_MS = 60_000;
const POLL_MS = 20;

/** Waits until a store answers again. */
export async function untilItWorks(store: GreylistStore, key = 'key'): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  for (;;) {
    try {
      await store.get(key);
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(POLL_MS);
    }
  }
}
