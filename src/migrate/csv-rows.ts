import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { MigrateError } from './migrate-error.js';

/** A row of a table, by the names of its columns. */
export interface TableRow {
  readonly line: number;
  /** Undefined if the text does not say. */
  readonly table: string | undefined;
  readonly fields: Readonly<Record<string, string>>;
}

/** What csv-parse hands over with the options below. */
interface ParsedRow {
  readonly record: Readonly<Record<string, string>>;
  readonly info: { readonly lines: number };
}

/** Rows that are handed on at a time. */
const ROWS_PER_PAGE = 512;

/** How much a row may have, in characters: a quote that is never closed would take all. */
const MAX_ROW = 64 * 1024;

/**
 * Reads CSV with a line of column names: separated by commas, as sqlite3, MySQL and PostgreSQL write
 * it, or by tabs, semicolons or sqlite3's `|`.
 *
 * @throws MigrateError IMPORT_NOT_UNDERSTOOD
 */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  delimiter: string,
): AsyncGenerator<readonly TableRow[], void, undefined> {
  const parser = parse({
    bom: true,
    columns: (names: readonly string[]) => names.map((name) => name.trim().toLowerCase()),
    delimiter,
    info: true,
    max_record_size: MAX_ROW,
    relax_column_count: true,
    skip_empty_lines: true,
  });
  const source = Readable.from(chunks);
  source.once('error', (error) => parser.destroy(error));
  let page: TableRow[] = [];
  try {
    for await (const parsed of source.pipe(parser)) {
      // With `info` and `columns` a row is this.
      const { record, info } = parsed as ParsedRow;
      page.push({ line: info.lines, table: undefined, fields: record });
      if (page.length < ROWS_PER_PAGE) continue;
      yield page;
      page = [];
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const message = `this is no CSV: ${error.message}`;
    throw new MigrateError('IMPORT_NOT_UNDERSTOOD', message, { cause: error });
  }
  if (page.length > 0) yield page;
}
