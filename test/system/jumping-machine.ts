import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { createShiftedClock, type ShiftedClock } from '../support/shifted-clock.js';
import { StoreSite, type ServedSite } from './store-site.js';

const HOUR = 3_600_000;

/** What `StoreSite` makes everybody wait, and what the test itself may take. */
export const DELAY = HOUR + 60_000;

/** A machine whose clock a test sets, with one filter and its store. */
export interface JumpingMachine {
  readonly clock: ShiftedClock;
  readonly serve: () => Promise<ServedSite>;
  /** What `greymilter status` prints. */
  readonly status: () => Promise<string>;
}

export function createJumpingMachine(t: TestContext): JumpingMachine {
  const clock = createShiftedClock(t);
  const site = new StoreSite(t);
  return {
    clock,
    serve: () => site.serve({ environment: clock.withUptime }),
    status: async () => (await site.run('status')).stdout,
  };
}

/**
 * Lets time pass at once. A connection that offers nothing for so long is closed; then the filter has
 * noticed, and whoever comes next does not seem to have waited.
 */
export async function pass(served: ServedSite, clock: ShiftedClock, ms: number): Promise<void> {
  const silent = await served.connect();
  // Who comes after it is accepted after it.
  const next = await served.connect();
  await next.negotiate();
  next.drop();
  clock.pass(ms);
  await silent.closed();
}

/** Makes a sender known. */
export async function makeKnown(
  served: ServedSite,
  clock: ShiftedClock,
  sender: string,
): Promise<void> {
  assert.equal(await served.send(sender), 'greylist-new');
  await pass(served, clock, DELAY);
  assert.equal(await served.send(sender), 'greylist-passed');
}
