import { mkdtemp, readdir, realpath, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { examine, type Condition } from './level/examine.js';
import { LevelDatabase } from './level/level-database.js';
import { salvage, type Salvaged } from './level/salvage.js';
import { prepareDirectory } from './level/store-directory.js';
import { reasonOf, toStoreError } from './level/store-errors.js';
import {
  cloneDatabase,
  giveToOwnerOf,
  holdLock,
  listDatabase,
  requireExchangeable,
  type DatabaseFile,
} from './level/store-files.js';
import { openLevelStore } from './level-store.js';
import { StoreError } from './store.js';

/** What a repair found, and what it has done. */
export type RepairReport = SoundReport | RepairedReport;

/** Nothing is wrong; nothing was changed. */
export interface SoundReport {
  readonly kind: 'sound';
  readonly records: number;
  readonly bytes: number;
}

/** A new database stands in the place of the damaged one. */
export interface RepairedReport extends Salvaged {
  readonly kind: 'repaired';
  /** What was stumbled over first. */
  readonly damage: string;
  /** Tables that LevelDB could not read, or not wholly. */
  readonly badTables: readonly string[];
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Where the damaged database is now, with every file as it was. */
  readonly aside: string;
}

/**
 * Repairs the store in a directory, if it needs that. All work is done beside it, and only when the
 * new database is complete do the two directories change names; whatever goes wrong before leaves
 * the store as it was. Nothing is deleted but what the repair itself has made.
 *
 * @param now epoch milliseconds, for the name of what is kept
 * @throws StoreError STORE_LOCKED, STORE_NOT_OURS, STORE_NEWER_FORMAT, STORE_DAMAGED if LevelDB
 *   gives it up, STORE_PERMISSION or STORE_UNAVAILABLE
 */
export async function repairLevelStore(path: string, now: number): Promise<RepairReport> {
  return await beside(path, async (place) => {
    const bytes = sizeOf(place.files);
    const condition = await look(place);
    if (condition.kind === 'sound') return { ...condition, bytes };
    const badTables = await repairClone(place);
    const salvaged = await salvageClone(place);
    const aside = await exchange(place, now);
    return {
      kind: 'repaired',
      damage: condition.damage,
      badTables,
      bytesBefore: bytes,
      bytesAfter: sizeOf(await listDatabase(place.original)),
      aside,
      ...salvaged,
    };
  });
}

/**
 * Puts an empty store in the place of the one in a directory, which is renamed and kept.
 *
 * @param now epoch milliseconds, for the name of what is kept
 * @returns where the old one is now
 * @throws StoreError as {@link repairLevelStore}, but puts aside a newer format and any damage
 */
export async function startLevelStoreEmpty(path: string, now: number): Promise<string> {
  return await beside(path, async (place) => {
    await look(place).catch((error: unknown) => {
      if (!(error instanceof StoreError) || error.code !== 'STORE_NEWER_FORMAT') throw error;
    });
    const clock = { now: () => now };
    const fresh = await openLevelStore({ path: place.fresh, durability: 'power', clock });
    await fresh.close();
    return await exchange(place, now);
  });
}

/** Where a repair works. */
interface Place {
  readonly original: string;
  readonly files: readonly DatabaseFile[];
  /** Clones of the original: one to look at, one for LevelDB to repair. */
  readonly looked: string;
  readonly repaired: string;
  /** What is to take the original's place. */
  readonly fresh: string;
}

/** Does something about a database that nobody can open meanwhile. */
async function beside<T>(path: string, body: (place: Place) => Promise<T>): Promise<T> {
  let work: string | undefined;
  try {
    const files = await listDatabase(path);
    const original = await realpath(path);
    await requireExchangeable(original);
    work = await mkdtemp(`${original}.repair-`);
    const [looked, repaired, fresh] = [join(work, 'a'), join(work, 'b'), join(work, 'c')];
    const lock = await holdLock(original, join(work, 'lock'));
    try {
      return await body({ original, files, looked, repaired, fresh });
    } finally {
      await lock.close();
    }
  } catch (error) {
    throw failure(toStoreError(error, path), path, work);
  } finally {
    if (work !== undefined) await rm(work, { recursive: true, force: true });
  }
}

/** Names the store, and not where the repair works. */
function failure(error: StoreError, path: string, work: string | undefined): StoreError {
  const inWork = work === undefined ? undefined : new RegExp(`${escapeRegExp(work)}/\\w+`, 'g');
  const named = (text: string): string => (inWork ? text.replace(inWork, path) : text);
  if (error.code !== 'STORE_UNAVAILABLE') {
    return new StoreError(error.code, named(error.message), { cause: error.cause });
  }
  const message =
    `The store ${path} could not be repaired: ${named(reasonOf(error))}. Nothing was changed. ` +
    'Beside it there must be room for another of its size.';
  return new StoreError(error.code, message, { cause: error });
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

async function look({ original, files, looked }: Place): Promise<Condition> {
  await cloneDatabase(original, files, looked);
  return await examine(looked);
}

/** @returns the tables that LevelDB has put away */
async function repairClone({ original, files, repaired }: Place): Promise<readonly string[]> {
  await cloneDatabase(original, files, repaired);
  await LevelDatabase.repair(repaired);
  const lost = await readdir(join(repaired, 'lost')).catch(() => []);
  return lost.filter((name) => /\.(ldb|sst)$/.test(name)).sort();
}

async function salvageClone({ repaired, fresh }: Place): Promise<Salvaged> {
  await prepareDirectory(fresh);
  const source = await LevelDatabase.open(repaired);
  try {
    const target = await LevelDatabase.open(fresh);
    try {
      const salvaged = await salvage(source, target);
      await target.flush();
      return salvaged;
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** @returns where the original is now */
async function exchange({ original, fresh }: Place, now: number): Promise<string> {
  const date = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const aside = `${original}.aside-${date}`;
  await giveToOwnerOf(original, fresh);
  await rename(original, aside);
  try {
    await rename(fresh, original);
  } catch (error) {
    await rename(aside, original);
    throw error;
  }
  return aside;
}

function sizeOf(files: readonly DatabaseFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
