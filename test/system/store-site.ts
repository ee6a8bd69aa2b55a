import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { runGreymilter, startGreymilter, type Ending } from '../support/daemon-process.js';
import type { GreymilterProcess, ProcessOptions } from '../support/daemon-process.js';
import type { MtaPeer } from '../support/mta-peer.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { openSession, recipient, tryRecipient } from './smtp-session.js';

/** Longer than any test, so that whoever waits is heard of by the reason and not by the time. */
const delay = '1h';

/** A filter in a process of its own, and how it decides. */
export class StoreSite {
  readonly directory: string;
  readonly store: string;
  readonly #t: TestContext;
  readonly #admin: string;
  readonly #more: readonly string[];

  /**
   * @param store where; in a directory of the test's own without it
   * @param more settings beside those that all tests have
   */
  constructor(t: TestContext, store?: string, more: readonly string[] = []) {
    this.#t = t;
    this.#more = more;
    this.directory = createTempDirectory(t);
    this.store = store ?? join(this.directory, 'db');
    this.#admin = `listen.admin=unix:${join(this.directory, 'admin.sock')}`;
  }

  /** Starts it; it may refuse to. */
  launch(options: ProcessOptions = {}): GreymilterProcess {
    const listen = `unix:${join(this.directory, 'milter.sock')}`;
    const usual = [`greylist.delay=${delay}`, 'limits.drain=0s', this.#admin];
    const settings = [...usual, ...this.#more];
    const args = ['--listen', listen, '--store', this.store];
    const set = settings.flatMap((setting) => ['--set', setting]);
    return startGreymilter(this.#t, [...args, ...set], options);
  }

  /** Starts it, and waits until it serves. */
  async serve(options: ProcessOptions = {}): Promise<ServedSite> {
    const greymilter = this.launch(options);
    const [address = ''] = await greymilter.ready();
    return new ServedSite(greymilter, address);
  }

  /** A command of the same configuration. */
  async run(...args: readonly string[]): Promise<Ending> {
    return await runGreymilter([...args, '--store', this.store, '--set', this.#admin]);
  }
}

/** A filter that serves. */
export class ServedSite {
  readonly process: GreymilterProcess;
  readonly #address: string;

  constructor(process: GreymilterProcess, address: string) {
    this.process = process;
    this.#address = address;
  }

  async connect(): Promise<MtaPeer> {
    return await this.process.connect(this.#address);
  }

  /** Sends one mail; returns why it is put off or passes. */
  async send(sender: string): Promise<string> {
    const peer = await this.connect();
    try {
      await openSession(peer);
      return await this.sendOn(peer, sender);
    } finally {
      peer.drop();
    }
  }

  /** The same on a connection that is open. */
  async sendOn(peer: MtaPeer, sender: string): Promise<string> {
    const from = this.process.log.length;
    peer.macros('M', {});
    await peer.mail(`<${sender}@client.example>`);
    const told = await tryRecipient(peer, recipient);
    peer.abort();
    const line = await this.process.logged(new RegExp(` verdict=.* from=<${sender}@`), from);
    const [, verdict = '', reason = ''] = / verdict=(\S+) reason=(\S+) /.exec(line) ?? [];
    assert.equal(told.slice(0, 3), verdict === 'accept' ? 'con' : '451', line);
    return reason;
  }

  /** Ends it as SIGTERM does. */
  async stop(): Promise<void> {
    this.process.kill('SIGTERM');
    assert.equal((await this.process.ending).code, 0);
  }
}

/** How often the log has such a line. */
export function countLines(log: string, pattern: RegExp): number {
  return log.split('\n').filter((line) => pattern.test(line)).length;
}
