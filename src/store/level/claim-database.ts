import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../telemetry/logger.js';
import { CommitWriter } from './commit-writer.js';
import { MAX_NOTE_AGE_MS } from './expiry-sweeper.js';
import { findInherited, noteJournal, removeInherited } from './inherited-journal.js';
import { CLOCK_KEY, IDENTITY_KEY } from './layout.js';
import type { LevelDatabase } from './level-database.js';
import { MemoryJournal } from './memory-journal.js';
import { notOursError } from './store-errors.js';
import {
  createIdentity,
  decodeIdentity,
  encodeIdentity,
  type StoreIdentity,
} from './store-identity.js';
import { SweepGuard, type SweepClocks } from './sweep-guard.js';

/** Who takes a database, and what for. */
export interface Claim {
  readonly clocks: SweepClocks;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** Hears when at the latest it was last in use, if that was ever noted. */
  readonly onLastUse?: ((lastUsedAt: number) => void) | undefined;
  /** Whether a commit also waits for the disk; then there is no journal. */
  readonly synced: boolean;
  /** Where the journal is to be; none without it. */
  readonly journalDirectory: string | undefined;
}

/** A database that has turned out to be ours, or has become it. */
export interface ClaimedDatabase {
  readonly identity: StoreIdentity;
  readonly guard: SweepGuard;
  readonly writer: CommitWriter;
  readonly journal: MemoryJournal | undefined;
}

/**
 * Reads who made the database and counts this opening in it; an empty one becomes ours. The write
 * waits for the disk, and proves that the store can be written before anybody relies on it. With it goes what
 * a process that was killed had accepted and not yet written.
 *
 * @throws StoreError STORE_NOT_OURS, STORE_NEWER_FORMAT, STORE_DAMAGED, STORE_UNAVAILABLE
 */
export async function claimDatabase(
  database: LevelDatabase,
  claim: Claim,
): Promise<ClaimedDatabase> {
  const { clocks, logger, onLastUse, synced } = claim;
  const identity = await nextIdentity(database);
  const notedAt = lastNote(database);
  // Whoever hears of it may put the clock right by it.
  if (notedAt !== undefined) onLastUse?.(notedAt + MAX_NOTE_AGE_MS);
  const guard = new SweepGuard(clocks, notedAt);
  const writer = new CommitWriter(database, { generation: identity.generation, synced });
  const inherited = await findInherited(database, identity.generation - 1);
  const journal = synced ? undefined : await createJournal(database, identity, claim);
  try {
    await database.write((batch) => {
      // First, for what is known now is newer than what they note.
      for (const commit of inherited?.commits ?? []) writer.fill(batch, commit);
      noteJournal(batch, journal?.place);
      batch.put(IDENTITY_KEY, encodeIdentity(identity));
      if (guard.believes()) batch.put(CLOCK_KEY, Buffer.from(String(clocks.now())));
    }, true);
  } catch (error) {
    await journal?.close();
    throw error;
  }
  if (inherited !== undefined) {
    await removeInherited(inherited, database);
    const records = inherited.commits.reduce((sum, { slots }) => sum + slots.size, 0);
    logger.info('read from the journal of a process that did not end in order', { records });
  }
  await journal?.removeOthers();
  return { identity, guard, writer, journal };
}

/** Without one mail is answered all the same, only later. */
async function createJournal(
  database: LevelDatabase,
  { hashSecret, generation }: StoreIdentity,
  { journalDirectory: directory, logger }: Claim,
): Promise<MemoryJournal | undefined> {
  if (directory === undefined) return undefined;
  const onFailed = (error: unknown): void =>
    logger.warn('the journal cannot be used: answers wait for the disk', {
      directory,
      error: String(error),
    });
  try {
    const store = await realpath(database.path);
    const { dev, ino } = await stat(join(store, 'LOCK'));
    const owner = { store, generation, mark: [...hashSecret, dev, ino].join(' ') };
    return await MemoryJournal.create(directory, owner, { onFailed });
  } catch (error) {
    onFailed(error);
    return undefined;
  }
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
