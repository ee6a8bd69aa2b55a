import {
  RedisLink,
  type RedisCommand,
  type RedisEndpoint,
  type RedisLinkSettings,
  type RedisReply,
} from './redis-link.js';
import { explainSilence } from './other-way.js';
import { isReply } from './redis-errors.js';
import { refusalOf } from './refusal.js';
import { COMPARE_AND_SET } from './redis-value.js';

/** What a node is told, and what it tells. */
export interface RedisNodeOptions {
  readonly settings: RedisLinkSettings;
  /** Says where the server is; asked for each connection. */
  readonly locate: () => Promise<RedisEndpoint>;
  /** Refuses a server by throwing: it is not who it should be. */
  readonly verify?: ((link: RedisLink) => Promise<void>) | undefined;
  /** Hears of the first failure since it could be used, and when it can be used again. */
  readonly onDown?: ((error: Error) => void) | undefined;
  readonly onUp?: (() => void) | undefined;
  /** Hears, once until then, that it cannot be used again before somebody mends something. */
  readonly onRefused?: ((error: Error) => void) | undefined;
}

/** Between two attempts to connect; the first follows the loss at once. */
const PAUSES_MS = { first: 50, longest: 2_000 };

/**
 * A server that is connected to again whenever the connection is lost. While there is none everything
 * that is asked fails at once: nothing waits for it to come back.
 */
export class RedisNode {
  readonly #options: RedisNodeOptions;
  #link: RedisLink | undefined;
  #attempt: Promise<void> | undefined;
  #failure: Error = new Error('it has not been connected to yet');
  #failures = 0;
  #isDown = false;
  #isRefused = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RedisNodeOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#link !== undefined;
  }

  /** Why it cannot be used, if it cannot. */
  get failure(): Error {
    return this.#failure;
  }

  /** Waits for the attempt that is made now; rejects if it fails, and the next one comes by itself. */
  async ready(): Promise<void> {
    if (this.isUp) return;
    if (this.#isClosed) throw this.#failure;
    this.#attempt ??= this.#connect();
    await this.#attempt;
  }

  send(command: RedisCommand): Promise<RedisReply> {
    const link = this.#link;
    return link === undefined ? Promise.reject(this.#failure) : link.send(command);
  }

  /** Gives the connection up and makes a new one: to whoever has taken the place of this server. */
  reconnect(reason: Error): void {
    this.#link?.drop(reason);
  }

  /** Ends it; what waits for an answer fails. */
  close(): void {
    this.#isClosed = true;
    this.#failure = new Error('it has been closed');
    clearTimeout(this.#timer);
    this.#link?.drop(this.#failure);
  }

  async #connect(): Promise<void> {
    clearTimeout(this.#timer);
    const { settings, verify, locate } = this.#options;
    let link: RedisLink | undefined;
    let endpoint: RedisEndpoint | undefined;
    try {
      endpoint = await locate();
      link = await RedisLink.open(endpoint, settings, (error) => this.#lost(link, error));
      await verify?.(link);
      await this.#teach(link);
      if (this.#isClosed) throw this.#failure;
      this.#up(link);
    } catch (error) {
      const isFirst = this.#failures === 0 && !this.#isClosed;
      const told =
        isFirst && endpoint !== undefined ? await explainSilence(error, endpoint, settings) : error;
      const failure = told instanceof Error ? told : new Error(String(told));
      link?.drop(failure);
      this.#down(failure);
      throw failure;
    } finally {
      this.#attempt = undefined;
    }
  }

  /**
   * A server knows no script when it starts. Told it now, it knows it before the first command, and no
   * write needs a second attempt, which a read behind it would be ahead of.
   */
  async #teach(link: RedisLink): Promise<void> {
    try {
      await link.send(['SCRIPT', 'LOAD', COMPARE_AND_SET]);
    } catch (error) {
      // One that does not let us is told with the first write. Any other has no use for us yet: it is
      // still reading its files, or demands a password that we have not given.
      if (!isReply(error, 'NOPERM', 'ERR')) throw error;
    }
  }

  #up(link: RedisLink): void {
    this.#link = link;
    this.#failures = 0;
    const wasDown = this.#isDown;
    this.#isDown = false;
    this.#isRefused = false;
    if (wasDown) this.#options.onUp?.();
  }

  #lost(link: RedisLink | undefined, error: Error): void {
    if (link === undefined || this.#link !== link) return;
    this.#link = undefined;
    this.#down(error);
  }

  #down(error: Error): void {
    if (this.#isClosed) return;
    this.#failure = error;
    const ms = this.#failures === 0 ? 0 : PAUSES_MS.first * 2 ** (this.#failures - 1);
    this.#failures++;
    // Many daemons that lose the same server do not come back all at once.
    const pause = Math.min(ms, PAUSES_MS.longest) * (0.5 + Math.random() / 2);
    this.#timer = setTimeout(() => this.#retry(), pause).unref();
    const wasRefused = this.#isRefused;
    this.#isRefused ||= refusalOf(error) !== undefined;
    if (!this.#isDown) {
      this.#isDown = true;
      this.#options.onDown?.(error);
    } else if (this.#isRefused && !wasRefused) this.#options.onRefused?.(error);
  }

  #retry(): void {
    this.#attempt ??= this.#connect();
    // It says so itself, and tries again.
    this.#attempt.catch(() => undefined);
  }
}
