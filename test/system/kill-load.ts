import assert from 'node:assert/strict';
import { MtaPeer } from '../support/mta-peer.js';
import { openSession, recipient, tryRecipient } from './smtp-session.js';

/** `greylist.delay` of the daemons that are killed. */
const delayMs = 1000;

/**
 * How long a client waits before it comes again. The filter's clock is not quite the one that is looked at
 * here: each time it starts it begins a new one, and both count whole milliseconds.
 */
export const waitMs = delayMs + 50;

/** All that clients have been answered so far. */
export class Ledger {
  /** Senders that were put off, and when they heard of it. */
  readonly #waiting = new Map<string, number>();
  readonly #passed: string[] = [];
  #senders = 0;
  #answers = 0;

  get waiting(): number {
    return this.#waiting.size;
  }

  get passed(): readonly string[] {
    return this.#passed;
  }

  /** How often somebody was answered. */
  get answers(): number {
    return this.#answers;
  }

  /** A sender that nobody has heard of. */
  newSender(): string {
    return `s${this.#senders++}@client.example`;
  }

  /** A sender whose delay is over, now its caller's; undefined if there is none. */
  takeMatured(): string | undefined {
    // In the order of their answers: if the first has to wait, all have.
    for (const [sender, answeredAt] of this.#waiting) {
      if (performance.now() - answeredAt < waitMs) return undefined;
      this.#waiting.delete(sender);
      return sender;
    }
    return undefined;
  }

  putOff(sender: string): void {
    this.#answers += 1;
    this.#waiting.set(sender, performance.now());
  }

  /** What it was asked has no answer, so it may come again at once. */
  giveBack(sender: string): void {
    this.#waiting.set(sender, -Infinity);
  }

  pass(sender: string): void {
    this.#answers += 1;
    this.#passed.push(sender);
  }
}

/** What one client does; ends when the filter is gone. */
async function sendOn(peer: MtaPeer, ledger: Ledger, stopped: () => boolean): Promise<void> {
  await openSession(peer);
  for (let turns = 0; !stopped(); turns++) {
    const matured = turns % 2 === 0 ? ledger.takeMatured() : undefined;
    const sender = matured ?? ledger.newSender();
    try {
      const answer = await offer(peer, sender);
      if (matured === undefined) {
        assert.match(answer, /^451 /, `${sender} is new and told "${answer}"`);
        ledger.putOff(sender);
      } else {
        assert.equal(answer, 'continue', `${sender} was put off and has been forgotten`);
        ledger.pass(sender);
      }
    } catch (error) {
      if (matured !== undefined && !(error instanceof assert.AssertionError)) {
        ledger.giveBack(matured);
      }
      throw error;
    }
  }
}

/** One recipient of one message. */
export async function offer(peer: MtaPeer, sender: string): Promise<string> {
  peer.macros('M', {});
  await peer.mail(`<${sender}>`);
  const answer = await tryRecipient(peer, recipient);
  peer.abort();
  return answer;
}

/**
 * Many clients at a time, until the filter is gone. Fails if a client is told what it should not be,
 * or if the filter goes before it `mayBeGone`.
 */
export async function load(
  socket: string,
  ledger: Ledger,
  { clients, mayBeGone }: { readonly clients: number; readonly mayBeGone: () => boolean },
): Promise<void> {
  const client = async (): Promise<void> => {
    try {
      const peer = await MtaPeer.connect({ path: socket });
      try {
        await sendOn(peer, ledger, mayBeGone);
      } finally {
        peer.drop();
      }
    } catch (error) {
      if (error instanceof assert.AssertionError || !mayBeGone()) throw error;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}
