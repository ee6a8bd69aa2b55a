import type { Config } from '../../config/schema.js';
import type { StoreUrl } from '../../config/store-url.js';
import type { ServerTime } from '../../store/redis/server-time.js';
import type { Paces } from '../../store/level/time-slice.js';
import type { GreylistStore } from '../../store/store.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock } from '../process/clock.js';
import { findJournalDirectory } from './journal-directory.js';

/** What a store is opened with. */
export interface StoreDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long work on a store of this machine is cut into pieces, and what is between these. */
  readonly paces?: Paces | undefined;
  /** File descriptors for a store of this machine beyond those that it cannot do without. */
  readonly heldFiles?: number | undefined;
  /** A directory in memory that outlives us, for `store.journal: auto`. */
  readonly journalDirectory?: string | undefined;
  /** Hears of what has been forgotten, where the store tells; must not throw. */
  readonly onExpired?: (entry: KeptEntry) => void;
  /** Hears when a store of this machine was last in use, before anything is read; must not throw. */
  readonly onLastUse?: ((lastUsedAt: number) => void) | undefined;
  /** Hears what time it is where the store is, if that is elsewhere; must not throw. */
  readonly onServerTime?: ((time: ServerTime) => void) | undefined;
}

/** What was kept under a key. */
export interface KeptEntry {
  readonly key: string;
  readonly value: Uint8Array;
}

/** Opens the store that a configuration names. */
export type OpenStore = (
  settings: Config['store'],
  dependencies: StoreDependencies,
) => Promise<GreylistStore>;

/**
 * Loads what opens the kind of store that is asked for, and no other. Apart from the opening,
 * because the user that we become may not be able to read our own files.
 */
export async function loadStore(kind: StoreUrl['kind']): Promise<OpenStore> {
  if (kind === 'redis') {
    const { openSharedStore } = await import('./open-shared-store.js');
    return ({ url, redis }, { clock, logger, onServerTime }) => {
      if (url.kind !== 'redis') throw new TypeError('the kind of a store has changed');
      // Mail is let pass as `store.on-failure` says until its servers are there.
      return openSharedStore(url, redis, { clock, logger, onServerTime, mayBeAway: true });
    };
  }
  const { openLevelStore } = await import('../../store/level-store.js');
  return async (settings, { clock, logger, paces, heldFiles, onExpired, onLastUse, ...others }) => {
    const { url, durability } = settings;
    if (url.kind !== 'level') throw new TypeError('the kind of a store has changed');
    const ears = { logger, onExpired, onLastUse };
    const journal = await findJournalDirectory(settings, others.journalDirectory, logger);
    return openLevelStore({
      path: url.path,
      durability,
      journal,
      clock,
      paces,
      heldFiles,
      ...ears,
    });
  };
}
