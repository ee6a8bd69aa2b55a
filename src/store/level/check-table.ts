import { open, type FileHandle } from 'node:fs/promises';
import { hasCode } from './file-presence.js';
import {
  endOf,
  FOOTER_BYTES,
  isSound,
  readFooter,
  readHandles,
  type BlockHandle,
} from './table-format.js';

/** A part of a table that is not as it was written. */
export interface BadPart extends BlockHandle {
  /** All records can be found without a `filter`; without the `index`, or the `end`, none can. */
  readonly part: 'records' | 'filter' | 'index' | 'end';
}

/** Waited for after each read; what it throws ends the check. */
export type OnStep = (bytes: number) => Promise<void>;

/** Of a file, what is needed to read it. */
export type ReadableFile = Pick<FileHandle, 'read'>;

/** As much is read at a time: its checksums take a tenth of a millisecond. */
const READ_BYTES = 65_536;

/** As {@link checkTable}, by the name of the table; undefined if there is none. */
export async function checkTableFile(
  path: string,
  bytes: number,
  onStep: OnStep,
): Promise<readonly BadPart[] | undefined> {
  const file = await open(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  try {
    return file && (await checkTable(file, bytes, onStep));
  } finally {
    await file?.close();
  }
}

/**
 * Compares all that stands in a table with its checksums. No byte is left out: blocks lie one behind
 * the other, and the end, of which there is no checksum, can have one form only.
 *
 * @param bytes how long the table was when it was written
 */
export async function checkTable(
  file: ReadableFile,
  bytes: number,
  onStep: OnStep,
): Promise<readonly BadPart[]> {
  const end = { offset: Math.max(0, bytes - FOOTER_BYTES), size: FOOTER_BYTES };
  const footer = readFooter(await readAt(file, end.offset, end.size), end.offset);
  if (footer === undefined) return [{ ...end, part: 'end' }];
  const { index, metaindex } = footer;
  const named = readHandles(await readAt(file, index.offset, endOf(index) - index.offset));
  const from = metaindex.offset;
  const filters = readHandles(await readAt(file, from, endOf(metaindex) - from));
  await onStep(bytes - from);
  const blocks = named && [...named, ...(filters ?? [])];
  if (blocks === undefined || !areInRow(blocks, filters && from)) {
    return [{ ...index, part: 'index' }];
  }
  const bad: BadPart[] = [];
  for (const handles of inReads(blocks)) {
    for (const handle of await findBad(file, handles)) {
      bad.push({ ...handle, part: filters?.includes(handle) === true ? 'filter' : 'records' });
    }
    await onStep(sizeOf(handles));
  }
  return filters === undefined ? [...bad, { ...metaindex, part: 'filter' }] : bad;
}

/** Whether each block begins where the last one ends, and the last one ends there. */
function areInRow(handles: readonly BlockHandle[], there: number | undefined): boolean {
  let end = 0;
  for (const handle of handles) {
    if (handle.offset !== end) return false;
    end = endOf(handle);
  }
  return there === undefined || end === there;
}

/** Neighbours that are read at once. */
function* inReads(handles: readonly BlockHandle[]): Generator<readonly BlockHandle[], void> {
  let gathered: BlockHandle[] = [];
  for (const handle of handles) {
    if (sizeOf([...gathered.slice(0, 1), handle]) > READ_BYTES && gathered.length > 0) {
      yield gathered;
      gathered = [];
    }
    gathered.push(handle);
  }
  if (gathered.length > 0) yield gathered;
}

/** From the beginning of the first to the end of the last. */
function sizeOf(handles: readonly BlockHandle[]): number {
  const [[first], last] = [handles, handles.at(-1)];
  return first === undefined || last === undefined ? 0 : endOf(last) - first.offset;
}

async function findBad(
  file: ReadableFile,
  handles: readonly BlockHandle[],
): Promise<readonly BlockHandle[]> {
  const from = handles[0]?.offset ?? 0;
  const bytes = await readAt(file, from, sizeOf(handles));
  return handles.filter((each) => !isSound(bytes.subarray(each.offset - from, endOf(each) - from)));
}

/** Zeros where the file has ended, which is nothing that LevelDB writes. */
async function readAt(file: ReadableFile, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let read = 0; read < length;) {
    const { bytesRead } = await file.read(bytes, read, length - read, offset + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes;
}
