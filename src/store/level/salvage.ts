import { StoreError } from '../store.js';
import { carryNote } from './inherited-journal.js';
import {
  bucketOf,
  CLOCK_KEY,
  decodePage,
  encodePage,
  EXPIRY_RANGE,
  IDENTITY_KEY,
  JOURNAL_KEY,
  JOURNALED_KEY,
  MAX_PAGE_SLOTS,
  pageKey,
  RECORD_RANGE,
  SLOT_KEY_BYTES,
  writeSlotKey,
} from './layout.js';
import type { LevelDatabase, Pair, WriteBatch } from './level-database.js';
import { readablePages } from './readable-pages.js';
import { createSlotHash, type SlotHash } from './slot-hash.js';
import { decodeSlot, EMPTY_SLOT, replaceEntry, SlotEncoder, type Slot } from './slot.js';
import { notOursError } from './store-errors.js';
import {
  createIdentity,
  decodeIdentity,
  encodeIdentity,
  type StoreIdentity,
} from './store-identity.js';

/** What the store knows of itself beside its identity: a killed process may have left a journal. */
const NOTES = [CLOCK_KEY, JOURNAL_KEY, JOURNALED_KEY];

/** What came over from a damaged database. */
export interface Salvaged {
  /** Records that are there again. */
  readonly kept: number;
  /** Slots whose bytes make no sense. */
  readonly garbled: number;
  /** Records that the index named, as far as it could be read: about what there was. */
  readonly listed: number;
  /** Whether the store had to be given a new identity. */
  readonly isNewIdentity: boolean;
}

/**
 * Copies all records that can be read to an empty database and builds all else from them: the slots,
 * since a record carries its key, the expiry pages, and the identity if it is lost. Expired records
 * come along: if the clock is wrong they are not expired.
 *
 * @throws StoreError STORE_NOT_OURS, STORE_NEWER_FORMAT, or what reading and writing may throw
 */
export async function salvage(source: LevelDatabase, target: LevelDatabase): Promise<Salvaged> {
  const found = readIdentity(source);
  if (found === undefined) await requireOurs(source);
  const identity = found ?? createIdentity();
  const generation = identity.generation + 1;
  const rebuild = new Rebuild(target, createSlotHash(identity.hashSecret), generation);
  for await (const page of readablePages(source)) await rebuild.take(page);
  await rebuild.end({ ...identity, generation }, readNotes(source, generation));
  const { kept, garbled } = rebuild;
  const listed = await countListed(source);
  return { kept, garbled, listed, isNewIdentity: found === undefined };
}

/** Undefined if it is lost. */
function readIdentity(source: LevelDatabase): StoreIdentity | undefined {
  const written = source.read(IDENTITY_KEY);
  if (written === undefined) return undefined;
  try {
    return decodeIdentity(written, source.path);
  } catch (error) {
    if (error instanceof StoreError && error.code === 'STORE_DAMAGED') return undefined;
    throw error;
  }
}

/**
 * Without its identity a database is known by its keys.
 *
 * @throws StoreError STORE_NOT_OURS
 */
export async function requireOurs(source: LevelDatabase): Promise<void> {
  for await (const page of source.pages({})) {
    for (const [key] of page) {
      const isOurs = within(key, RECORD_RANGE) || within(key, EXPIRY_RANGE) || isOwnNote(key);
      if (!isOurs) throw notOursError(source.path, 'its LevelDB was made by another program');
    }
  }
}

function within(key: Uint8Array, { gte, lt }: typeof RECORD_RANGE): boolean {
  return Buffer.compare(key, gte) >= 0 && Buffer.compare(key, lt) < 0;
}

function isOwnNote(key: Uint8Array): boolean {
  return [...NOTES, IDENTITY_KEY].some((note) => Buffer.compare(key, note) === 0);
}

function readNotes(source: LevelDatabase, generation: number): readonly Pair[] {
  return NOTES.flatMap((key): readonly Pair[] => {
    const value = source.read(key);
    if (value === undefined) return [];
    return [[key, key === JOURNAL_KEY ? carryNote(value, generation) : value]];
  });
}

async function countListed(source: LevelDatabase): Promise<number> {
  let listed = 0;
  try {
    for await (const pages of source.pages(EXPIRY_RANGE)) {
      for (const [, page] of pages) listed += decodePage(page).length;
    }
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'STORE_DAMAGED') throw error;
  }
  return listed;
}

class Rebuild {
  readonly #target: LevelDatabase;
  readonly #slotHash: SlotHash;
  readonly #generation: number;
  readonly #encoder = new SlotEncoder();
  readonly #expiries = new Map<number, number[]>();
  #pages = 0;
  kept = 0;
  garbled = 0;

  constructor(target: LevelDatabase, slotHash: SlotHash, generation: number) {
    this.#target = target;
    this.#slotHash = slotHash;
    this.#generation = generation;
  }

  async take(pairs: readonly Pair[]): Promise<void> {
    const slots = new Map<number, Slot>();
    for (const [, bytes] of pairs) {
      const content = decodeSlot(bytes);
      if (content === undefined) this.garbled++;
      for (const entry of content ?? EMPTY_SLOT) {
        const slot = this.#slotHash(entry.key);
        slots.set(slot, replaceEntry(slots.get(slot) ?? this.#written(slot), entry.key, entry));
        this.#list(bucketOf(entry.expiresAt), slot);
        this.kept++;
      }
    }
    await this.#target.write((batch) => {
      for (const [slot, content] of slots) {
        batch.put(slotKey(slot), this.#encoder.encode(content));
      }
      for (const [bucket, listed] of this.#expiries) {
        if (listed.length >= MAX_PAGE_SLOTS) this.#putPages(batch, bucket, listed);
      }
    }, false);
  }

  /** Writes what is left, and waits for the disk. */
  async end(identity: StoreIdentity, notes: readonly Pair[]): Promise<void> {
    await this.#target.write((batch) => {
      for (const [bucket, listed] of this.#expiries) this.#putPages(batch, bucket, listed);
      batch.put(IDENTITY_KEY, encodeIdentity(identity));
      for (const [key, value] of notes) batch.put(key, value);
    }, true);
  }

  #written(slot: number): Slot {
    const bytes = this.#target.read(slotKey(slot));
    return (bytes && decodeSlot(bytes)) ?? EMPTY_SLOT;
  }

  #list(bucket: number, slot: number): void {
    const listed = this.#expiries.get(bucket);
    if (listed === undefined) this.#expiries.set(bucket, [slot]);
    else listed.push(slot);
  }

  #putPages(batch: WriteBatch, bucket: number, listed: readonly number[]): void {
    for (let from = 0; from < listed.length; from += MAX_PAGE_SLOTS) {
      const place = { bucket, generation: this.#generation, page: this.#pages++ };
      batch.put(pageKey(place), encodePage(listed.slice(from, from + MAX_PAGE_SLOTS)));
    }
    this.#expiries.delete(bucket);
  }
}

function slotKey(slot: number): Buffer {
  return writeSlotKey(slot, Buffer.alloc(SLOT_KEY_BYTES));
}
