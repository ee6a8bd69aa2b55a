import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestDaemon } from '../support/daemon-harness.js';
import { deliver } from './smtp-session.js';

/** One recipient of one session, and what the client was told. */
export interface Attempt {
  readonly kind: 'known' | 'new';
  /** Of no other attempt, where it is new. */
  readonly sender: string;
  readonly answer: string;
  readonly tookMs: number;
}

const PAUSE_MS = 5;

/** Sessions at a time at each daemon. */
const AT_ONCE = 3;

/**
 * No session may take longer, whatever is wrong: far more than a store's time-out, since the machine
 * may have something else to do.
 */
const HANGS_MS = 30_000;

/** How long what is tried again and again may take to work. */
const LIMIT_MS = 60_000;

const greylisted = /^451 4\.7\.1 Greylisted, please try again in \d+ seconds$/;

let senders = 0;

function newAt({ decisions }: TestDaemon): number {
  return decisions.filter(
    ({ verdict, attempt }) => verdict === 'tempfail' && /^<?new\d/.test(attempt.sender.text),
  ).length;
}

/** Mail that comes to several daemons all the time: what is known, and what is new, in turn. */
export class MailFlow {
  readonly attempts: Attempt[] = [];
  readonly #daemons: readonly TestDaemon[];
  readonly #workers: readonly Promise<void>[];
  #isOver = false;

  private constructor(daemons: readonly TestDaemon[]) {
    this.#daemons = daemons;
    this.#workers = daemons.flatMap((daemon) =>
      Array.from({ length: AT_ONCE }, () => this.#work(daemon)),
    );
  }

  /** @param daemons they share a store, in which `known@client.example` has passed */
  static start(daemons: readonly TestDaemon[]): MailFlow {
    return new MailFlow(daemons);
  }

  /** Waits until another so many attempts have been answered. */
  async goesOn(count = 20): Promise<void> {
    const wanted = this.attempts.length + count;
    await this.#until(() => this.attempts.length >= wanted, `${count} more attempts`);
  }

  /** Waits until one of the daemons has put off so many senders that were new to it. */
  async hasBrought(daemon: TestDaemon, count: number): Promise<void> {
    await this.#until(() => newAt(daemon) >= count, `${count} new senders at one daemon`);
  }

  /** Waits until what is new passes at all daemons, which is not what they are for. */
  async isUnjudged(): Promise<void> {
    await this.#everywhere(({ answer }) => answer === 'continue', 'new mail passes');
  }

  /** Waits until what is new is put off by all daemons. */
  async isJudged(): Promise<void> {
    await this.#everywhere(({ answer }) => greylisted.test(answer), 'new mail is put off');
  }

  /**
   * Ends it, and checks what must hold of every attempt: it was answered in time and once, as it was
   * decided; what is known has passed, unless that may be lost, and what is new has passed or been put
   * off.
   */
  async stop({ knownMayBeLost = false } = {}): Promise<readonly Attempt[]> {
    this.#isOver = true;
    await Promise.all(this.#workers);
    const told = this.#daemons.flatMap(({ decisions }) => decisions);
    const verdicts = new Map<string, string[]>();
    for (const { verdict, attempt } of told) {
      const text = attempt.sender.text.replace(/^<(.*)>$/, '$1');
      verdicts.set(text, [...(verdicts.get(text) ?? []), verdict]);
    }
    for (const { kind, sender, answer, tookMs } of this.attempts) {
      assert.ok(tookMs < HANGS_MS, `${sender} took ${tookMs} ms`);
      if (kind === 'known') {
        assert.ok(answer === 'continue' || knownMayBeLost, `known: ${answer}`);
      } else {
        const verdict = answer === 'continue' ? 'accept' : 'tempfail';
        assert.deepEqual(verdicts.get(sender), [verdict], `${sender}: ${answer}`);
        assert.ok(verdict === 'accept' || greylisted.test(answer), answer);
      }
    }
    return this.attempts;
  }

  async #everywhere(isSo: (attempt: Attempt) => boolean, what: string): Promise<void> {
    for (const daemon of this.#daemons)
      await this.#until(async () => isSo(await this.#offer(daemon, 'new')), what);
  }

  async #until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const deadline = performance.now() + LIMIT_MS;
    while (!(await isTrue())) {
      if (performance.now() > deadline) throw new Error(`not within ${LIMIT_MS} ms: ${what}`);
      await pause(PAUSE_MS);
    }
  }

  async #work(daemon: TestDaemon): Promise<void> {
    while (!this.#isOver) {
      await this.#offer(daemon, 'known');
      await this.#offer(daemon, 'new');
      await pause(PAUSE_MS);
    }
  }

  async #offer(daemon: TestDaemon, kind: Attempt['kind']): Promise<Attempt> {
    const name = kind === 'known' ? 'known' : `new${senders++}`;
    const sender = `${name}@client.example`;
    const startedAt = performance.now();
    const { rcpt } = await deliver(daemon, { from: sender });
    const tookMs = performance.now() - startedAt;
    const attempt = { kind, sender, answer: rcpt.join(), tookMs };
    this.attempts.push(attempt);
    return attempt;
  }
}
