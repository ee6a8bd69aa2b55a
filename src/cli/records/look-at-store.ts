import type { Config } from '../../config/schema.js';
import type { StoreSnapshot } from '../../store/open-level-snapshot.js';
import type { GreylistStore } from '../../store/store.js';

/**
 * Opens the store of a configuration for looking at it, changing nothing.
 *
 * @throws StoreError
 */
export async function openToLook(
  { store: { url, redis } }: Pick<Config, 'store'>,
  clock: { now(): number },
): Promise<StoreSnapshot | GreylistStore> {
  if (url.kind === 'redis') {
    const { openSharedStore } = await import('../../daemon/stores/open-shared-store.js');
    return await openSharedStore(url, redis, { clock });
  }
  const { openLevelSnapshot } = await import('../../store/open-level-snapshot.js');
  return await openLevelSnapshot(url.path, clock);
}
