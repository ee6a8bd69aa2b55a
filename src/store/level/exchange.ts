import { mkdtemp, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StoreError } from '../store.js';
import { listDatabase, type DatabaseFile } from './database-files.js';
import { finishExchange, forgetExchange, noteExchange, syncDirectory } from './exchange-journal.js';
import { isThere } from './file-presence.js';
import { reasonOf, toStoreError } from './store-errors.js';
import { findRemains, giveToOwnerOf, holdLock, requireExchangeable } from './store-files.js';

/** Where work on a database is done. */
export interface Place {
  readonly original: string;
  readonly files: readonly DatabaseFile[];
  /** Clones of the original: one to look at, one for LevelDB to repair. */
  readonly looked: string;
  readonly repaired: string;
  /** What is to take the original's place. */
  readonly fresh: string;
}

/** What is done beside a database: in the names of directories, and in what is said of a failure. */
export type Work = 'repair' | 'restore';

const participles = { repair: 'repaired', restore: 'restored' } as const satisfies Record<
  Work,
  string
>;

/**
 * Does something about a database that nobody can open meanwhile. All of it is done in a directory
 * beside it, which is removed in the end, and with it what others have left there that were killed.
 *
 * @throws StoreError
 */
export async function besideDatabase<T>(
  path: string,
  work: Work,
  body: (place: Place) => Promise<T>,
): Promise<T> {
  let directory: string | undefined;
  try {
    await finishExchange(path);
    const files = await listDatabase(path);
    const original = await realpath(path);
    await requireExchangeable(original);
    directory = await mkdtemp(`${original}.${work}-`);
    const names = ['a', 'b', 'c', 'lock'];
    const [looked = '', repaired = '', fresh = '', holder = ''] = names.map((name) =>
      join(directory ?? '', name),
    );
    const lock = await holdLock(original, holder);
    try {
      await removeRemains(original, directory);
      return await body({ original, files, looked, repaired, fresh });
    } finally {
      await lock.close();
    }
  } catch (error) {
    throw failureOf(error, { path, work, directory });
  } finally {
    if (directory !== undefined) await rm(directory, { recursive: true, force: true });
  }
}

/** What is left of works that were killed: with the lock in our hands none is under way. */
async function removeRemains(original: string, own: string): Promise<void> {
  await forgetExchange(original);
  for (const remains of await findRemains(original)) {
    if (remains !== own) await rm(remains, { recursive: true, force: true });
  }
}

/**
 * Puts the fresh database of a place where the original is, which is renamed and kept. Killed at any
 * moment, it leaves one of the two in its place, or what {@link finishExchange} puts there.
 *
 * @param now epoch milliseconds, for the name of what is kept
 * @returns where the original is now
 */
export async function exchangeDatabase({ original, fresh }: Place, now: number): Promise<string> {
  const date = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const aside = await freeName(`${original}.aside-${date}`);
  await giveToOwnerOf(original, fresh);
  await noteExchange(original, { fresh, aside }, join(dirname(fresh), 'journal'));
  await rename(original, aside);
  try {
    await putInPlace(fresh, original);
  } catch (error) {
    await rename(aside, original);
    await forgetExchange(original);
    throw error;
  }
  await syncDirectory(dirname(original));
  await forgetExchange(original);
  return aside;
}

/** Two works of one second keep two databases. */
async function freeName(name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (!(await isThere(candidate))) return candidate;
  }
}

async function putInPlace(fresh: string, original: string): Promise<void> {
  try {
    await rename(fresh, original);
  } catch (error) {
    // Whoever opens a store in this very moment has put it there.
    if (!(await isThere(fresh)) && (await isThere(original))) return;
    throw error;
  }
}

/** What is to be thrown: it names the store, and not where the work is done. */
export function failureOf(
  thrown: unknown,
  {
    path,
    work,
    directory,
  }: { readonly path: string; readonly work: Work; readonly directory: string | undefined },
): Error {
  // Whoever fills a store may have trouble of its own, with what it reads.
  if (thrown instanceof Error && thrown.name === 'MigrateError') return thrown;
  const error = toStoreError(thrown, path);
  const inWork =
    directory === undefined ? undefined : new RegExp(`${escapeRegExp(directory)}/\\w+`, 'g');
  const named = (text: string): string => (inWork ? text.replace(inWork, path) : text);
  if (error.code !== 'STORE_UNAVAILABLE') {
    return new StoreError(error.code, named(error.message), { cause: error.cause });
  }
  const message =
    `The store ${path} could not be ${participles[work]}: ${named(reasonOf(error))}. Nothing was changed. ` +
    'Beside it there must be room for another of its size.';
  return new StoreError(error.code, message, { cause: error });
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
