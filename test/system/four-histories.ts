import assert from 'node:assert/strict';
import type { TestDaemon } from '../support/daemon-harness.js';
import { deliver, waitFor } from './smtp-session.js';

/** What can have happened to a triplet before; each is a sender of its own. */
export type History = 'new' | 'early' | 'matured' | 'known';

/** What each is told. */
export type Answers = Readonly<Record<History, string>>;

/** With the default settings. */
const delayMs = 180_000;

/** What one mail of a sender is told. */
export async function answerTo(daemon: TestDaemon, sender: string): Promise<string> {
  return (await deliver(daemon, { from: `${sender}@client.example` })).rcpt.join();
}

/** Gives each its history; `early` has half of its delay behind it then. */
export async function remember(daemon: TestDaemon): Promise<void> {
  assert.equal(await answerTo(daemon, 'known'), waitFor(delayMs / 1000));
  assert.equal(await answerTo(daemon, 'matured'), waitFor(delayMs / 1000));
  daemon.clock.advance(delayMs / 2);
  assert.equal(await answerTo(daemon, 'early'), waitFor(delayMs / 1000));
  daemon.clock.advance(delayMs / 2);
  assert.equal(await answerTo(daemon, 'known'), 'continue');
}

/** Tries all of them at once; `sender` for more that are new. */
export async function recall(daemon: TestDaemon, sender = 'new'): Promise<Answers> {
  const senders = [sender, 'early', 'matured', 'known'];
  const told = await Promise.all(senders.map((each) => answerTo(daemon, each)));
  const [fresh = '', early = '', matured = '', known = ''] = told;
  return { new: fresh, early, matured, known };
}
