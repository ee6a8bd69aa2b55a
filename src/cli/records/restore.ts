import { importBatches } from '../../admin/records.js';
import type { Config } from '../../config/schema.js';
import { readBackup, type BackupSummary } from '../../migrate/backup.js';
import { asFields, parseFields, readOptionalText } from '../../migrate/json-fields.js';
import { outlineRecord, readExport } from '../../migrate/json-lines.js';
import { MigrateError } from '../../migrate/migrate-error.js';
import { readLines } from '../../migrate/read-lines.js';
import type { ReadBatch } from '../../migrate/stored-record.js';
import { StoreError } from '../../store/store.js';
import { asciiJson } from '../../migrate/ascii-json.js';
import { findSettings, type ConfigArguments } from '../arguments/config-options.js';
import { isConfirmed } from '../terminal/confirm.js';
import { backupText } from './backup-text.js';
import { countHeld } from './count-held.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { localStorePath } from './local-store.js';
import { isStandardInput } from '../arguments/standard-input.js';
import { openInput } from '../terminal/open-input.js';
import type { Output } from '../terminal/output.js';
import { printable } from '../terminal/printable.js';
import { findDaemon } from './reach-daemon.js';
import { UsageError } from '../arguments/usage-error.js';

/** What `restore` takes. */
export type RestoreArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> & {
  readonly file: string;
  readonly 'dry-run'?: boolean | undefined;
  readonly yes?: boolean | undefined;
  readonly json?: boolean | undefined;
};

/**
 * `greymilter restore FILE`: puts a store with exactly what a backup holds in the place of the one
 * that is there, which is kept. The backup is read to its end before anything is done. Only while no
 * filter runs.
 *
 * @returns 1 if somebody has thought better of it
 * @throws UsageError, ConfigError, MigrateError, StoreError, AdminError
 */
export async function restore(args: RestoreArguments, output: Output): Promise<number> {
  const { file, json } = args;
  if (isStandardInput(file)) throw new UsageError('a backup is read twice: name its file');
  const config = await findSettings(args);
  const path = localStorePath(config, 'restore');
  const found = await verify(file, Date.now());
  const isDry = args['dry-run'] === true;
  if (!isDry) await refuseWhileRunning(config, path);
  const held = await countHeld(path);
  const done = { file, ...found, store: path, held: held?.records };
  const tell = (text: string, aside?: string, restored = false): void =>
    output.print(json === true ? `${asciiJson({ ...done, restored, aside })}\n` : text);
  const what = describe(file, found);
  const there = held === undefined ? 'what is there' : backupText(held);
  const heldNow = { records: found.living, statistics: found.livingStatistics };
  const question = `${what} Put it in the place of ${there} in ${path}`;
  if (isDry) {
    tell(`${what} It would take the place of ${there} in ${path}; nothing was changed\n`);
    return exitCodes.done;
  }
  if (args.yes !== true && !(await isConfirmed(question))) {
    tell('Nothing was changed\n');
    return exitCodes.no;
  }
  const aside = await replace(path, file);
  const kept =
    aside === undefined ? '' : `The old one is kept in ${aside}; delete it when you like.\n`;
  tell(`The store ${path} holds ${backupText(heldNow)} now.\n${kept}`, aside, true);
  return exitCodes.done;
}

/** What a backup holds. */
interface VerifiedBackup extends BackupSummary {
  /** RFC 3339, and the version of greymilter. */
  readonly madeAt: string;
  readonly by: string;
  /** Those that have not expired meanwhile. */
  readonly living: number;
  /** The same of statistics. */
  readonly livingStatistics: number;
}

/** Reads all of a backup. @throws MigrateError if it is not whole, or not to be understood */
async function verify(file: string, now: number): Promise<VerifiedBackup> {
  let summary: BackupSummary | undefined;
  let head = '';
  let [living, livingStatistics] = [0, 0];
  const pages = readBackup(readLines(openInput(file)), (told) => (summary = told));
  const heard = (async function* () {
    for await (const page of pages) {
      head ||= page[0] ?? '';
      yield page;
    }
  })();
  for await (const { records } of readWholly(heard)) {
    for (const record of records.filter(({ expiresAt }) => expiresAt > now)) {
      if (outlineRecord(record).kind === 'statistics') livingStatistics += 1;
      else living += 1;
    }
  }
  if (summary === undefined) throw new Error('a backup that was read has an end');
  const header = asFields(parseFields(head), 'the header');
  const [madeAt = '', by = ''] = ['exportedAt', 'by'].map((name) => readOptionalText(header, name));
  return { ...summary, living, livingStatistics, madeAt, by };
}

/** The records of a backup; here none is left out. @throws MigrateError */
async function* readWholly(
  pages: AsyncIterable<readonly string[]>,
): AsyncGenerator<ReadBatch, void, undefined> {
  for await (const batch of readExport(pages)) {
    const [refused] = batch.refused;
    if (refused !== undefined) {
      const { line, reason } = refused;
      const message = `line ${line} of the backup is no record that this greymilter knows: ${reason}. Restore it with the version that made it, or a later one`;
      throw new MigrateError('IMPORT_NEWER_FORMAT', message);
    }
    yield batch;
  }
}

function describe(file: string, found: VerifiedBackup): string {
  const { records, statistics, living, livingStatistics, madeAt, by } = found;
  const over = records + statistics - living - livingStatistics;
  const ended = over === 0 ? '' : `, ${over} of them over by now`;
  return printable(
    `${file} is whole: ${backupText(found)}${ended}, of ${madeAt}, made by greymilter ${by}.`,
  );
}

/** A filter has its store in its hands; what it is in the middle of would be lost. */
async function refuseWhileRunning(config: Config, path: string): Promise<void> {
  const daemon = await findDaemon(config);
  if (daemon === undefined) return;
  daemon.client.close();
  const message = `A running greymilter has the store ${path} open: stop it first. While it runs "greymilter import" adds what a backup holds to what is there.`;
  throw new StoreError('STORE_LOCKED', message);
}

/** @returns where the old store is now */
async function replace(path: string, file: string): Promise<string | undefined> {
  const { restoreLevelStore } = await import('../../store/restore-level-store.js');
  const now = Date.now();
  return await restoreLevelStore(
    path,
    async (store) => {
      const pages = readBackup(readLines(openInput(file)), () => undefined);
      const steps = importBatches(store, readWholly(pages), { now: () => now });
      while ((await steps.next()).done !== true);
    },
    now,
  );
}
