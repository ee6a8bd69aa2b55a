import { createHash } from 'node:crypto';
import { parseFields, readCount, readText, RecordError, type JsonFields } from './json-fields.js';
import { MigrateError } from './migrate-error.js';

/** How a backup's last line begins, which is no record. */
export const END_OF_BACKUP = '{"kind":"end"';

/** What a backup says at its end, and what it turns out to be. */
export interface BackupSummary {
  /** Without those of statistics, which no list has either. */
  readonly records: number;
  /** Records of statistics, one for each hour. */
  readonly statistics: number;
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
  const tally = new LineTally();
  let line = '';
  for await (const part of lines) {
    const bytes = Buffer.from(part);
    hash.update(bytes);
    const whole = (line + bytes.toString('latin1')).split('\n');
    // Its beginning says what it is.
    line = (whole.pop() ?? '').slice(0, STATISTICS.length);
    tally.add(whole);
    yield bytes;
  }
  const summary = { ...tally.counts, sha256: hash.digest('hex') };
  onEnd(summary);
  yield Buffer.from(`${JSON.stringify({ kind: 'end', ...summary })}\n`);
}

/** How a line of statistics begins. */
const STATISTICS = '{"kind":"statistics"';

/** Counts lines, of which the first is the header. */
class LineTally {
  #lines = 0;
  #statistics = 0;

  add(lines: readonly string[]): void {
    this.#lines += lines.length;
    for (const line of lines) if (line.startsWith(STATISTICS)) this.#statistics += 1;
  }

  get counts(): Omit<BackupSummary, 'sha256'> {
    const statistics = this.#statistics;
    return { records: Math.max(0, this.#lines - 1 - statistics), statistics };
  }
}

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
  const tally = new LineTally();
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
    tally.add(told);
    if (told.length > 0) yield told;
  }
  if (end === undefined) throw cutOff();
  const found = { ...tally.counts, sha256: hash.digest('hex') };
  const [has, had] = [found, end].map(({ records, statistics }) => records + statistics);
  if (has !== had) throw damaged(`it has ${has} records, and says it had ${had}`);
  if (found.sha256 !== end.sha256) throw damaged('its lines are not those that were written');
  onEnd(found);
}

function readEnd(line: string): BackupSummary {
  try {
    const fields: JsonFields = parseFields(line);
    const records = readCount(fields, 'records', Number.MAX_SAFE_INTEGER);
    const statistics = readCount(fields, 'statistics', Number.MAX_SAFE_INTEGER);
    return { records, statistics, sha256: readText(fields, 'sha256') };
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
