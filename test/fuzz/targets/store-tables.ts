import assert from 'node:assert/strict';
import { CorrespondenceFormatError } from '../../../src/greylist/byte-reader.js';
import { checkTable, type ReadableFile } from '../../../src/store/level/check-table.js';
import { mendTable } from '../../../src/store/level/mend-tables.js';
import { unpackSnappy } from '../../../src/store/level/snappy.js';
import {
  encodeBlock,
  encodeFooter,
  encodeHandle,
  TRAILER_BYTES,
  type BlockHandle,
} from '../../../src/store/level/table-format.js';
import type { FuzzTarget } from '../fuzz-target.js';

const mostUnpacked = 65_536;

/**
 * What a disk may make of a table of LevelDB: whatever the bytes are, the check says what is damaged, and
 * what is mended has an index and an end that are sound.
 */
export const storeTables: FuzzTarget = {
  name: 'store-tables',
  seeds: () => [tableOf(1), tableOf(3), tableOf(40)],
  words: ['\0', '\x01', '\x05', '\x7f', 'key'],
  maxBytes: 8000,
  run: async (input) => {
    try {
      assert.ok(unpackSnappy(input, mostUnpacked).length <= mostUnpacked);
    } catch (error) {
      if (!(error instanceof CorrespondenceFormatError)) throw error;
    }
    const bad = await check(input);
    if (bad.length === 0) return;
    const mended = mendTable(input, bad);
    if (mended.length === 0) return;
    const isNew = bad.some(({ part }) => part === 'index' || part === 'end');
    // What is marked stays damaged, for LevelDB to go by it.
    const left = (await check(mended)).map(({ part }) => part);
    assert.deepEqual(left, isNew ? [] : bad.map(({ part }) => part));
  },
};

async function check(bytes: Buffer): ReturnType<typeof checkTable> {
  return await checkTable(fileOf(bytes), bytes.length, () => Promise.resolve());
}

function fileOf(bytes: Buffer): ReadableFile {
  const read = (into: Buffer, at: number, length: number, from: number): Promise<object> =>
    Promise.resolve({ bytesRead: bytes.copy(into, at, from, from + length), buffer: into });
  return { read } as unknown as ReadableFile; // of all forms of read() the one that is called
}

/** A table of so many blocks, without a filter. */
function tableOf(count: number): Buffer {
  const parts: Buffer[] = [];
  let end = 0;
  const put = (block: Buffer): BlockHandle => {
    const handle = { offset: end, size: block.length - TRAILER_BYTES };
    parts.push(block);
    end += block.length;
    return handle;
  };
  const entries = Array.from({ length: count }, (_, index) => {
    const key = Buffer.from(`key${String(index).padStart(3, '0')}\x01\0\0\0\0\0\0\0`, 'latin1');
    const handle = put(encodeBlock([{ key, value: Buffer.alloc(index, index) }]));
    return { key, value: encodeHandle(handle) };
  });
  const metaindex = put(encodeBlock([]));
  const index = put(encodeBlock(entries));
  return Buffer.concat([...parts, encodeFooter({ metaindex, index })]);
}
