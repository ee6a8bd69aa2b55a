import { open, readdir, readFile, readlink, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { StoreError } from '../store.js';
import { hasCode, isThere } from './file-presence.js';
import { reasonOf, toStoreError } from './store-errors.js';

/*
 * Two directories cannot change names in one step: between the two renames there is no store, and
 * whoever opens one then would begin with an empty one. So what is going to be done is written down
 * before, in a file beside the store, and whoever finds no store finishes it.
 */

/** Directories that are about to change names, each beside the store or in a directory there. */
export interface Exchange {
  /** What takes the store's place. */
  readonly fresh: string;
  /** Where the store goes. */
  readonly aside: string;
}

/** An exchange that was interrupted, and what has come of it. */
export interface FinishedExchange {
  /** The new one stands in its place; otherwise the old one does again. */
  readonly isNew: boolean;
  /** Where the old one is kept, if the new one is in its place. */
  readonly aside: string | undefined;
}

/** More links than that lead nowhere. */
const MAX_LINKS = 40;

/**
 * Writes down what is about to be done with the store in a directory; it is on the disk then.
 *
 * @param draft a path beside it for a file that may be there in part
 */
export async function noteExchange(
  original: string,
  { fresh, aside }: Exchange,
  draft: string,
): Promise<void> {
  const parent = dirname(original);
  const names = [fresh, aside].map((path) => path.slice(parent.length + 1));
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ fresh: names[0], aside: names[1] })}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, journalOf(original));
  await syncDirectory(parent);
}

/** Nothing is to be finished any more: the store is there, whoever calls has it locked. */
export async function forgetExchange(original: string): Promise<void> {
  await rm(journalOf(original), { force: true });
}

/**
 * Finishes an exchange in the middle of which somebody was killed, if there is no store in a directory
 * because of that.
 *
 * @throws StoreError if it cannot be done here; the message says what to do
 */
export async function finishExchange(path: string): Promise<FinishedExchange | undefined> {
  const original = await placeOf(resolve(path));
  if (await holdsAnything(original)) return undefined;
  const exchange = await readExchange(original);
  if (exchange === undefined) return undefined;
  const { fresh, aside } = exchange;
  const isNew = await isThere(fresh);
  if (!isNew && !(await isThere(aside))) {
    await forgetExchange(original);
    return undefined;
  }
  try {
    await rename(isNew ? fresh : aside, original);
    await syncDirectory(dirname(original));
  } catch (error) {
    // Another one who wanted to open it has been quicker.
    if (await holdsAnything(original)) return undefined;
    throw unfinished(path, { fresh: isNew ? fresh : aside, aside }, error);
  }
  await forgetExchange(original);
  if (dirname(fresh) !== dirname(original)) {
    await rm(dirname(fresh), { recursive: true, force: true });
  }
  return { isNew, aside: isNew ? aside : undefined };
}

/** Waits until the names in a directory are on the disk. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function journalOf(original: string): string {
  return `${original}.exchange`;
}

/** Undefined if nothing is written down, or nothing that makes sense. */
async function readExchange(original: string): Promise<Exchange | undefined> {
  let text: string;
  try {
    text = await readFile(journalOf(original), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw toStoreError(error, original);
  }
  const found = /^\{"fresh":"([^"/\\]+(?:\/c)?)","aside":"([^"/\\]+)"\}\n$/.exec(text);
  const [, fresh = '', aside = ''] = found ?? [];
  // Whatever else may be in such a file, nothing is done but to directories that are named after it.
  const name = basename(original);
  if (![fresh, aside].every((each) => each.startsWith(`${name}.`))) return undefined;
  const [newOne, oldOne] = [fresh, aside].map((each) => join(dirname(original), each));
  return { fresh: newOne ?? '', aside: oldOne ?? '' };
}

/** The directory that a path means, which need not be there: links are followed. */
async function placeOf(path: string): Promise<string> {
  let place = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    const target = await readlink(place).catch(() => undefined);
    if (target === undefined) return place;
    place = resolve(dirname(place), target);
  }
  return place;
}

async function holdsAnything(path: string): Promise<boolean> {
  try {
    return (await readdir(path)).length > 0;
  } catch (error) {
    // What is no directory, or may not be read, is told of by whoever opens it.
    return !hasCode(error, 'ENOENT');
  }
}

function unfinished(path: string, { fresh, aside }: Exchange, cause: unknown): StoreError {
  const { code } = toStoreError(cause, path);
  const kept = fresh === aside ? '' : ` The one before it is kept in ${aside}.`;
  const message =
    `A repair or restore of the store ${path} was interrupted at its last step, and cannot be ` +
    `finished here: ${reasonOf(cause)}. Rename ${fresh} to ${path}, or run "greymilter repair" as a ` +
    `user who may, such as root, with the same --config or --store; then start again.${kept}`;
  return new StoreError(code, message, { cause });
}
