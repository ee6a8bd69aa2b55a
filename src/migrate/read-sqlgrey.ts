import { parseIpAddress } from '../mail/ip-address.js';
import { readCsv } from './csv-rows.js';
import type { TableRow } from './csv-rows.js';
import { recordOfTriplet } from './foreign-triplet.js';
import type { ForeignClient, ForeignTerms } from './foreign-triplet.js';
import { MigrateError } from './migrate-error.js';
import { readLines } from './read-lines.js';
import { hasSqlgreyColumns, makesSqlgreyTable, SqlRows } from './sql-rows.js';
import { BatchBuilder } from './stored-record.js';
import type { ReadBatch } from './stored-record.js';

/** Why a row of SQLgrey's cannot be used. */
export const sqlgreyRefusals = {
  fromAwl: 'a sender and client without a recipient: this version keeps no such records',
  domainAwl: 'a domain and client without a recipient: this version keeps no such records',
  malformed: 'no row of SQLgrey',
} as const;

/** How a database of SQLite begins. */
const SQLITE = 'SQLite format 3\0';

/** How SQLgrey writes the null sender, in both columns. */
const UNDEFINED = '-undef-';

/**
 * Reads SQLgrey's tables: CSV with a line of column names, of one table, or a dump of SQL with all
 * of them. Which it is, the beginning tells.
 *
 * @throws MigrateError IMPORT_NOT_UNDERSTOOD
 */
export async function* readSqlgrey(
  chunks: AsyncIterable<Uint8Array>,
  terms: ForeignTerms,
): AsyncGenerator<ReadBatch, void, undefined> {
  const { start, all } = await peek(chunks);
  if (start.startsWith(SQLITE)) throw isDatabase();
  const isSql = /^\s*(?:PRAGMA |BEGIN|CREATE |INSERT |--|\/\*|SET )/i.test(start);
  const seen = { hasTable: !isSql && namesColumns(start) };
  const pages = isSql ? sqlRows(all, seen) : readCsv(all, delimiterOf(start));
  const batch = new BatchBuilder();
  for await (const page of pages) {
    seen.hasTable ||= page.some(isSqlgreyTable);
    if (!isSql && !seen.hasTable) throw notSqlgrey();
    for (const row of page) takeRow(row, terms, batch);
    yield batch.take();
  }
  if (!seen.hasTable) throw notSqlgrey();
}

/** Whether the first line of a CSV has the names of SQLgrey's columns, whatever follows. */
function namesColumns(start: string): boolean {
  const [names = ''] = start.split('\n');
  return /\bsrc\b/i.test(names) && /\bfirst_seen\b/i.test(names);
}

/** How much is looked at to see what it is. */
const PEEKED = 4096;

/** The beginning of the input, however small its pieces are, of which nothing is lost. */
async function peek(
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ readonly start: string; readonly all: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  for (let bytes = 0; bytes < PEEKED; bytes += seen.at(-1)?.length ?? 0) {
    const next = await iterator.next();
    if (next.done === true) break;
    seen.push(next.value);
  }
  const all = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
    yield* seen;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      yield next.value;
    }
  };
  return { start: Buffer.concat(seen).subarray(0, PEEKED).toString('utf8'), all: all() };
}

/** That of the first line: no name of a column has any of these. */
function delimiterOf(start: string): string {
  return /[,;|\t]/.exec(start.slice(0, start.indexOf('\n')))?.[0] ?? ',';
}

async function* sqlRows(
  chunks: AsyncIterable<Uint8Array>,
  seen: { hasTable: boolean },
): AsyncGenerator<readonly TableRow[], void, undefined> {
  const sql = new SqlRows();
  let line = 0;
  for await (const page of readLines(chunks)) {
    const rows: TableRow[] = [];
    for (const text of page) {
      seen.hasTable ||= makesSqlgreyTable(text);
      rows.push(...sql.read(text, ++line));
    }
    yield rows;
  }
}

function isSqlgreyTable({ fields }: TableRow): boolean {
  return hasSqlgreyColumns(Object.keys(fields));
}

function takeRow({ line, fields }: TableRow, terms: ForeignTerms, batch: BatchBuilder): void {
  const { sender_name: name, sender_domain: domain, src, rcpt, first_seen: first } = fields;
  const refuse = (refusal: keyof typeof sqlgreyRefusals): void => {
    const detail = Object.values(fields).join(' ');
    batch.refuse({ line, reason: sqlgreyRefusals[refusal], detail });
  };
  const client = readSource(src ?? '');
  const firstAt = readTime(first ?? '');
  if (client === undefined || firstAt === undefined || domain === undefined) {
    refuse('malformed');
  } else if (rcpt === undefined) {
    refuse(name === undefined ? 'domainAwl' : 'fromAwl');
  } else if (name === undefined || rcpt === '') {
    refuse('malformed');
  } else {
    const sender = name === UNDEFINED ? '' : `${name}@${domain}`;
    const times = { firstAt, lastAt: firstAt };
    const record = recordOfTriplet({ client, sender, recipient: rcpt, ...times }, terms);
    if (record === undefined) batch.expire();
    else batch.add(record);
  }
}

/** An address; or the first three octets, or the first four groups, of a network of them. */
function readSource(src: string): ForeignClient | undefined {
  if (/^\d+\.\d+\.\d+$/.test(src)) return withPrefix(`${src}.0`, 24);
  if (/^(?:[0-9a-f]{1,4}:){3}[0-9a-f]{1,4}$/i.test(src)) return withPrefix(`${src}::`, 64);
  return withPrefix(src, undefined);
}

function withPrefix(text: string, prefix: number | undefined): ForeignClient | undefined {
  const address = parseIpAddress(text);
  return address && { address, prefix: prefix ?? address.bytes.length * 8 };
}

/** Seconds since 1970, as SQLite has them; or a date and time, of this machine if it has no zone. */
function readTime(text: string): number | undefined {
  if (/^\d{1,12}$/.test(text)) return Number(text) * 1000;
  const [, date, time, zone = ''] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,6})?)(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(text) ??
    [];
  if (date === undefined || time === undefined) return undefined;
  const instant = Date.parse(`${date}T${time}${/^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone}`);
  return instant >= 0 ? instant : undefined;
}

function isDatabase(): MigrateError {
  return new MigrateError(
    'IMPORT_NOT_UNDERSTOOD',
    'this is the database of SQLite itself: import what "sqlite3 FILE .dump" writes',
  );
}

function notSqlgrey(): MigrateError {
  return new MigrateError(
    'IMPORT_NOT_UNDERSTOOD',
    'this is no table of SQLgrey: CSV with a line of column names (sender_name, sender_domain, src, rcpt, first_seen), or what "sqlite3 FILE .dump" writes',
  );
}
