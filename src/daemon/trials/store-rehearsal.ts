import type { GreylistStore, NewEntry, StoreEntry } from '../../store/store.js';

/** Where entries are read. */
export type ReadableStore = Pick<GreylistStore, 'get'>;

/**
 * A store for finding out what would be stored: it reads what is there, and keeps for itself what is
 * written, so that the recipients of one transaction see each other as they would.
 *
 * @param source undefined if there is nothing yet
 */
export function rehearse(source: ReadableStore | undefined): GreylistStore {
  const written = new Map<string, StoreEntry | undefined>();
  return {
    get: (key) => (written.has(key) ? written.get(key) : source?.get(key)),
    compareAndSet: (key: string, _expected: unknown, { value, expiresAt }: NewEntry) => {
      written.set(key, { value, expiresAt, commit: undefined });
      return Promise.resolve(true);
    },
    delete: (key) => {
      written.set(key, undefined);
      return Promise.resolve();
    },
    scan: () => {
      throw new TypeError('a rehearsal has no list of its entries');
    },
    stats: () => ({ bytes: 0, pendingWrites: 0, commits: 0, failedCommits: 0, expired: 0 }),
    close: () => Promise.resolve(),
  };
}
