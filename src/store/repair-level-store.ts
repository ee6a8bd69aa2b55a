import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkLevelStore } from './check-level-store.js';
import { besideDatabase, exchangeDatabase, type Place } from './level/exchange.js';
import { examine, type Condition } from './level/examine.js';
import { LevelDatabase } from './level/level-database.js';
import { mendTables } from './level/mend-tables.js';
import { salvage, type Salvaged } from './level/salvage.js';
import { prepareDirectory } from './level/store-directory.js';
import { isTable, listDatabase, type DatabaseFile } from './level/database-files.js';
import { cloneDatabase } from './level/store-files.js';
import { openLevelStore } from './level-store.js';
import { StoreError } from './store.js';

/** What a repair found, and what it has done. */
export type RepairReport = SoundReport | RepairedReport | DeclinedReport;

/** Nothing is wrong; nothing was changed. */
export interface SoundReport {
  readonly kind: 'sound';
  readonly records: number;
  readonly bytes: number;
}

/** What could be read of a damaged database. */
export interface RepairFinding extends Salvaged {
  /** What was stumbled over first. */
  readonly damage: string;
  /** Tables that were damaged. */
  readonly badTables: readonly string[];
  readonly bytesBefore: number;
}

/** Somebody has seen what could be saved, and left all as it was. */
export interface DeclinedReport extends RepairFinding {
  readonly kind: 'declined';
}

/** A new database stands in the place of the damaged one. */
export interface RepairedReport extends RepairFinding {
  readonly kind: 'repaired';
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
 * @param isWanted asked with all that could be saved, before anything takes its place
 * @throws StoreError STORE_LOCKED, STORE_NOT_OURS, STORE_NEWER_FORMAT, STORE_DAMAGED if LevelDB
 *   gives it up, STORE_PERMISSION or STORE_UNAVAILABLE
 */
export async function repairLevelStore(
  path: string,
  now: number,
  isWanted: (finding: RepairFinding) => Promise<boolean> = () => Promise.resolve(true),
): Promise<RepairReport> {
  return await besideDatabase(path, 'repair', async (place) => {
    const bytes = sizeOf(place.files);
    const condition = await look(place);
    if (condition.kind === 'sound') return { ...condition, bytes };
    const badTables = await repairClone(place);
    const salvaged = await salvageClone(place);
    const finding = { damage: condition.damage, badTables, bytesBefore: bytes, ...salvaged };
    if (!(await isWanted(finding))) return { kind: 'declined', ...finding };
    const aside = await exchangeDatabase(place, now);
    const bytesAfter = sizeOf(await listDatabase(place.original));
    return { kind: 'repaired', bytesAfter, aside, ...finding };
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
  return await besideDatabase(path, 'repair', async (place) => {
    await look(place).catch((error: unknown) => {
      if (!(error instanceof StoreError) || error.code !== 'STORE_NEWER_FORMAT') throw error;
    });
    const clock = { now: () => now };
    const fresh = await openLevelStore({ path: place.fresh, durability: 'power', clock });
    await fresh.close();
    return await exchangeDatabase(place, now);
  });
}

/** Checksums first: LevelDB ends the process if it meets keys out of order in a damaged table. */
async function look({ original, files, looked }: Place): Promise<Condition> {
  const [bad] = (await checkLevelStore(original)).bad;
  if (bad !== undefined) return { kind: 'damaged', damage: `${bad.name}: ${bad.found}` };
  await cloneDatabase(original, files, looked);
  return await examine(looked);
}

/** @returns the tables that were damaged, by their checksums or for LevelDB */
async function repairClone({ original, files, repaired }: Place): Promise<readonly string[]> {
  await cloneDatabase(original, files, repaired);
  const names = files.map(({ name }) => name);
  const mended = await mendTables(repaired, names);
  await LevelDatabase.repair(repaired);
  const lost = await readdir(join(repaired, 'lost')).catch(() => []);
  return [...new Set([...mended, ...lost.filter(isTable)])].sort();
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

function sizeOf(files: readonly DatabaseFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
