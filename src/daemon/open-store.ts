import type { Config } from '../config/schema.js';
import type { GreylistStore } from '../store/store.js';
import type { Logger } from '../telemetry/logger.js';
import type { Clock } from './clock.js';

/** Opens the store that a configuration names. */
export type OpenStore = (
  settings: Config['store'],
  dependencies: { readonly clock: Clock; readonly logger: Logger },
) => Promise<GreylistStore>;

/**
 * Loads what opens the kind of store that is asked for, and no other. Apart from the opening,
 * because the user that we become may not be able to read our own files.
 */
export async function loadStore(): Promise<OpenStore> {
  const { openLevelStore } = await import('../store/level-store.js');
  return ({ url, durability }, { clock, logger }) =>
    openLevelStore({ path: url.path, durability, clock, logger });
}
