import { realpath, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Commit } from './commit.js';
import { JOURNAL_KEY, JOURNALED_KEY } from './layout.js';
import type { LevelDatabase, WriteBatch } from './level-database.js';
import { readJournal, type JournalPlace } from './memory-journal.js';
import { toStoreError } from './store-errors.js';

/** What a process that was killed has left in memory. */
export interface InheritedJournal {
  readonly place: JournalPlace;
  /** What the database lacks of it, in its order. */
  readonly commits: readonly Commit[];
}

/**
 * Looks for the journal of whoever had the database open last; undefined if nothing is left of it, as
 * always after an orderly end.
 *
 * @param generation how often it has been opened: who has opened it since knew nothing of journals
 * @throws StoreError if it is there and cannot be read
 */
export async function findInherited(
  database: LevelDatabase,
  generation: number,
): Promise<InheritedJournal | undefined> {
  const place = decodePlace(database.read(JOURNAL_KEY));
  if (place?.generation !== generation) return undefined;
  const upTo = Number(database.read(JOURNALED_KEY)?.toString() ?? 0);
  try {
    const owners = [process.geteuid?.(), (await stat(join(database.path, 'LOCK'))).uid];
    const commits = await readJournal(place, upTo, owners);
    return commits === undefined ? undefined : { place, commits };
  } catch (error) {
    throw toStoreError(error, place.path);
  }
}

/** Notes which journal there is from now on; none if undefined. */
export function noteJournal(batch: WriteBatch, place: JournalPlace | undefined): void {
  batch.del(JOURNALED_KEY);
  if (place === undefined) batch.del(JOURNAL_KEY);
  else batch.put(JOURNAL_KEY, Buffer.from(JSON.stringify(place)));
}

/** The same note, for a database that is made of another one and counts on. */
export function carryNote(note: Buffer, generation: number): Buffer {
  const place = decodePlace(note);
  return place === undefined ? note : Buffer.from(JSON.stringify({ ...place, generation }));
}

/** Takes it away now that the database has it all; a copy of a store leaves that to the store. */
export async function removeInherited(
  { place }: InheritedJournal,
  database: LevelDatabase,
): Promise<void> {
  // What stays behind is of no use to anybody, and gone when the machine is started anew.
  const own = await realpath(database.path).catch(() => undefined);
  if (place.store === own) await rm(place.path, { force: true }).catch(() => undefined);
}

function decodePlace(bytes: Buffer | undefined): JournalPlace | undefined {
  if (bytes === undefined) return undefined;
  try {
    const found: unknown = JSON.parse(bytes.toString());
    if (typeof found !== 'object' || found === null) return undefined;
    if (!('path' in found && 'id' in found && 'store' in found && 'generation' in found)) {
      return undefined;
    }
    const { path, id, store, generation } = found;
    if (typeof path !== 'string' || typeof id !== 'string') return undefined;
    if (typeof store !== 'string' || typeof generation !== 'number') return undefined;
    return { path, id, store, generation };
  } catch {
    // Whoever wrote that had no journal of ours.
    return undefined;
  }
}
