import { basename, join } from 'node:path';
import { checkTableFile, type BadPart, type OnStep } from './level/check-table.js';
import { hasCode } from './level/file-presence.js';
import { readManifest } from './level/manifest.js';
import { damagedError, toStoreError } from './level/store-errors.js';
import { listDatabase, tableName } from './level/database-files.js';
import type { StoreError } from './store.js';

/** A file of a store that is not as it was written. */
export interface BadFile {
  readonly name: string;
  /** Where the damage begins. */
  readonly offset: number;
  /** How many of its blocks are damaged. */
  readonly blocks: number;
  /** For people. */
  readonly found: string;
}

/** What a check has found. */
export interface StoreCheck {
  readonly tables: number;
  readonly bytes: number;
  readonly bad: readonly BadFile[];
}

/** How a check goes about it. */
export interface CheckOptions {
  /** Waited for after each step; what it throws ends the check. */
  readonly onStep?: OnStep;
  /** Hears of each damaged file at once. */
  readonly onBad?: (bad: BadFile) => void;
}

/**
 * Compares the tables of a store with their checksums, which LevelDB does not do. It only reads, needs
 * no lock, and may be done while the store is in use: what is written meanwhile is for the next check,
 * and a table that goes is no damage.
 *
 * @throws StoreError STORE_NOT_OURS, STORE_PERMISSION or STORE_UNAVAILABLE, or what `onStep` throws
 */
export async function checkLevelStore(
  path: string,
  { onStep = () => Promise.resolve(), onBad }: CheckOptions = {},
): Promise<StoreCheck> {
  try {
    await listDatabase(path);
    const { tables, bad: badList } = await readList(path, onStep);
    const bad: BadFile[] = [];
    const add = (found: BadFile): void => {
      bad.push(found);
      onBad?.(found);
    };
    if (badList !== undefined) add(badList);
    const gone: number[] = [];
    let bytes = 0;
    for (const [number, size] of tables) {
      const name = tableName(number);
      const parts = await checkTableFile(join(path, name), size, onStep);
      if (parts === undefined) gone.push(number);
      else if (parts.length > 0) add(badTable(name, parts));
      bytes += size;
    }
    // It is noted that a table is of no use any more before it is removed.
    const after = gone.length > 0 ? (await readList(path, onStep)).tables : tables;
    for (const number of gone.filter((each) => after.has(each))) add(missing(tableName(number)));
    return { tables: tables.size, bytes, bad };
  } catch (error) {
    throw isOfSystem(error) ? toStoreError(error, path) : error;
  }
}

/** The error that tells of a damaged file, and what to do. */
export function badFileError(path: string, { name, found }: BadFile): StoreError {
  return damagedError(path, `${name}: ${found}`);
}

interface TableList {
  readonly tables: ReadonlyMap<number, number>;
  readonly bad?: BadFile;
}

async function readList(path: string, onStep: OnStep): Promise<TableList> {
  // Opening a store puts another manifest in the place of the one that was just named.
  for (let isLast = false; ; isLast = true) {
    try {
      const { name, tables, badAt } = await readManifest(path, onStep);
      if (badAt === undefined) return { tables };
      const found = `it cannot be read from byte ${String(badAt)} on`;
      return { tables, bad: { name, offset: badAt, blocks: 1, found } };
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
      if (isLast) return { tables: new Map(), bad: missing(nameIn(error)) };
    }
  }
}

/** Which file the system was asked for. */
function nameIn(error: unknown): string {
  const path = error instanceof Error && 'path' in error ? error.path : undefined;
  return typeof path === 'string' ? basename(path) : 'CURRENT';
}

function missing(name: string): BadFile {
  return { name, offset: 0, blocks: 1, found: 'it is missing' };
}

function badTable(name: string, parts: readonly BadPart[]): BadFile {
  const offset = Math.min(...parts.map((each) => each.offset));
  const blocks = parts.length;
  if (parts.some(({ part }) => part === 'end')) {
    return { name, offset, blocks, found: 'its end is not as written, or missing' };
  }
  const what = blocks === 1 ? 'a block is' : `${String(blocks)} blocks are`;
  return {
    name,
    offset,
    blocks,
    found: `${what} not as written, at byte ${String(offset)}${blocks === 1 ? '' : ' and behind'}`,
  };
}

function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
