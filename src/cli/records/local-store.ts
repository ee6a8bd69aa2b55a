import type { Config } from '../../config/schema.js';
import { StoreError } from '../../store/store.js';

/** What only the store of one machine has a use for, and what to do instead on a shared one. */
const instead = {
  repair:
    'what is damaged there its own tools mend (redis-check-aof, redis-check-rdb, a replica), ' +
    'and "greymilter import" brings back what was exported',
  restore:
    'stop all filters, empty it and "greymilter import" the backup, or restore the files of the server',
  'check-store': 'its own tools look at its files (redis-check-aof, redis-check-rdb)',
  compact: 'it looks after its memory by itself',
} as const;

/**
 * The directory of the store.
 *
 * @throws StoreError STORE_SHARED if it is on a server
 */
export function localStorePath({ store: { url } }: Config, command: keyof typeof instead): string {
  if (url.kind === 'level') return url.path;
  const message = `greymilter ${command} is for a store on this machine, and this one is on a server: ${instead[command]}.`;
  throw new StoreError('STORE_SHARED', message);
}
