import { MigrateError } from './migrate-error.js';

/** A row of a Berkeley DB table. */
export interface DumpRow {
  /** Of its key; the value is on the next line. */
  readonly line: number;
  readonly key: string;
  readonly value: string;
}

type Encoding = 'print' | 'bytevalue';

/**
 * Reads what `db_dump` writes, with -p or without, of one table or several in a row:
 *
 *   VERSION=3
 *   format=print
 *   type=btree
 *   HEADER=END
 *    198.51.100.0/a@example.com/b@example.net     key and value, each behind one blank
 *    1795232417,1795232487
 *   DATA=END
 */
export class PostgreyDumpReader {
  #line = 0;
  #isBegun = false;
  /** Undefined in front of a header and in it. */
  #encoding: Encoding | undefined;
  #announced: Encoding | undefined;
  #key: string | undefined;

  /** The rows that end in these lines. @throws MigrateError IMPORT_NOT_UNDERSTOOD */
  read(lines: readonly string[]): readonly DumpRow[] {
    const rows: DumpRow[] = [];
    for (const text of lines) {
      this.#line += 1;
      if (this.#encoding === undefined) this.#readHeader(text);
      else if (text === 'DATA=END' && this.#key === undefined) this.#encoding = undefined;
      else this.#readData(text, this.#encoding, rows);
    }
    return rows;
  }

  /** @throws MigrateError IMPORT_NOT_UNDERSTOOD if nothing has come, IMPORT_CUT_OFF */
  end(): void {
    if (!this.#isBegun) throw this.#notADump();
    if (this.#encoding === undefined && this.#announced === undefined) return;
    const message = `the dump ends in line ${this.#line}, before DATA=END: dump it once more`;
    throw new MigrateError('IMPORT_CUT_OFF', message);
  }

  #readHeader(text: string): void {
    if (!this.#isBegun && text !== 'VERSION=3') throw this.#notADump();
    this.#isBegun = true;
    if (text === 'HEADER=END') {
      if (this.#announced === undefined) throw this.#notADump();
      this.#encoding = this.#announced;
      this.#announced = undefined;
      return;
    }
    const [, name, value] = /^(\w+)=(.*)$/.exec(text) ?? [];
    if (name === undefined) throw this.#notADump();
    if (name === 'VERSION') this.#announced = 'bytevalue';
    if (name === 'format') {
      if (value !== 'print' && value !== 'bytevalue') throw this.#notADump();
      this.#announced = value;
    }
  }

  #readData(text: string, encoding: Encoding, rows: DumpRow[]): void {
    const decoded = text.startsWith(' ') ? decoders[encoding](text.slice(1)) : undefined;
    if (decoded === undefined) throw this.#notADump();
    if (this.#key === undefined) {
      this.#key = decoded;
      return;
    }
    rows.push({ line: this.#line - 1, key: this.#key, value: decoded });
    this.#key = undefined;
  }

  #notADump(): MigrateError {
    const where = this.#line === 0 ? 'it is empty' : `see line ${this.#line}`;
    return new MigrateError(
      'IMPORT_NOT_UNDERSTOOD',
      `this is no output of db_dump: ${where}. Make it by "db_dump -p -h DIR postgrey.db"`,
    );
  }
}

const decoders: Readonly<Record<Encoding, (text: string) => string | undefined>> = {
  print: decodePrint,
  bytevalue: decodeHex,
};

/** A backslash stands for itself when doubled, else before two hexadecimal digits. */
function decodePrint(text: string): string | undefined {
  if (!text.includes('\\')) return text;
  const parts = text.match(/\\\\|\\[0-9a-f]{2}|[^\\]+/g) ?? [];
  if (parts.join('') !== text) return undefined;
  const bytes = parts.map((part) => {
    if (part === '\\\\') return Buffer.from('\\');
    return part.startsWith('\\') ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part);
  });
  return Buffer.concat(bytes).toString('utf8');
}

function decodeHex(text: string): string | undefined {
  const bytes = Buffer.from(text, 'hex');
  return bytes.length * 2 === text.length ? bytes.toString('utf8') : undefined;
}
