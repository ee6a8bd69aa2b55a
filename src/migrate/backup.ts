import { createHash } from 'node:crypto';
import { parseFields, readCount, readText, RecordError, type JsonFields } from './json-fields.js';
import { MigrateError } from './migrate-error.js';

/** How a backup's last line begins, which is no record. */
export const END_OF_BACKUP = '{"kind":"end"';

/** What a backup says at its end, and what it turns out to be. */
export interface BackupSummary {
  readonly records: number;
  /** SHA-256 of all lines before the last one, in hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Makes a backup of an export: one line more, which says how many records there are and what all
 * before it hashes to. So it can be seen later that it is whole, and what was meant.
 *
 * @param onEnd hears what it says
 */
export async function* writeBackup(
  lines: AsyncIterable<string | Uint8Array>,
  onEnd: (summary: BackupSummary) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const hash = createHash('sha256');
  let ends = 0;
  for await (const part of lines) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part;
    hash.update(bytes);
    for (const byte of bytes) if (byte === NEWLINE) ends += 1;
    yield bytes;
  }
  // The first line is the header.
  const summary = { records: Math.max(0, ends - 1), sha256: hash.digest('hex') };
  onEnd(summary);
  yield Buffer.from(`${JSON.stringify({ kind: 'end', ...summary })}\n`);
}

const NEWLINE = 0x0a;

/**
 * The lines of a backup but for its last one, page by page as they come. Only at its end is it known
 * to be whole: whatever was read before counts only then.
 *
 * @param onEnd hears what it says, and is, once it is known to be whole
 * @throws MigrateError IMPORT_CUT_OFF if its end is missing, BACKUP_DAMAGED if it is not what was written
 */
export async function* readBackup(
  pages: AsyncIterable<readonly string[]>,
  onEnd: (summary: BackupSummary) => void,
): AsyncGenerator<readonly string[], void, undefined> {
  const hash = createHash('sha256');
  let lines = 0;
  let end: BackupSummary | undefined;
  for await (const page of pages) {
    if (end !== undefined) throw damaged('there is something behind its end');
    const last = page.at(-1) ?? '';
    end = last.startsWith(END_OF_BACKUP) ? readEnd(last) : undefined;
    const told = end === undefined ? page : page.slice(0, -1);
    for (const line of told) {
      // Whoever writes an end into the middle has joined two of them.
      if (line.startsWith(END_OF_BACKUP)) throw damaged('there is something behind its end');
      hash.update(`${line}\n`);
    }
    lines += told.length;
    if (told.length > 0) yield told;
  }
  if (end === undefined) throw cutOff();
  const found = { records: Math.max(0, lines - 1), sha256: hash.digest('hex') };
  if (found.records !== end.records) {
    throw damaged(`it has ${found.records} records, and says it had ${end.records}`);
  }
  if (found.sha256 !== end.sha256) throw damaged('its lines are not those that were written');
  onEnd(found);
}

function readEnd(line: string): BackupSummary {
  try {
    const fields: JsonFields = parseFields(line);
    const records = readCount(fields, 'records', Number.MAX_SAFE_INTEGER);
    return { records, sha256: readText(fields, 'sha256') };
  } catch (error) {
    if (!(error instanceof RecordError)) throw error;
    throw damaged('its last line is garbled', error);
  }
}

function damaged(found: string, cause?: unknown): MigrateError {
  const message = `the backup is damaged: ${found}. Take an earlier one; "greymilter import" takes what can be read of this one`;
  return new MigrateError('BACKUP_DAMAGED', message, { cause });
}

function cutOff(): MigrateError {
  const message =
    'this is no whole backup: its last line, which tells how many records there are, is missing. ' +
    'Take an earlier one; what "greymilter export" writes has no such line, and is for "greymilter import"';
  return new MigrateError('IMPORT_CUT_OFF', message);
}
