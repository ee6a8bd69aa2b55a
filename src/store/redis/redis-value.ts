import type { NewEntry, StoreEntry } from '../store.js';

/*
 * What stands under a key: a byte for the format, the second of expiry (4 bytes, most significant
 * first), and the record as LevelDB has it. Example, value `01 02`, expiry at 100 s:
 * `01 00 00 00 64 01 02`.
 *
 * Daemons of two versions may share a server. What an older one does not know it must neither take for
 * absent nor write over, so every change of this form, or of the way it is used, gets another first byte.
 */

const FORMAT = 1;
const HEAD_BYTES = 5;

/** @param next its expiry is a whole second */
export function encodeValue({ value, expiresAt }: NewEntry): Buffer {
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + value.length);
  bytes[0] = FORMAT;
  bytes.writeUInt32BE(expiresAt / 1000, 1);
  bytes.set(value, HEAD_BYTES);
  return bytes;
}

/** Reads what {@link encodeValue} has written; otherwise says which format it is of. */
export function decodeValue(bytes: Buffer): StoreEntry | { readonly format: number | undefined } {
  if (bytes[0] !== FORMAT || bytes.length < HEAD_BYTES) return { format: bytes[0] };
  const expiresAt = bytes.readUInt32BE(1) * 1000;
  return { value: bytes.subarray(HEAD_BYTES), expiresAt, commit: undefined };
}

/**
 * Sets a key if it holds what is expected, all in one step.
 *
 * KEYS[1]; ARGV: what it must hold (empty: nothing), what it gets, for how many milliseconds, and the
 * second that it is. What has expired by then counts for nothing, though the server may have it still.
 */
export const COMPARE_AND_SET = `local found = redis.call('GET', KEYS[1]) or ''
if string.byte(found) == ${FORMAT} and #found >= ${HEAD_BYTES}
  and struct.unpack('>I4', found, 2) <= tonumber(ARGV[4]) then found = '' end
if found ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;
