import { existsSync } from 'node:fs';
import { mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finishExchange } from './level/exchange-journal.js';
import { toStoreError } from './level/store-errors.js';
import { listDatabase } from './level/database-files.js';
import { openLevelStore, type LevelStore } from './level-store.js';
import { StoreError } from './store.js';

/** A store that is only looked at. */
export type StoreSnapshot = Pick<LevelStore, 'get' | 'scan' | 'close'>;

/**
 * Opens what a store holds now, for looking at it: nothing of it is changed, not even by LevelDB,
 * which writes at each opening, and as root would leave files there that the daemon's user cannot
 * write. It gets a temporary directory of links to the files, which it only reads; all that is new
 * goes there, and is removed when the snapshot is closed. The lock is the store's own: no daemon can
 * have it open, nor open it meanwhile.
 *
 * @throws StoreError STORE_LOCKED, STORE_NOT_OURS, STORE_NEWER_FORMAT, STORE_DAMAGED,
 *   STORE_PERMISSION or STORE_UNAVAILABLE
 */
export async function openLevelSnapshot(
  path: string,
  clock: { now(): number },
): Promise<StoreSnapshot> {
  let work: string | undefined;
  try {
    await finishExchange(path);
    const names = (await listDatabase(path)).map(({ name }) => name);
    const original = await realpath(path);
    // Without a lock file nobody can have it open, and a link would make one.
    if (existsSync(join(original, 'LOCK'))) names.push('LOCK');
    work = await mkdtemp(join(tmpdir(), 'greymilter-look-'));
    for (const name of names) await symlink(join(original, name), join(work, name));
    return removedWhenClosed(
      await openLevelStore({ path: work, durability: 'process', clock }),
      work,
    );
  } catch (error) {
    if (work !== undefined) await rm(work, { recursive: true, force: true });
    throw named(toStoreError(error, path), path, work);
  }
}

function removedWhenClosed(store: LevelStore, work: string): StoreSnapshot {
  return {
    get: (key) => store.get(key),
    scan: (after) => store.scan(after),
    close: async () => {
      try {
        await store.close();
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    },
  };
}

/** Names the store, and not where we look at it. */
function named(error: StoreError, path: string, work: string | undefined): StoreError {
  if (work === undefined) return error;
  const message = error.message.replaceAll(work, path);
  return new StoreError(error.code, message, { cause: error.cause });
}
