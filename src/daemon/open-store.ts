import type { Config } from '../config/schema.js';
import type { GreylistStore } from '../store/store.js';
import type { Logger } from '../telemetry/logger.js';
import type { Clock } from './clock.js';

/** What a store is opened with. */
export interface StoreDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Hears of what has been forgotten, where the store tells; must not throw. */
  readonly onExpired?: (entry: KeptEntry) => void;
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
export async function loadStore(): Promise<OpenStore> {
  const { openLevelStore } = await import('../store/level-store.js');
  return ({ url, durability }, { clock, logger, onExpired }) =>
    openLevelStore({ path: url.path, durability, clock, logger, onExpired });
}
