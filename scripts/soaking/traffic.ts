import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { MtaPeer } from '../../test/support/mta-peer.js';
import { PostfixPeer } from '../../test/support/postfix-peer.js';
import { Ledger, offer } from '../../test/system/kill-load.js';
import { openSession, sendMail, type Client } from '../../test/system/smtp-session.js';
import type { SoakedFilter } from './soaked-filter.js';

/** How much there was, and how long answers took, since this was asked last. */
export interface TrafficReport {
  readonly sessions: number;
  /** Milliseconds of each recipient's answer, unsorted. */
  readonly latencies: readonly number[];
}

const recipientsAtOnce = 3;
const idleAtOnce = 20;

/** Clients of all kinds: well-behaved ones, spammers, and those that break off or talk nonsense. */
export class Traffic {
  readonly #filter: SoakedFilter;
  readonly #random: () => number;
  readonly #ledger = new Ledger();
  /** Connections that say nothing, as MTAs keep them. */
  readonly #idle: Socket[] = [];
  readonly #postfix: PostfixPeer;
  #latencies: number[] = [];
  #sessions = 0;
  #names = 0;

  constructor(filter: SoakedFilter, random: () => number) {
    this.#filter = filter;
    this.#random = random;
    this.#postfix = new PostfixPeer({ kind: 'unix', path: filter.policySocket });
  }

  /** A session of each kind, one after the other, so that all have the same share. */
  async round(): Promise<void> {
    await this.#sendMail();
    await this.#spam();
    await this.#askAsPostfix();
    await this.#breakOff();
    await this.#talkNonsense();
    await this.#rest();
  }

  /** What there was since this was asked last. */
  take(): TrafficReport {
    const report = { sessions: this.#sessions, latencies: this.#latencies };
    this.#sessions = 0;
    this.#latencies = [];
    return report;
  }

  end(): void {
    this.#postfix.drop();
    for (const socket of this.#idle.splice(0)) socket.destroy();
  }

  /** Mail of those who come back: nobody new passes, everybody who has waited does. */
  async #sendMail(): Promise<void> {
    const peer = await this.#open();
    for (let mail = 0; mail < recipientsAtOnce; mail++) {
      const matured = this.#ledger.takeMatured();
      const sender = matured ?? this.#ledger.newSender();
      const answer = await this.#timed(() => offer(peer, sender));
      if (matured === undefined) {
        assert.match(answer, /^451 /, `${sender} is new`);
        this.#ledger.putOff(sender);
      } else assert.match(answer, /^(continue|451 .*)$/, `${sender} has waited, perhaps too long`);
    }
    const refused = await sendMail(peer, { from: 'refused@client.example' });
    assert.match(refused.rcpt.join(), /^550 5\.7\.1 version \d+$/);
    await peer.quit();
  }

  /** From everywhere, to everybody, and never again. */
  async #spam(): Promise<void> {
    const octets = [0, 0, 0].map(() => Math.floor(this.#random() * 256));
    const peer = await this.#open({ address: `100.${octets.join('.')}` });
    const sender = `x${this.#names++}@spam.example`;
    const answer = await this.#timed(() => offer(peer, this.#random() < 0.2 ? '' : sender));
    assert.match(answer, /^(451 .*|continue)$/);
    peer.drop();
  }

  async #askAsPostfix(): Promise<void> {
    this.#sessions += 1;
    const sender = `p${this.#names++ % 5000}@client.example`;
    const action = await this.#timed(() => this.#postfix.rcpt({ sender }));
    assert.ok(action);
  }

  /** In the middle of a packet. */
  async #breakOff(): Promise<void> {
    const peer = await this.#open();
    await peer.mail('<a@client.example>');
    peer.write(Buffer.from([0, 0, 0, 40, 0x52, 0x3c]));
    peer.drop();
  }

  async #talkNonsense(): Promise<void> {
    const socket = await this.#connect();
    const noise = Array.from({ length: 40 }, () => Math.floor(this.#random() * 256));
    socket.end(Buffer.from(noise));
    if (!socket.destroyed) await once(socket, 'close');
  }

  /** There are always some that have connected and say nothing. */
  async #rest(): Promise<void> {
    this.#idle.push(await this.#connect());
    if (this.#idle.length > idleAtOnce) this.#idle.shift()?.destroy();
  }

  async #open(client?: Client): Promise<MtaPeer> {
    this.#sessions += 1;
    const peer = await MtaPeer.connect({ path: this.#filter.milterSocket });
    await openSession(peer, client);
    return peer;
  }

  async #connect(): Promise<Socket> {
    this.#sessions += 1;
    const socket = connect({ path: this.#filter.milterSocket });
    socket.on('error', () => undefined).resume();
    await once(socket, 'connect');
    return socket;
  }

  async #timed<T>(ask: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const answer = await ask();
    this.#latencies.push(performance.now() - startedAt);
    return answer;
  }
}
