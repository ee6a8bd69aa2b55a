import assert from 'node:assert/strict';
import {
  startTestDaemon,
  type DaemonCleanUp,
  type TestDaemon,
  type TestDaemonOptions,
} from '../support/daemon-harness.js';
import { createRunningClock } from '../support/manual-clock.js';
import type { ShiftedClock } from '../support/shifted-clock.js';
import { deliver } from './smtp-session.js';

const minute = 60_000;

/**
 * For tests of what is decided, on a machine that has much else to do: what is late there is not lost.
 */
export const patient: readonly string[] = [
  'store.redis.timeout=8s',
  'store.redis.connect-timeout=8s',
  'limits.answer=9s',
];

/**
 * For tests of servers that are lost: soon enough to wait for it, and not so soon that one which is merely
 * late is lost as well.
 */
export const steady: readonly string[] = [
  'store.redis.timeout=3s',
  'store.redis.connect-timeout=3s',
];

/** A store on which filters are started. */
export interface SharedStore {
  readonly url: string;
  /** The server's, if it can be moved. */
  readonly clock?: ShiftedClock | undefined;
}

/** Starts a daemon on a shared store; its host's clock runs, `aheadMs` ahead of the truth. */
export async function startSharer(
  cleanUp: DaemonCleanUp,
  { url }: SharedStore,
  { aheadMs = 0, ...options }: TestDaemonOptions & { readonly aheadMs?: number } = {},
): Promise<TestDaemon> {
  const clock = createRunningClock(aheadMs);
  return await startTestDaemon(cleanUp, { ...options, store: url, clock });
}

/** Makes `known@client.example` known, by letting time go by everywhere. */
export async function makeKnown(
  daemons: readonly TestDaemon[],
  store: SharedStore,
  sender = 'known@client.example',
): Promise<void> {
  const [first] = daemons;
  assert.ok(first);
  const before = (await deliver(first, { from: sender })).rcpt.join();
  assert.match(before, /^451 /, JSON.stringify(first.logger.entries));
  letTimePass(daemons, store, 4 * minute);
  assert.equal((await deliver(first, { from: sender })).rcpt.join(), 'continue');
}

/** Moves all clocks on together. */
export function letTimePass(
  daemons: readonly TestDaemon[],
  { clock }: SharedStore,
  ms: number,
): void {
  clock?.advance(ms);
  for (const daemon of daemons) daemon.clock.advance(ms);
}
