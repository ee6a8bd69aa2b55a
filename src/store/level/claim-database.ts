import { MAX_NOTE_AGE_MS } from './expiry-sweeper.js';
import { CLOCK_KEY, IDENTITY_KEY } from './layout.js';
import type { LevelDatabase } from './level-database.js';
import { notOursError } from './store-errors.js';
import {
  createIdentity,
  decodeIdentity,
  encodeIdentity,
  type StoreIdentity,
} from './store-identity.js';
import { SweepGuard, type SweepClocks } from './sweep-guard.js';

/** A database that has turned out to be ours, or has become it. */
export interface ClaimedDatabase {
  readonly identity: StoreIdentity;
  readonly guard: SweepGuard;
}

/**
 * Reads who made the database and counts this opening in it; an empty one becomes ours. The write
 * waits for the disk, and proves that the store can be written before anybody relies on it. `onLastUse`
 * hears when at the latest it was last in use, if that was ever noted.
 *
 * @throws StoreError STORE_NOT_OURS, STORE_NEWER_FORMAT, STORE_DAMAGED, STORE_UNAVAILABLE
 */
export async function claimDatabase(
  database: LevelDatabase,
  clocks: SweepClocks,
  onLastUse?: (lastUsedAt: number) => void,
): Promise<ClaimedDatabase> {
  const identity = await nextIdentity(database);
  const notedAt = lastNote(database);
  // Whoever hears of it may put the clock right by it.
  if (notedAt !== undefined) onLastUse?.(notedAt + MAX_NOTE_AGE_MS);
  const guard = new SweepGuard(clocks, notedAt);
  await database.write((batch) => {
    batch.put(IDENTITY_KEY, encodeIdentity(identity));
    if (guard.believes()) batch.put(CLOCK_KEY, Buffer.from(String(clocks.now())));
  }, true);
  return { identity, guard };
}

async function nextIdentity(database: LevelDatabase): Promise<StoreIdentity> {
  const written = database.read(IDENTITY_KEY);
  if (written !== undefined) {
    const identity = decodeIdentity(written, database.path);
    return { ...identity, generation: identity.generation + 1 };
  }
  for await (const page of database.pages({})) {
    if (page.length > 0) throw notOursError(database.path, 'it is another program’s LevelDB');
  }
  return createIdentity();
}

function lastNote(database: LevelDatabase): number | undefined {
  const note = Number(database.read(CLOCK_KEY)?.toString() ?? Number.NaN);
  return Number.isFinite(note) ? note : undefined;
}
