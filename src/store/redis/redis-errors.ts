import { StoreError } from '../store.js';

/** What a server says no with; `word` is the first of it, which is what it means. */
export class RedisReplyError extends Error {
  readonly word: string;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RedisReplyError';
    this.word = /^[A-Z]+/.exec(message)?.[0] ?? '';
  }
}

/** Who we are to a server, or what we may do there, is not what it should be. */
const REFUSALS: ReadonlySet<string> = new Set(['NOAUTH', 'WRONGPASS', 'NOPERM']);

/** What a server says when it is none by itself, or not the one that may be written to. */
export const MOVED = 'MOVED';

export function isReply(error: unknown, ...words: readonly string[]): error is RedisReplyError {
  return error instanceof RedisReplyError && words.includes(error.word);
}

/** Nothing can be had from the servers now. */
export function awayError(where: string, cause: unknown): StoreError {
  const message = `The store at ${where} cannot be used: ${reasonOf(cause)}.`;
  return new StoreError('STORE_UNAVAILABLE', message, { cause });
}

export function closedError(where: string): StoreError {
  return new StoreError('STORE_CLOSED', `The store at ${where} has been closed.`);
}

/** What is stored under a key was not written by this version. */
export function foreignValueError(where: string, version: number | undefined): StoreError {
  return new StoreError(
    'STORE_NEWER_FORMAT',
    `The store at ${where} holds something of format ${String(version)}, which this version does not ` +
      'know; it was left as it is. Run the version that wrote it or a later one, or give the store a ' +
      'store.redis.prefix that nobody else has.',
  );
}

/** Makes of whatever has gone wrong what a store may fail with. */
export function toStoreError(error: unknown, where: string): StoreError {
  if (error instanceof StoreError) return error;
  if (error instanceof RedisReplyError && REFUSALS.has(error.word)) {
    const message =
      `The server of the store at ${where} refuses us: ${reasonOf(error)}. See store.redis.user and ` +
      "store.redis.password-file, and the server's ACL.";
    return new StoreError('STORE_PERMISSION', message, { cause: error });
  }
  if (isReply(error, MOVED)) {
    const message = `The store at ${where} is part of a Cluster: write redis+cluster:// in store.url.`;
    return new StoreError('STORE_UNAVAILABLE', message, { cause: error });
  }
  return awayError(where, error);
}

/** Where in a script of ours a server has failed, which it says at the end of its words. */
const SCRIPT_PLACE = /\s*script: [0-9a-f]{40}, on @user_script:\d+\.?$/;

/** In words, without a full stop; some errors of the system have no message of their own. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const reason = error instanceof Error ? error.message || error.name : String(error);
  return reason.replace(SCRIPT_PLACE, '').replace(/\.$/, '');
}
