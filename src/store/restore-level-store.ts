import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { besideDatabase, exchangeDatabase, failureOf } from './level/exchange.js';
import { finishExchange } from './level/exchange-journal.js';
import { toStoreError } from './level/store-errors.js';
import { giveToOwnerOf } from './level/store-files.js';
import { openLevelStore, type LevelStore } from './level-store.js';

/** Puts into an empty store what it is to hold. Whatever it throws ends the work. */
export type FillStore = (store: LevelStore) => Promise<void>;

/**
 * Makes a new store beside the one in a directory, and puts it in its place once it is whole and on
 * the disk; whatever goes wrong before leaves the store as it was. Nothing is deleted: the old one is
 * renamed.
 *
 * @param now epoch milliseconds, for the name of what is kept
 * @returns where the old one is now; undefined if there was none
 * @throws StoreError STORE_LOCKED if somebody has it open, STORE_NOT_OURS, STORE_PERMISSION or
 *   STORE_UNAVAILABLE; what `fill` throws
 */
export async function restoreLevelStore(
  path: string,
  fill: FillStore,
  now: number,
): Promise<string | undefined> {
  await finishExchange(path);
  if (!(await holdsSomething(path))) {
    await makeInItsPlace(resolve(path), fill, now);
    return undefined;
  }
  return await besideDatabase(path, 'restore', async (place) => {
    await make(place.fresh, fill, now);
    return await exchangeDatabase(place, now);
  });
}

async function make(path: string, fill: FillStore, now: number): Promise<void> {
  const store = await openLevelStore({ path, durability: 'power', clock: { now: () => now } });
  try {
    await fill(store);
  } finally {
    await store.close();
  }
}

async function makeInItsPlace(path: string, fill: FillStore, now: number): Promise<void> {
  let directory: string | undefined;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o755 });
    directory = await mkdtemp(`${path}.restore-`);
    const fresh = join(directory, 'c');
    await make(fresh, fill, now);
    await giveToOwnerOf(dirname(path), fresh);
    // An empty directory gives way.
    await rename(fresh, path);
  } catch (error) {
    throw failureOf(error, { path, work: 'restore', directory });
  } finally {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }
}

async function holdsSomething(path: string): Promise<boolean> {
  try {
    return (await readdir(path)).length > 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw toStoreError(error, path);
  }
}
