import { StoreError } from '../store.js';
import {
  EXPIRY_RANGE,
  IDENTITY_KEY,
  RECORD_RANGE,
  SLOT_KEY_BYTES,
  writeSlotKey,
} from './layout.js';
import { LevelDatabase, type Pair } from './level-database.js';
import { requireOurs } from './salvage.js';
import { createSlotHash, type SlotHash } from './slot-hash.js';
import { decodeSlot } from './slot.js';
import { prepareDirectory } from './store-directory.js';
import { damagedError, reasonOf } from './store-errors.js';
import { decodeIdentity } from './store-identity.js';

/** How a database is. */
export type Condition =
  | { readonly kind: 'sound'; readonly records: number }
  /** `damage`: what was stumbled over first. */
  | { readonly kind: 'damaged'; readonly damage: string };

/**
 * Opens a database as the daemon would and reads all of it. It is changed by that, as by any
 * opening, so this is for clones.
 *
 * @throws StoreError STORE_NOT_OURS, STORE_NEWER_FORMAT, and what is no damage
 */
export async function examine(path: string): Promise<Condition> {
  try {
    await prepareDirectory(path);
    const database = await LevelDatabase.open(path);
    try {
      return { kind: 'sound', records: await readAll(database) };
    } finally {
      await database.close();
    }
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'STORE_DAMAGED') throw error;
    return { kind: 'damaged', damage: reasonOf(error) };
  }
}

async function readAll(database: LevelDatabase): Promise<number> {
  const slotHash = await readSlotHash(database);
  let records = 0;
  for await (const page of database.pages(RECORD_RANGE)) {
    for (const pair of page) records += countRecords(pair, slotHash, database.path);
  }
  // Nothing can be wrong with the index but that it cannot be read.
  const index = database.pages(EXPIRY_RANGE);
  while ((await index.next()).done !== true);
  return records;
}

async function readSlotHash(database: LevelDatabase): Promise<SlotHash> {
  const written = database.read(IDENTITY_KEY);
  if (written !== undefined) {
    return createSlotHash(decodeIdentity(written, database.path).hashSecret);
  }
  await requireOurs(database);
  for await (const page of database.pages({})) {
    if (page.length > 0) throw damagedError(database.path, 'its identity is missing');
  }
  return createSlotHash([0, 0]);
}

function countRecords([key, bytes]: Pair, slotHash: SlotHash, path: string): number {
  const content = decodeSlot(bytes);
  if (content === undefined) throw damagedError(path, 'an entry is garbled');
  for (const entry of content) {
    const place = writeSlotKey(slotHash(entry.key), Buffer.alloc(SLOT_KEY_BYTES));
    if (!place.equals(key)) throw damagedError(path, 'an entry lies where nobody looks for it');
  }
  return content.length;
}
