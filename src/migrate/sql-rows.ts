import type { TableRow } from './csv-rows.js';
import { MigrateError } from './migrate-error.js';

/** The columns of SQLgrey's tables in the order in which it creates them. */
export const sqlgreyColumns: Readonly<Record<string, readonly string[]>> = {
  connect: ['sender_name', 'sender_domain', 'src', 'rcpt', 'first_seen'],
  from_awl: ['sender_name', 'sender_domain', 'src', 'first_seen', 'last_seen'],
  domain_awl: ['sender_domain', 'src', 'first_seen', 'last_seen'],
};

const TABLE = /(?:[`"]?\w+[`"]?\.)?[`"]?(\w+)[`"]?/.source;
const CREATE = new RegExp(`^\\s*CREATE TABLE\\s+(?:IF NOT EXISTS\\s+)?${TABLE}`, 'i');
const COPY = new RegExp(`^COPY\\s+${TABLE}\\s.*FROM stdin`, 'i');
const INSERT = new RegExp(`^\\s*INSERT INTO\\s+${TABLE}\\s*(?:\\(([^)]*)\\)\\s*)?VALUES\\s*`, 'i');

/** Whether columns are those of a table of SQLgrey's, which it has besides that of its `config`. */
export function hasSqlgreyColumns(columns: readonly string[]): boolean {
  return columns.includes('src') && columns.includes('first_seen');
}

/** Whether a line makes one of SQLgrey's tables, which may have no rows. */
export function makesSqlgreyTable(text: string): boolean {
  return Object.hasOwn(sqlgreyColumns, CREATE.exec(text)?.[1] ?? '');
}

/** Of which table rows are, and what their values are called. */
interface Insert {
  readonly table: string;
  readonly columns: readonly string[];
}

/**
 * The rows of SQLgrey's tables in a dump of SQL, line by line, as `sqlite3 DB .dump`, mysqldump or
 * mariadb-dump write it; all other statements are passed over. A value that has an end of line in it is
 * not understood: SQLgrey stores none. Nor are rows behind COPY, as pg_dump writes them by itself.
 *
 *   INSERT INTO connect VALUES('q','example.org','203.0.113.77','b@example.net',1795853102);
 */
export class SqlRows {
  /** A statement that goes on with the next line, as mariadb-dump 11 has each row in one of its own. */
  #open: Insert | undefined;

  /** @throws MigrateError IMPORT_NOT_UNDERSTOOD */
  *read(text: string, line: number): Generator<TableRow, void, undefined> {
    if (Object.hasOwn(sqlgreyColumns, COPY.exec(text)?.[1] ?? '')) throw rowsOfCopy(line);
    const head = INSERT.exec(text);
    const goesOn = text.startsWith('(') ? this.#open : undefined;
    const insert = head === null ? goesOn : insertOf(head);
    this.#open = text.trimEnd().endsWith(';') ? undefined : insert;
    if (insert === undefined) return;
    const { table, columns } = insert;
    for (const values of readTuples(text, head?.[0].length ?? 0)) {
      const fields = columns.flatMap((name, index) => {
        const value = values[index];
        return value === undefined ? [] : [[name, value] as const];
      });
      yield { line, table, fields: Object.fromEntries(fields) };
    }
  }
}

/** Undefined if it is of no table of SQLgrey's. */
function insertOf([, table = '', list]: RegExpExecArray): Insert | undefined {
  const columns = list === undefined ? columnsOf(table) : namesOf(list);
  return columns !== undefined && hasSqlgreyColumns(columns) ? { table, columns } : undefined;
}

/** Those of a table whose rows do not name them: a foreign one may be called `constructor`. */
function columnsOf(table: string): readonly string[] | undefined {
  return Object.hasOwn(sqlgreyColumns, table) ? sqlgreyColumns[table] : undefined;
}

function rowsOfCopy(line: number): MigrateError {
  const message = `line ${line} has rows behind it as only PostgreSQL reads them: make the dump by "pg_dump --inserts"`;
  return new MigrateError('IMPORT_NOT_UNDERSTOOD', message);
}

function namesOf(list: string): readonly string[] {
  return list.split(',').map((name) => name.replace(/[`"\s]/g, '').toLowerCase());
}

/** `('a',1),('b',2);`: the values of each, without quotes. Ends at whatever it does not know. */
function* readTuples(text: string, start: number): Generator<readonly string[], void, undefined> {
  const token = /\s*(?:'((?:[^']|'')*)'|([^\s',();]+)|([(),;]))/y;
  token.lastIndex = start;
  let values: string[] = [];
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [, quoted, bare, mark] = match;
    if (mark === ';') return;
    if (mark === ')') yield values;
    else if (mark === '(') values = [];
    else if (mark === undefined) values.push(quoted?.replaceAll("''", "'") ?? bare ?? '');
  }
}
