import { ByteReader, damaged } from '../../greylist/byte-reader.js';

// Which tables there are, a manifest tells by what has changed since the last record.

/** What stands before each field of a record. */
const COMPARATOR = 1;
const LOG_NUMBER = 2;
const NEXT_FILE_NUMBER = 3;
const LAST_SEQUENCE = 4;
const COMPACT_POINTER = 5;
const DELETED_FILE = 6;
const NEW_FILE = 7;
const PREVIOUS_LOG_NUMBER = 9;

/**
 * Applies a record of a manifest to the tables of a database: their sizes, by their numbers. Throws
 * for what is no such record.
 */
export function applyEdit(record: Uint8Array, tables: Map<number, number>): void {
  const reader = new ByteReader(record);
  const made = new Map<number, number>();
  while (!reader.isAtEnd) readField(reader, tables, made);
  // A table that only moves to another level is deleted and new in one record.
  for (const [number, bytes] of made) tables.set(number, bytes);
}

function readField(
  reader: ByteReader,
  tables: Map<number, number>,
  made: Map<number, number>,
): void {
  const field = reader.readVarint();
  switch (field) {
    case COMPARATOR:
      skipText(reader);
      return;
    case LOG_NUMBER:
    case PREVIOUS_LOG_NUMBER:
    case NEXT_FILE_NUMBER:
    case LAST_SEQUENCE:
      reader.readVarint();
      return;
    case COMPACT_POINTER:
      reader.readVarint();
      skipText(reader);
      return;
    case DELETED_FILE:
      reader.readVarint();
      tables.delete(reader.readVarint());
      return;
    case NEW_FILE:
      reader.readVarint();
      made.set(reader.readVarint(), reader.readVarint());
      // Its first and its last key.
      skipText(reader);
      skipText(reader);
      return;
    default:
      throw damaged(`no field has the number ${String(field)}`);
  }
}

function skipText(reader: ByteReader): void {
  reader.readBytes(reader.readVarint());
}
