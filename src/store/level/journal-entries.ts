import { Commit } from './commit.js';
import { crc32c } from './crc32c.js';
import { isPageKey, readSlot, SLOT_BYTES, writeSlot } from './layout.js';
import { decodeSlot, SlotEncoder } from './slot.js';

/*
 * An entry of the memory journal is one commit:
 *
 *   length (4)  of all that follows the checksum
 *   CRC-32C (4) of the same
 *   number (6)  one more than that of the entry before it
 *   parts       'r' slot (7) length (4) content              what a slot holds from now on
 *               'x' bucket (4) count (4) slots (7 each)      slots that are listed
 *               'd' length (1) key                           a page that the sweeper has done with
 *               'm' epoch milliseconds (8)                   a reading of the clock
 */
const HEAD_BYTES = 8;
const NUMBER_BYTES = 6;

const RECORD = 0x72;
const LISTED = 0x78;
const SWEPT = 0x64;
const CLOCK = 0x6d;

/** The largest of what a part has beside its own bytes. */
const PART_BYTES = 1 + 8;

/** An entry that has been read. */
export interface JournalEntry {
  readonly number: number;
  readonly commit: Commit;
}

/** Writes entries into a buffer that is used again. */
export class EntryEncoder {
  readonly #slots = new SlotEncoder();
  #scratch = Buffer.allocUnsafe(16 * 1024);
  #at = 0;

  /** The result is a view that holds until the next call. */
  encode(commit: Commit, number: number): Buffer {
    this.#at = this.#scratch.writeUIntBE(number, HEAD_BYTES, NUMBER_BYTES);
    for (const [slot, content] of commit.slots) {
      const bytes = this.#slots.encode(content);
      this.#begin(RECORD, SLOT_BYTES + bytes.length);
      this.#at = this.#scratch.writeUInt32BE(
        bytes.length,
        writeSlot(slot, this.#scratch, this.#at),
      );
      this.#add(bytes);
    }
    for (const [bucket, slots] of commit.expiries) this.#list(bucket, slots);
    for (const page of commit.sweptPages) {
      this.#begin(SWEPT, page.length);
      this.#at = this.#scratch.writeUInt8(page.length, this.#at);
      this.#add(page);
    }
    if (commit.clockNote !== undefined) {
      this.#begin(CLOCK, 0);
      this.#at = this.#scratch.writeDoubleBE(commit.clockNote, this.#at);
    }
    this.#scratch.writeUInt32BE(this.#at - HEAD_BYTES, 0);
    this.#scratch.writeUInt32BE(crc32c(this.#scratch, HEAD_BYTES, this.#at), 4);
    return this.#scratch.subarray(0, this.#at);
  }

  #list(bucket: number, slots: readonly number[]): void {
    this.#begin(LISTED, slots.length * SLOT_BYTES);
    this.#at = this.#scratch.writeUInt32BE(bucket, this.#at);
    this.#at = this.#scratch.writeUInt32BE(slots.length, this.#at);
    for (const slot of slots) this.#at = writeSlot(slot, this.#scratch, this.#at);
  }

  /** Makes room for a part with so many bytes of its own. */
  #begin(kind: number, bytes: number): void {
    const needed = this.#at + PART_BYTES + bytes;
    if (needed > this.#scratch.length) {
      const larger = Buffer.allocUnsafe(2 * needed);
      this.#scratch.copy(larger, 0, 0, this.#at);
      this.#scratch = larger;
    }
    this.#at = this.#scratch.writeUInt8(kind, this.#at);
  }

  #add(bytes: Uint8Array): void {
    this.#scratch.set(bytes, this.#at);
    this.#at += bytes.length;
  }
}

/**
 * The entries that stand in a part of the journal, each numbered one more than the one before it: behind the
 * last one may be what is left of older ones, or of one that was being written when the process was killed.
 */
export function decodeEntries(bytes: Buffer): readonly JournalEntry[] {
  const entries: JournalEntry[] = [];
  let at = 0;
  while (at + HEAD_BYTES + NUMBER_BYTES <= bytes.length) {
    const from = at + HEAD_BYTES;
    const end = from + bytes.readUInt32BE(at);
    if (end < from + NUMBER_BYTES || end > bytes.length) break;
    if (crc32c(bytes, from, end) !== bytes.readUInt32BE(at + 4)) break;
    const number = bytes.readUIntBE(from, NUMBER_BYTES);
    const last = entries.at(-1);
    if (last !== undefined && number !== last.number + 1) break;
    entries.push({ number, commit: decodeParts(bytes.subarray(from + NUMBER_BYTES, end)) });
    at = end;
  }
  return entries;
}

/** Whatever has the right checksum was written by {@link EntryEncoder}. */
function decodeParts(bytes: Buffer): Commit {
  const commit = new Commit();
  let at = 0;
  while (at < bytes.length) {
    const kind = bytes[at++];
    if (kind === RECORD) {
      const end = at + SLOT_BYTES + 4 + bytes.readUInt32BE(at + SLOT_BYTES);
      const content = decodeSlot(bytes.subarray(at + SLOT_BYTES + 4, end));
      if (content !== undefined) commit.slots.set(readSlot(bytes, at), content);
      at = end;
    } else if (kind === LISTED) {
      const end = at + 8 + bytes.readUInt32BE(at + 4) * SLOT_BYTES;
      for (let slot = at + 8; slot < end; slot += SLOT_BYTES) {
        commit.listExpiry(bytes.readUInt32BE(at), readSlot(bytes, slot));
      }
      at = end;
    } else if (kind === SWEPT) {
      const end = at + 1 + bytes.readUInt8(at);
      const key = bytes.subarray(at + 1, end);
      if (isPageKey(key)) commit.sweptPages.push(key);
      at = end;
    } else {
      commit.clockNote = bytes.readDoubleBE(at);
      at += 8;
    }
  }
  return commit;
}
