import { maskedCrc32c } from './crc32c.js';

// Facts from LevelDB's doc/log_format.md, by which logs and manifests are written.

/** Records are cut where such a block of the file ends. */
export const LOG_BLOCK_BYTES = 32_768;

/** Checksum, length, and which part of a record it is. */
const HEADER_BYTES = 7;

/** Which part it is; 3 is one in the middle. */
const FULL = 1;
const FIRST = 2;
const LAST = 4;

/** What stands in a block of a log. */
export interface LogBlock {
  /** Those that end in it. */
  readonly records: readonly Buffer[];
  /** From where on it is not as it was written; undefined if all of it is. */
  readonly badAt: number | undefined;
}

/** Puts the records of a log together, block by block. */
export class LogRecords {
  /** Of a record that has begun and not ended. */
  #parts: Uint8Array[] | undefined;

  /** A part that the end of the file cuts is still being written, or was when its writer ended. */
  take(block: Buffer): LogBlock {
    const records: Buffer[] = [];
    for (let at = 0; at + HEADER_BYTES <= block.length;) {
      const contentAt = at + HEADER_BYTES;
      const end = contentAt + block.readUInt16LE(at + 4);
      const isCut = end > block.length;
      if (isCut && block.length < LOG_BLOCK_BYTES) break;
      // The kind is part of what the checksum is of.
      const isSound = !isCut && maskedCrc32c(block, contentAt - 1, end) === block.readUInt32LE(at);
      const content = Buffer.from(block.subarray(contentAt, end));
      const record = isSound ? this.#add(block.readUInt8(contentAt - 1), content) : 'bad';
      if (record === 'bad') return { records, badAt: at };
      if (record !== undefined) records.push(record);
      at = end;
    }
    return { records, badAt: undefined };
  }

  /** @returns the record that it completes */
  #add(kind: number, content: Buffer): Buffer | 'bad' | undefined {
    const isBeginning = kind === FULL || kind === FIRST;
    const parts = isBeginning ? [] : this.#parts;
    if (parts === undefined || kind < FULL || kind > LAST) return 'bad';
    parts.push(content);
    const isEnding = kind === FULL || kind === LAST;
    this.#parts = isEnding ? undefined : parts;
    return isEnding ? Buffer.concat(parts) : undefined;
  }
}
