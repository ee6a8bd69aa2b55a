import { parseDuration } from '../../config/duration.js';
import type { Config } from '../../config/schema.js';
import { foreignTerms } from '../../daemon/answers/foreign-terms.js';
import { readExport } from '../../migrate/json-lines.js';
import { MigrateError } from '../../migrate/migrate-error.js';
import { openPostgreyDatabase } from '../../migrate/postgrey-database.js';
import { readLines } from '../../migrate/read-lines.js';
import { readMilterGreylist } from '../../migrate/read-milter-greylist.js';
import { readPostgrey } from '../../migrate/read-postgrey.js';
import { readSqlgrey } from '../../migrate/read-sqlgrey.js';
import type { ReadBatch } from '../../migrate/stored-record.js';
import { isStandardInput } from '../arguments/standard-input.js';
import { openInput } from '../terminal/open-input.js';
import { UsageError } from '../arguments/usage-error.js';

/** Where to import from, as the command line says it. */
export type ImportSource =
  | { readonly format: 'greymilter'; readonly file: string }
  | ({ readonly format: 'sqlgrey'; readonly files: readonly string[] } & ForeignArguments)
  | ({ readonly format: 'milter-greylist'; readonly file: string } & ForeignArguments)
  | ({
      readonly format: 'postgrey';
      readonly dir: string;
      readonly ipv4cidr: number;
      readonly ipv6cidr: number;
    } & ForeignArguments);

/** Durations as they are written. */
export interface ForeignArguments {
  readonly delay: string;
  readonly 'retry-window'?: string | undefined;
  readonly 'max-age'?: string | undefined;
}

/** What is read of a source; what it needs is cleaned up at its end. @throws UsageError, MigrateError */
export function readSource(
  source: ImportSource,
  config: Config,
  now: number,
): AsyncGenerator<ReadBatch, void, undefined> {
  switch (source.format) {
    case 'greymilter':
      return readExport(readLines(openInput(source.file)));
    case 'sqlgrey':
      return readSqlgreyFiles(source.files, termsOf(source, config, now));
    case 'milter-greylist':
      return readMilterGreylist(readLines(openInput(source.file)), termsOf(source, config, now));
    case 'postgrey': {
      const { ipv4cidr: ipv4, ipv6cidr: ipv6 } = source;
      if (!isLength(ipv4, 32) || !isLength(ipv6, 128)) {
        throw new UsageError('--ipv4cidr is a number from 0 to 32, --ipv6cidr one from 0 to 128');
      }
      const pages = readLines(isStandardInput(source.dir) ? openInput('-') : dumpOf(source.dir));
      return readPostgrey(pages, termsOf(source, config, now), { ipv4, ipv6 });
    }
  }
}

async function* readSqlgreyFiles(
  files: readonly string[],
  terms: ReturnType<typeof termsOf>,
): AsyncGenerator<ReadBatch, void, undefined> {
  for (const file of files) {
    const batches = readSqlgrey(openInput(file), terms);
    yield* files.length === 1 ? batches : ofInput(file, batches);
  }
}

/** What is read of one of several inputs, where whatever is told of it says of which. */
async function* ofInput(
  file: string,
  batches: AsyncIterable<ReadBatch>,
): AsyncGenerator<ReadBatch, void, undefined> {
  const input = isStandardInput(file) ? 'standard input' : file;
  try {
    for await (const batch of batches) {
      yield { ...batch, refused: batch.refused.map((note) => ({ ...note, input })) };
    }
  } catch (error) {
    // What cannot be read has its name with it.
    if (!(error instanceof MigrateError) || error.code !== 'IMPORT_NOT_UNDERSTOOD') throw error;
    throw new MigrateError(error.code, `${input}: ${error.message}`, { cause: error });
  }
}

async function* dumpOf(directory: string): AsyncGenerator<Uint8Array, void, undefined> {
  const database = await openPostgreyDatabase(directory);
  try {
    yield* database.dump();
  } finally {
    await database.close();
  }
}

function termsOf(source: ForeignArguments, config: Config, now: number) {
  const retryWindow = source['retry-window'];
  const maxAge = source['max-age'];
  const options = {
    delayMs: readDuration('delay', source.delay),
    retryWindowMs:
      retryWindow === undefined ? undefined : readDuration('retry-window', retryWindow),
    maxAgeMs: maxAge === undefined ? undefined : readDuration('max-age', maxAge),
  };
  return foreignTerms(config, options, now);
}

/** A duration; a number alone is seconds, or days of --max-age, as Postgrey has them. */
function readDuration(name: string, text: string): number {
  const written = /^\d+$/.test(text) ? `${text}${name === 'max-age' ? 'd' : 's'}` : text;
  const parsed = parseDuration(written);
  if ('ok' in parsed) return parsed.ok;
  throw new UsageError(`--${name} ${text} ${parsed.problem}`);
}

function isLength(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most;
}
