import type { StoreEntry } from '../store.js';

/** An entry together with the key that it was stored under. */
export interface KeyedEntry extends StoreEntry {
  readonly key: string;
}

/**
 * All entries whose keys hash to the same slot, which is what LevelDB keeps under one key: almost
 * always one entry, none when the slot is to be removed.
 */
export type Slot = readonly KeyedEntry[];

export const EMPTY_SLOT: Slot = [];

export function findEntry(slot: Slot, key: string): KeyedEntry | undefined {
  for (const entry of slot) if (entry.key === key) return entry;
  return undefined;
}

/** An entry that nothing need be waited for. */
export function withoutCommit({ key, value, expiresAt }: KeyedEntry): KeyedEntry {
  return { key, value, expiresAt, commit: undefined };
}

/** The slot with `entry` in the place of the one of the same key; without one if undefined. */
export function replaceEntry(slot: Slot, key: string, entry: KeyedEntry | undefined): Slot {
  const others = slot.length === 0 ? slot : slot.filter((other) => other.key !== key);
  return entry === undefined ? others : others.length === 0 ? [entry] : [...others, entry];
}

/** Both numbers are stored as groups of 7 bits, least significant first. */
const VARINT_BYTES = 5;

function writeVarint(target: Buffer, value: number, at: number): number {
  let rest = value;
  let next = at;
  while (rest > 0x7f) {
    target[next++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[next++] = rest;
  return next;
}

/**
 * Writes slots for LevelDB: for each entry its second of expiry (4 bytes), the lengths of key and
 * value, the key in UTF-8 and the value. Example, key `k`, value `01 02`, expiry at 100 s:
 * `00 00 00 64 01 02 6b 01 02`.
 */
export class SlotEncoder {
  #scratch = Buffer.allocUnsafe(4096);

  /** The result is a view that holds until the next call. */
  encode(slot: Slot): Buffer {
    let room = 0;
    for (const { key, value } of slot) room += 4 + 2 * VARINT_BYTES + 3 * key.length + value.length;
    if (room > this.#scratch.length) this.#scratch = Buffer.allocUnsafe(2 * room);
    const scratch = this.#scratch;
    let at = 0;
    for (const { key, value, expiresAt } of slot) {
      at = scratch.writeUInt32BE(expiresAt / 1000, at);
      at = writeVarint(scratch, Buffer.byteLength(key), at);
      at = writeVarint(scratch, value.length, at);
      at += scratch.write(key, at);
      scratch.set(value, at);
      at += value.length;
    }
    return scratch.subarray(0, at);
  }
}

/** Reads what SlotEncoder has written; undefined if it cannot have written these bytes. */
export function decodeSlot(bytes: Buffer): Slot | undefined {
  const slot: KeyedEntry[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 7 * VARINT_BYTES; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    return Number.POSITIVE_INFINITY;
  };
  while (at < bytes.length) {
    if (bytes.length - at < 6) return undefined;
    const expiresAt = bytes.readUInt32BE(at) * 1000;
    at += 4;
    const keyBytes = varint();
    const valueBytes = varint();
    const valueAt = at + keyBytes;
    const end = valueAt + valueBytes;
    if (end > bytes.length) return undefined;
    const key = bytes.toString('utf8', at, valueAt);
    slot.push({ key, value: bytes.subarray(valueAt, end), expiresAt, commit: undefined });
    at = end;
  }
  return slot;
}
