import { isPopulationKey } from '../greylist/population-record.js';
import { TimeSlice } from '../store/level/time-slice.js';
import { asciiJson } from './ascii-json.js';
import { END_OF_BACKUP } from './backup.js';
import { asFields, parseFields, readCount, readText, RecordError } from './json-fields.js';
import type { JsonFields } from './json-fields.js';
import { MigrateError } from './migrate-error.js';
import { recordKinds } from './record-kinds.js';
import type { RecordOutline } from './record-outline.js';
import { BatchBuilder } from './stored-record.js';
import type { ReadBatch, StoredRecord } from './stored-record.js';

const FORMAT = 'greymilter';
const FORMAT_VERSION = 1;

/** What is written at a time: about a millisecond's work, and twenty kilobytes. */
const LINES_PER_CHUNK = 64;

/** A record as JSON; whatever it is, there is a kind that can say it. */
export function writeRecord(record: StoredRecord): JsonFields {
  for (const kind of recordKinds) {
    const fields = kind.write(record);
    if (fields !== undefined) return { kind: kind.name, ...fields };
  }
  throw new Error('the last kind of record takes all');
}

/** What filters look at, whatever the record is. */
export function outlineRecord(record: StoredRecord): RecordOutline {
  for (const kind of recordKinds) {
    const outline = kind.outline(record);
    if (outline !== undefined) return outline;
  }
  throw new Error('the last kind of record takes all');
}

/** @throws RecordError */
export function readRecord(fields: JsonFields): StoredRecord {
  const name = readText(fields, 'kind');
  const kind = recordKinds.find((each) => each.name === name);
  if (kind === undefined) throw new RecordError('of an unknown kind');
  return kind.read(fields);
}

/**
 * The first line of an export.
 *
 * @param version of greymilter, for people
 */
export function formatHeader(version: string, now: number): string {
  const exportedAt = new Date(now).toISOString();
  return `${JSON.stringify({ format: FORMAT, version: FORMAT_VERSION, exportedAt, by: version })}\n`;
}

/** One record as a line of an export. */
export function formatRecord(record: StoredRecord): string {
  return `${asciiJson(writeRecord(record))}\n`;
}

/**
 * An export: the header, then a line for each record, some dozens of lines at a time. What the filters of a
 * shared store have counted in it goes nowhere else.
 */
export async function* writeExport(
  header: string,
  records: AsyncIterable<StoredRecord>,
): AsyncGenerator<string, void, undefined> {
  let chunk = header;
  let lines = 1;
  for await (const record of records) {
    if (isPopulationKey(record.key)) continue;
    chunk += formatRecord(record);
    if (++lines < LINES_PER_CHUNK) continue;
    yield chunk;
    chunk = '';
    lines = 0;
  }
  if (chunk !== '') yield chunk;
}

/**
 * Reads an export again. A line that is no record is refused; the others count.
 *
 * @throws MigrateError IMPORT_NOT_UNDERSTOOD without a header, IMPORT_NEWER_FORMAT
 */
export async function* readExport(
  pages: AsyncIterable<readonly string[]>,
  slice: TimeSlice = new TimeSlice(),
): AsyncGenerator<ReadBatch, void, undefined> {
  const batch = new BatchBuilder();
  let line = 0;
  for await (const page of pages) {
    for (const text of page) {
      if (slice.isOver) await slice.next();
      line += 1;
      if (line === 1) requireHeader(text);
      else if (text !== '' && !isBackupEnd(text)) readLine(text, line, batch);
    }
    yield batch.take();
  }
  if (line === 0) throw notAnExport();
}

/** The last line of a backup; whoever wants to know whether it is whole reads it as one. */
function isBackupEnd(text: string): boolean {
  return text.startsWith(END_OF_BACKUP);
}

function readLine(text: string, line: number, batch: BatchBuilder): void {
  try {
    const record = readRecord(parseFields(text));
    // An earlier version did not know what it was.
    if (!isPopulationKey(record.key)) batch.add(record);
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    batch.refuse({ line, reason: error.message });
  }
}

function requireHeader(text: string): void {
  let version: number;
  try {
    const fields = asFields(parseFields(text), 'the header');
    if (readText(fields, 'format') !== FORMAT) throw new RecordError('of another format');
    version = readCount(fields, 'version', Number.MAX_SAFE_INTEGER);
  } catch (error) {
    if (error instanceof RecordError) throw notAnExport(error);
    throw error;
  }
  if (version > FORMAT_VERSION) {
    throw new MigrateError(
      'IMPORT_NEWER_FORMAT',
      `the export has format ${version}, and this greymilter knows formats up to ${FORMAT_VERSION}: import it with the version that wrote it or a later one`,
    );
  }
}

function notAnExport(cause?: unknown): MigrateError {
  return new MigrateError(
    'IMPORT_NOT_UNDERSTOOD',
    'this is no export of greymilter: its first line is no header. For databases of others see "greymilter import --help"',
    { cause },
  );
}
