import { StoreError } from '../store.js';
import { isReply, MOVED, reasonOf } from './redis-errors.js';
import { refusalOf, toldOf } from './refusal.js';

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
  const refusal = refusalOf(error);
  if (refusal !== undefined) {
    const { code } = refusal;
    const what =
      code === 'STORE_PERMISSION'
        ? `The server of the store at ${where} refuses us`
        : `The store at ${where} cannot be used`;
    return new StoreError(code, `${what}: ${toldOf(error)}.`, { cause: error });
  }
  if (isReply(error, MOVED)) {
    const message = `The store at ${where} is part of a Cluster: write redis+cluster:// in store.url.`;
    return new StoreError('STORE_UNAVAILABLE', message, { cause: error });
  }
  return awayError(where, error);
}
