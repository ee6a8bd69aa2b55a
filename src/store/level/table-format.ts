import { ByteReader, damaged } from '../../greylist/byte-reader.js';
import { ByteWriter } from '../../greylist/byte-writer.js';
import { maskedCrc32c } from './crc32c.js';
import { orUndefined } from './or-undefined.js';
import { unpackSnappy } from './snappy.js';

// Facts from LevelDB's doc/table_format.md: blocks lie one behind the other, then comes the footer.

/** Where a block stands in its table, without what follows it. */
export interface BlockHandle {
  readonly offset: number;
  readonly size: number;
}

/** At the end of each table. */
export interface Footer {
  /** Names the filter. */
  readonly metaindex: BlockHandle;
  /** Names the blocks of records. */
  readonly index: BlockHandle;
}

/** Two handles, filled up with zeros, and the magic. */
export const FOOTER_BYTES = 48;
const MAGIC = Buffer.from('57fb808b247547db', 'hex');

/** Behind each block: how it is packed, and the checksum of the block and of that. */
export const TRAILER_BYTES = 5;
const NOT_PACKED = 0;
const SNAPPY = 1;

/** No block of an index is larger than its table, and no table is nearly as large. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/** Where a block and what follows it end. */
export function endOf({ offset, size }: BlockHandle): number {
  return offset + size + TRAILER_BYTES;
}

/** Undefined if these bytes are no footer that LevelDB has written at `offset`. */
export function readFooter(bytes: Uint8Array, offset: number): Footer | undefined {
  return orUndefined(() => {
    const reader = new ByteReader(bytes);
    const footer = { metaindex: readHandle(reader), index: readHandle(reader) };
    const { metaindex, index } = footer;
    const isInOrder = endOf(metaindex) === index.offset && endOf(index) === offset;
    // There is no checksum of it; but there is only one way to write it.
    return isInOrder && encodeFooter(footer).equals(bytes) ? footer : undefined;
  });
}

/** A footer as LevelDB writes it. */
export function encodeFooter({ metaindex, index }: Footer): Buffer {
  const handles = Buffer.concat([encodeHandle(metaindex), encodeHandle(index)]);
  const filling = Buffer.alloc(FOOTER_BYTES - MAGIC.length - handles.length);
  return Buffer.concat([handles, filling, MAGIC]);
}

/** Whether a block, with what follows it, is as it was written. */
export function isSound(block: Uint8Array): boolean {
  const checked = block.length - 4;
  const stored = Buffer.from(block.buffer, block.byteOffset + checked, 4).readUInt32LE();
  return maskedCrc32c(block, 0, checked) === stored;
}

/** The handles in a block of an index, with what follows it; undefined if that is not sound. */
export function readHandles(block: Uint8Array): readonly BlockHandle[] | undefined {
  const entries = readEntries(block);
  return (
    entries && orUndefined(() => entries.map(({ value }) => readHandle(new ByteReader(value))))
  );
}

/** What stands in a block under a key. */
export interface BlockEntry {
  readonly key: Buffer;
  readonly value: Uint8Array;
}

/** All that stands in a block, with what follows it; undefined if that is not sound, or no such block. */
export function readEntries(block: Uint8Array): readonly BlockEntry[] | undefined {
  if (!isSound(block)) return undefined;
  return orUndefined(() => {
    const content = unpack(block);
    const restarts = content.readUInt32LE(content.length - 4);
    const end = content.length - 4 * (1 + restarts);
    if (end < 0) throw damaged('it is shorter than its list of restarts');
    const reader = new ByteReader(content.subarray(0, end));
    const entries: BlockEntry[] = [];
    let key = Buffer.alloc(0);
    while (!reader.isAtEnd) {
      // A key begins with so many bytes of the one before.
      const shared = reader.readVarint();
      const [ownBytes, valueBytes] = [reader.readVarint(), reader.readVarint()];
      if (shared > key.length) throw damaged('it goes on with a key that is not there');
      key = Buffer.concat([key.subarray(0, shared), reader.readBytes(ownBytes)]);
      entries.push({ key, value: reader.readBytes(valueBytes) });
    }
    return entries;
  });
}

function unpack(block: Uint8Array): Buffer {
  const size = block.length - TRAILER_BYTES;
  const content = Buffer.from(block.buffer, block.byteOffset, size);
  const packing = block[size];
  if (packing === NOT_PACKED) return content;
  if (packing === SNAPPY) return unpackSnappy(content, MAX_UNPACKED_BYTES);
  throw damaged('nobody packs like that');
}

/** A block that is not packed, with what follows it. */
export function encodeBlock(entries: readonly BlockEntry[]): Buffer {
  const encoded = entries.map(encodeEntry);
  // Where each begins whose key is written in full, which is all; an empty block has one, too.
  const restarts = [0];
  for (const { length } of encoded.slice(0, -1)) restarts.push((restarts.at(-1) ?? 0) + length);
  const list = Buffer.alloc(4 * (restarts.length + 1));
  [...restarts, restarts.length].forEach((number, at) => list.writeUInt32LE(number, 4 * at));
  const trailer = Buffer.of(NOT_PACKED, 0, 0, 0, 0);
  const block = Buffer.concat([...encoded, list, trailer]);
  block.writeUInt32LE(maskedCrc32c(block, 0, block.length - 4), block.length - 4);
  return block;
}

function encodeEntry({ key, value }: BlockEntry): Uint8Array {
  const writer = new ByteWriter();
  for (const number of [0, key.length, value.length]) writer.writeVarint(number);
  writer.writeBytes(key);
  writer.writeBytes(value);
  return writer.toBytes();
}

/** As it stands in a footer, and as a value in an index. */
export function encodeHandle({ offset, size }: BlockHandle): Uint8Array {
  const writer = new ByteWriter();
  writer.writeVarint(offset);
  writer.writeVarint(size);
  return writer.toBytes();
}

function readHandle(reader: ByteReader): BlockHandle {
  return { offset: reader.readVarint(), size: reader.readVarint() };
}
