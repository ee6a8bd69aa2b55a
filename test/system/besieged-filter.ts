import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AdminClient } from '../../src/admin/admin-client.js';
import type { CleanUps } from '../support/clean-ups.js';
import { startGreymilter, type GreymilterProcess } from '../support/daemon-process.js';
import { MtaPeer } from '../support/mta-peer.js';
import { PostfixPeer } from '../support/postfix-peer.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';
import { openSession, sendMail, waitFor } from './smtp-session.js';

/** The sockets of a filter, by what is spoken there. */
export type Port = 'milter' | 'policy' | 'admin';

/** How often something happened, by its code. */
export type Counts = Readonly<Record<string, number>>;

/** Between two mails of others: they are witnesses and no load. */
const PACE_MS = 5;

/** For a start on a machine that has much else to do. */
const START_MS = 120_000;

/** A filter in a process of its own, what hostile peers do to it, and others who want an answer. */
export class BesiegedFilter {
  readonly #process: GreymilterProcess;
  readonly #directory: string;
  readonly #startedAt = performance.now();
  readonly #opened = { milter: 0, policy: 0, admin: 0 };
  readonly #hostile = new Set<Socket>();
  #mta: MtaPeer | undefined;
  #postfix: PostfixPeer | undefined;
  #mails = 0;

  private constructor(process: GreymilterProcess, directory: string) {
    this.#process = process;
    this.#directory = directory;
  }

  /** Starts it, with an MTA and a Postfix that stay connected. */
  static async start(cleanUps: CleanUps, overrides: readonly string[]): Promise<BesiegedFilter> {
    const directory = createTempDirectory(cleanUps);
    const at = (port: Port): string => `unix:${join(directory, `${port}.sock`)}`;
    const settings = [`listen.admin=${at('admin')}`, ...overrides];
    const args = [
      ...['--listen', at('milter'), '--policy', at('policy')],
      ...['--store', `level:${join(directory, 'db')}`],
      ...settings.flatMap((setting) => ['--set', setting]),
    ];
    const process = startGreymilter(cleanUps, args, { withinMs: START_MS });
    await process.ready();
    const filter = new BesiegedFilter(process, directory);
    filter.#mta = await filter.#openMta();
    filter.#postfix = new PostfixPeer({ kind: 'unix', path: filter.#path('policy') });
    filter.#opened.policy++;
    cleanUps.after(() => {
      filter.#postfix?.drop();
      for (const socket of filter.#hostile) socket.destroy();
    });
    await filter.#assertAnswers();
    return filter;
  }

  /** A hostile peer that has connected. */
  async connect(port: Port): Promise<Socket> {
    const socket = connect({ path: this.#path(port) });
    await once(socket, 'connect');
    this.#opened[port]++;
    this.#hostile.add(socket);
    socket.once('close', () => this.#hostile.delete(socket));
    return socket.on('error', () => undefined);
  }

  /** Does something to the filter, while others are answered as if nobody did. */
  async besiege(attack: () => Promise<void>): Promise<void> {
    let isOver = false;
    const attacking = attack().finally(() => (isOver = true));
    const witness = async (): Promise<void> => {
      while (!isOver) {
        await this.#assertAnswers();
        await sleep(PACE_MS);
      }
    };
    const ends = await Promise.allSettled([attacking, witness()]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  /** Who comes only now is greylisted as well, and nobody but the witnesses is still connected. */
  async assertAsBefore(): Promise<void> {
    await this.settled();
    await this.#assertAnswers();
    assert.deepEqual(await this.answersNewcomer(), [waitFor(180)]);
    await this.settled();
  }

  /** What a mail is told in a session that begins only now. */
  async answersNewcomer(): Promise<readonly string[]> {
    const peer = await this.#openMta();
    const { rcpt } = await sendMail(peer, { from: this.#nextSender() });
    await peer.quit();
    return rcpt;
  }

  /** Whether its admin interface has room for who wants to know how it is. */
  async isShown(): Promise<boolean> {
    return await this.metric('greymilter_open_connections', 'protocol').then(
      () => true,
      () => false,
    );
  }

  /** Waits until all who came have been met, and all but the witnesses have been let go. */
  async settled(): Promise<void> {
    await waitUntil(async () => {
      const [met, open] = [
        await this.metric('greymilter_connections_total', 'protocol'),
        await this.metric('greymilter_open_connections', 'protocol'),
      ];
      const { milter, policy } = this.#opened;
      return (
        (met['milter'] ?? 0) === milter &&
        (met['policy'] ?? 0) === policy &&
        open['milter'] === 1 &&
        open['policy'] === 1
      );
    }, 'only the witnesses are connected');
  }

  /** What is counted under a name, by one label. */
  async metric(name: string, label: string, where = ''): Promise<Counts> {
    const client = new AdminClient(this.#path('admin'));
    const chunks: Uint8Array[] = [];
    for await (const chunk of await client.stream('/metrics')) chunks.push(chunk);
    client.close();
    const found: Record<string, number> = {};
    for (const line of Buffer.concat(chunks).toString().split('\n')) {
      if (!line.startsWith(`${name}{`) || !line.includes(where)) continue;
      const [, key, value] = new RegExp(`${label}="([^"]*)".* (\\S+)$`).exec(line) ?? [];
      if (key !== undefined) found[key] = (found[key] ?? 0) + Number(value);
    }
    return found;
  }

  /** Which errors ended connections while this was done, and all of them were over. */
  async errorsOf(protocol: 'milter' | 'policy', attack: () => Promise<void>): Promise<Counts> {
    const read = (): Promise<Counts> =>
      this.metric('greymilter_protocol_errors_total', 'code', `protocol="${protocol}"`);
    const before = await read();
    await attack();
    await this.settled();
    const more = Object.entries(await read())
      .map(([code, count]) => [code, count - (before[code] ?? 0)] as const)
      .filter(([, count]) => count > 0);
    return Object.fromEntries(more);
  }

  /** The log gets it, but in no minute twice. */
  async assertLoggedOnce(message: string): Promise<void> {
    await waitUntil(() => this.#lines(message).length >= 1, `logged: ${message}`);
    const lines = this.#lines(message);
    const minutes = Math.ceil((performance.now() - this.#startedAt) / 60_000);
    assert.ok(lines.length <= minutes, lines.join('\n'));
  }

  /** Nothing of what was done is taken for a fault of the filter itself. */
  assertNoBug(): void {
    assert.deepEqual(this.#lines('bug:'), []);
    assert.deepEqual(this.#lines('INTERNAL'), []);
  }

  /** The most memory that it has ever had, in mebibytes. */
  get peakMemory(): number {
    const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
  }

  #lines(text: string): readonly string[] {
    return this.#process.log.split('\n').filter((line) => line.includes(text));
  }

  #path(port: Port): string {
    return join(this.#directory, `${port}.sock`);
  }

  async #openMta(): Promise<MtaPeer> {
    const peer = await MtaPeer.connect({ path: this.#path('milter') });
    this.#opened.milter++;
    await openSession(peer);
    return peer;
  }

  /** The witnesses are put off, as new clients are. */
  async #assertAnswers(): Promise<void> {
    assert.ok(this.#mta !== undefined && this.#postfix !== undefined);
    const { rcpt } = await sendMail(this.#mta, { from: this.#nextSender() });
    assert.deepEqual(rcpt, [waitFor(180)]);
    const answer = await this.#postfix.rcpt({ sender: this.#nextSender() });
    assert.match(answer, /^DEFER_IF_PERMIT 4\.2\.0 Greylisted/);
  }

  #nextSender(): string {
    return `${this.#mails++}@client.example`;
  }
}
