import { access, constants, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { syncDirectory } from './exchange-journal.js';
import { damagedError, notOursError, toStoreError } from './store-errors.js';

/** The file by which `proveWritable` finds out whether there is room to write. */
export const PROBE_FILE = 'WRITE-PROBE';

/** Neither ours nor in the way: the root of an ext file system has the first. */
const IGNORED = new Set(['lost+found', PROBE_FILE]);

/** What LevelDB leaves if it is killed while it creates a database, before anything is in it. */
const UNFINISHED = /^(LOCK|LOG|LOG\.old|MANIFEST-000001|\d{6}\.dbtmp)$/;

const DATA_FILE = /^\d{6,}\.(ldb|sst|log)$/;

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function directoryExists(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  throw notOursError(path, 'it is no directory');
}

/** Refuses a directory with anything in it but a LevelDB database, whole or hardly begun. */
function judge(path: string, names: readonly string[]): void {
  const present = names.filter((name) => !IGNORED.has(name));
  if (present.length === 0 || present.includes('CURRENT')) return;
  const data = present.find((name) => DATA_FILE.test(name));
  if (data !== undefined) {
    // LevelDB would take such a directory for a new database and delete what it does not know.
    throw damagedError(path, `it holds ${data}, but the file CURRENT is missing`);
  }
  const foreign = present.find((name) => !UNFINISHED.test(name));
  if (foreign !== undefined) throw notOursError(path, `it holds "${foreign}" and no database`);
}

/**
 * Makes sure that LevelDB may open, or create, a database in `path`. A missing directory is
 * created, readable by its owner only, since it will hold who writes to whom.
 *
 * @throws StoreError STORE_NOT_OURS, STORE_DAMAGED, STORE_PERMISSION or STORE_UNAVAILABLE
 */
export async function prepareDirectory(path: string): Promise<void> {
  try {
    if (!(await directoryExists(path))) {
      await mkdir(dirname(resolve(path)), { recursive: true, mode: 0o755 });
      await mkdir(path, { recursive: true, mode: 0o700 });
      await syncDirectory(dirname(resolve(path)));
    }
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    judge(path, await readdir(path));
  } catch (error) {
    throw toStoreError(error, path);
  }
}
