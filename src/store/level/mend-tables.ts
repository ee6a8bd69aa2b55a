import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkTableFile, type BadPart } from './check-table.js';
import { findChecksum } from './crc32c.js';
import { isTable } from './database-files.js';
import {
  encodeBlock,
  encodeFooter,
  encodeHandle,
  endOf,
  readEntries,
  TRAILER_BYTES,
  type BlockEntry,
  type BlockHandle,
} from './table-format.js';

/** A way of packing that LevelDB does not know, so that it goes by a block, and keeps the others. */
const NO_PACKING = 0xff;

/** Behind a key of ours stand its sequence number and kind. */
const KEY_TRAILER_BYTES = 8;

/**
 * Makes the tables in a directory of clones fit for LevelDB's repair. LevelDB compares no checksum: it
 * would take for a record whatever can be read, and may end the process where an index is damaged. So
 * damaged blocks are made unreadable, and a damaged index anew. Files that are shared with other
 * directories stay as they are.
 *
 * @returns the names of those that were damaged
 */
export async function mendTables(
  directory: string,
  names: readonly string[],
): Promise<readonly string[]> {
  const mended: string[] = [];
  for (const name of names.filter(isTable)) {
    const path = join(directory, name);
    const { size } = await stat(path);
    const bad = await checkTableFile(path, size, () => Promise.resolve());
    if (bad === undefined || bad.length === 0) continue;
    const copy = `${path}.copy`;
    await writeFile(copy, mendTable(await readFile(path), bad), { mode: 0o600 });
    await rename(copy, path);
    mended.push(name);
  }
  return mended;
}

/** A table without what is damaged in it. Nothing at all if nothing can be found in it. */
export function mendTable(bytes: Buffer, bad: readonly BadPart[]): Buffer {
  if (bad.some(({ part }) => part === 'index' || part === 'end')) return withNewIndex(bytes);
  const mended = Buffer.from(bytes);
  for (const { offset, size } of bad) mended.writeUInt8(NO_PACKING, offset + size);
  return mended;
}

/** Without a filter, which is of use for reading only. */
function withNewIndex(bytes: Buffer): Buffer {
  const entries: BlockEntry[] = [];
  let end = 0;
  for (const { handle, lastKey } of findRecordBlocks(bytes)) {
    entries.push({ key: lastKey, value: encodeHandle(handle) });
    end = endOf(handle);
  }
  if (entries.length === 0) return Buffer.alloc(0);
  const [metaindex, index] = [encodeBlock([]), encodeBlock(entries)];
  const indexAt = end + metaindex.length;
  const footer = encodeFooter({
    metaindex: { offset: end, size: metaindex.length - TRAILER_BYTES },
    index: { offset: indexAt, size: index.length - TRAILER_BYTES },
  });
  return Buffer.concat([bytes.subarray(0, end), metaindex, index, footer]);
}

interface RecordBlock {
  readonly handle: BlockHandle;
  readonly lastKey: Buffer;
}

/**
 * The blocks of records that a table begins with, found by their checksums. The filter that comes behind
 * them is no block with entries: its last bytes would be a list that is longer than any table.
 */
function* findRecordBlocks(bytes: Buffer): Generator<RecordBlock, void> {
  for (let offset = 0; ;) {
    const checksumAt = findChecksum(bytes, offset);
    if (checksumAt === undefined) return;
    const end = checksumAt + 4;
    const lastKey = readEntries(bytes.subarray(offset, end))?.at(-1)?.key;
    if (lastKey === undefined || lastKey.length < KEY_TRAILER_BYTES) return;
    yield { handle: { offset, size: end - TRAILER_BYTES - offset }, lastKey };
    offset = end;
  }
}
