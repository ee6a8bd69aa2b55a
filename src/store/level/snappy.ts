import { ByteReader, damaged } from '../../greylist/byte-reader.js';

/** The kinds of elements, by the two lowest bits of their first byte; the fourth is a far copy. */
const LITERAL = 0;
const NEAR_COPY = 1;
const COPY = 2;

/**
 * Unpacks the block format of Snappy, in which LevelDB may keep the blocks of a table: the length of
 * all, then literals and copies of what was there before. Throws for what is no such thing, or longer
 * than `maxBytes`.
 *
 * `06 08 61 62 63 0e 03 00`: six bytes, the literal `abc`, and the same again from three bytes before.
 */
export function unpackSnappy(packed: Uint8Array, maxBytes: number): Buffer {
  const reader = new ByteReader(packed);
  const length = reader.readVarint();
  if (length > maxBytes) throw damaged('it is too long');
  const unpacked = Buffer.alloc(length);
  let written = 0;
  while (!reader.isAtEnd) {
    const tag = reader.readByte();
    const size = sizeOf(tag, reader);
    if (size > length - written) throw damaged('it is longer than it says');
    if ((tag & 3) === LITERAL) unpacked.set(reader.readBytes(size), written);
    else repeat(unpacked, { to: written, back: distanceOf(tag, reader), size });
    written += size;
  }
  if (written < length) throw damaged('it is shorter than it says');
  return unpacked;
}

/** How many bytes an element makes. */
function sizeOf(tag: number, reader: ByteReader): number {
  const kind = tag & 3;
  if (kind === NEAR_COPY) return ((tag >> 2) & 7) + 4;
  const size = tag >> 2;
  // From 60 on a literal says in how many bytes its size follows.
  return 1 + (kind === LITERAL && size >= 60 ? readNumber(reader, size - 59) : size);
}

/** How far back what is copied begins. */
function distanceOf(tag: number, reader: ByteReader): number {
  const kind = tag & 3;
  if (kind === NEAR_COPY) return (tag >> 5) * 256 + reader.readByte();
  return readNumber(reader, kind === COPY ? 2 : 4);
}

function readNumber(reader: ByteReader, bytes: number): number {
  let value = 0;
  for (let index = 0; index < bytes; index++) value += reader.readByte() * 256 ** index;
  return value;
}

/** Byte by byte, for what is copied may reach into what is being written. */
function repeat(
  bytes: Buffer,
  { to, back, size }: { readonly to: number; readonly back: number; readonly size: number },
): void {
  if (back === 0 || back > to) throw damaged('it copies what is not there');
  for (let at = to; at < to + size; at++) bytes.writeUInt8(bytes.readUInt8(at - back), at);
}
