import { constants } from 'node:fs';
import { access, chown, copyFile, link, mkdir, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DatabaseFile } from './database-files.js';
import { hasCode } from './file-presence.js';
import { LevelDatabase } from './level-database.js';
import { lockedError, permissionError, toStoreError, unavailableError } from './store-errors.js';
import { StoreError } from '../store.js';

/**
 * Makes a second directory with the same database in it. LevelDB makes and removes files and never
 * changes one, so the files are shared by hard links, which takes no room and no time; where links
 * are not to be had they are copied.
 */
export async function cloneDatabase(
  from: string,
  files: readonly DatabaseFile[],
  to: string,
): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  for (const { name } of files) {
    const [source, target] = [join(from, name), join(to, name)];
    await link(source, target).catch(() => copyFile(source, target, constants.COPYFILE_FICLONE));
  }
}

/**
 * Keeps every other process from opening the database in `path` until the holder is closed, without
 * opening it itself: another, empty database in the new directory `holder` shares its lock file.
 *
 * @throws StoreError STORE_LOCKED if another process has it open
 */
export async function holdLock(path: string, holder: string): Promise<LevelDatabase> {
  const lock = join(path, 'LOCK');
  await mkdir(holder, { mode: 0o700 });
  await link(lock, join(holder, 'LOCK')).catch(async (error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error;
    // Without a lock file nobody can have it open.
    await makeLock(path, lock);
    await link(lock, join(holder, 'LOCK'));
  });
  try {
    return await LevelDatabase.open(holder);
  } catch (error) {
    const isLocked = error instanceof StoreError && error.code === 'STORE_LOCKED';
    throw isLocked ? lockedError(path, error) : toStoreError(error, path);
  }
}

async function makeLock(path: string, lock: string): Promise<void> {
  const { uid, gid } = await stat(path);
  const file = await open(lock, 'ax', 0o600);
  try {
    if (uid !== process.geteuid?.()) await file.chown(uid, gid);
  } finally {
    await file.close();
  }
}

/**
 * Refuses a directory that cannot be renamed, before anything is done.
 *
 * @throws StoreError STORE_PERMISSION, or STORE_UNAVAILABLE for a mount point
 */
export async function requireExchangeable(path: string): Promise<void> {
  const parent = dirname(path);
  if ((await stat(path)).dev !== (await stat(parent)).dev) {
    throw unavailableError(path, new Error('it is a mount point and cannot be renamed'));
  }
  const isWritable = await access(parent, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (!isWritable) throw permissionError(path, new Error(`${parent} may not be written to`));
}

/** Gives a new directory and the files in it to whom the old one belongs; needed if we are root. */
export async function giveToOwnerOf(old: string, path: string): Promise<void> {
  const { uid, gid } = await stat(old);
  const own = await stat(path);
  if (own.uid === uid && own.gid === gid) return;
  for (const name of await readdir(path)) await chown(join(path, name), uid, gid);
  await chown(path, uid, gid);
}

/** What is made in a directory where work on a database is done. */
const WORK_FILE = /^(a|b|c|lock|journal)$/;

/** Directories beside a store in which work on it was done, or still is; others are left out. */
export async function findRemains(original: string): Promise<readonly string[]> {
  const parent = dirname(original);
  const found: string[] = [];
  for (const name of await readdir(parent)) {
    if (!name.startsWith(`${basename(original)}.`)) continue;
    const rest = name.slice(basename(original).length + 1);
    if (!/^(repair|restore)-\w{6}$/.test(rest)) continue;
    const inside = await readdir(join(parent, name)).catch(() => ['unreadable']);
    if (inside.every((each) => WORK_FILE.test(each))) found.push(join(parent, name));
  }
  return found;
}
