/*
 * Where things lie in LevelDB. The first byte of a LevelDB key says what it is:
 *
 *   'm' + name                                       what the store knows of itself
 *   'r' + slot (7 bytes)                             the entries whose keys hash to that slot
 *   'x' + bucket (3) + generation (3) + page (4)     slots (7 bytes each) to look at, once all
 *                                                    that expires in that bucket has expired
 *
 * An entry is listed on one page only, written with it; the sweeper moves it on.
 */

/** One kind of LevelDB key, as a range. */
export interface KeyRange {
  readonly gte: Uint8Array;
  readonly lt: Uint8Array;
}

const RECORD = 0x72;
const EXPIRY = 0x78;

export const IDENTITY_KEY: Uint8Array = Buffer.from('mstore');
export const CLOCK_KEY: Uint8Array = Buffer.from('mclock');
/** Which memory journal there may be, and the last of its entries that the database has. */
export const JOURNAL_KEY: Uint8Array = Buffer.from('mjournal');
export const JOURNALED_KEY: Uint8Array = Buffer.from('mjournaled');

export const SLOT_BYTES = 7;
export const SLOT_KEY_BYTES: number = 1 + SLOT_BYTES;

/** How many slots a page lists at most: beyond a few dozen the page's own key no longer counts. */
export const MAX_PAGE_SLOTS = 64;

/** Coarse enough that the writes of a commit share a page, fine against lives of days. */
const BUCKET_MS = 3_600_000;

export const RECORD_RANGE: KeyRange = {
  gte: Buffer.of(RECORD),
  lt: Buffer.of(RECORD + 1),
};

export const EXPIRY_RANGE: KeyRange = {
  gte: Buffer.of(EXPIRY),
  lt: Buffer.of(EXPIRY + 1),
};

/** Slots have 53 bits, so this is what their first byte can be. */
const FIRST_BYTES = 32;

/**
 * All there is in parts, to be compacted one after the other: LevelDB has one thread for that, and what
 * it must do meanwhile for the sake of writes waits for the end of a part.
 */
export const COMPACTED_RANGES: readonly KeyRange[] = [
  ...Array.from({ length: FIRST_BYTES }, (_, byte) => ({
    gte: Buffer.of(RECORD, byte),
    lt: Buffer.of(RECORD, byte + 1),
  })),
  EXPIRY_RANGE,
];

/** Writes a slot's number in {@link SLOT_BYTES} bytes; returns where they end. */
export function writeSlot(slot: number, target: Buffer, at: number): number {
  const upper = Math.floor(slot / 0x1_0000_0000);
  target.writeUIntBE(upper, at, 3);
  return target.writeUInt32BE(slot >>> 0, at + 3);
}

/** Reads what {@link writeSlot} has written. */
export function readSlot(source: Buffer, at: number): number {
  return source.readUIntBE(at, 3) * 0x1_0000_0000 + source.readUInt32BE(at + 3);
}

/** Writes the LevelDB key of a slot over the first {@link SLOT_KEY_BYTES} bytes of `target`. */
export function writeSlotKey(slot: number, target: Buffer): Buffer {
  target[0] = RECORD;
  writeSlot(slot, target, 1);
  return target;
}

/** Slots are numbers that are exact. */
export const SLOT_COUNT = 2 ** 53;

/** The slot of a LevelDB key; of one that is too short the first that it may have been. */
export function slotIn(key: Uint8Array): number {
  let slot = 0;
  for (let at = 1; at < SLOT_KEY_BYTES; at++) slot = slot * 0x100 + (key[at] ?? 0);
  return slot;
}

/** The bucket that an entry belongs to which expires then (epoch milliseconds). */
export function bucketOf(expiresAt: number): number {
  return Math.floor(expiresAt / BUCKET_MS);
}

/** Everything in the pages of this range has had time to expire by `now` (epoch milliseconds). */
export function duePages(now: number): KeyRange {
  const end = Buffer.alloc(4);
  end[0] = EXPIRY;
  end.writeUIntBE(Math.max(0, bucketOf(now)), 1, 3);
  return { gte: Buffer.of(EXPIRY), lt: end };
}

/** Which page of which bucket; `generation` counts how often the store has been opened. */
export interface PagePlace {
  readonly bucket: number;
  readonly generation: number;
  readonly page: number;
}

export function pageKey({ bucket, generation, page }: PagePlace): Buffer {
  const key = Buffer.alloc(11);
  key[0] = EXPIRY;
  key.writeUIntBE(bucket, 1, 3);
  key.writeUIntBE(generation, 4, 3);
  key.writeUInt32BE(page, 7);
  return key;
}

/** Whether a LevelDB key is that of a page. */
export function isPageKey(key: Uint8Array): boolean {
  return key[0] === EXPIRY;
}

export function encodePage(slots: readonly number[]): Buffer {
  const page = Buffer.alloc(slots.length * SLOT_BYTES);
  for (const [index, slot] of slots.entries()) writeSlot(slot, page, index * SLOT_BYTES);
  return page;
}

/** The slots of a page; what is left over at the end of a damaged one is no slot. */
export function decodePage(page: Buffer): readonly number[] {
  const slots: number[] = [];
  for (let at = 0; at + SLOT_BYTES <= page.length; at += SLOT_BYTES) {
    slots.push(readSlot(page, at));
  }
  return slots;
}
