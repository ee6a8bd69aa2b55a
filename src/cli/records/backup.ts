import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { AdminError } from '../../admin/admin-error.js';
import { writeBackup, type BackupSummary } from '../../migrate/backup.js';
import { fileProblem } from '../../mail/file-problem.js';
import { asciiJson } from '../../migrate/ascii-json.js';
import { findSettings, type ConfigArguments } from '../arguments/config-options.js';
import { backupText } from './backup-text.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { UsageError } from '../arguments/usage-error.js';
import { isStandardInput } from '../arguments/standard-input.js';
import type { Output } from '../terminal/output.js';
import { accessRecords } from './records-access.js';
import { writeWholeFile } from '../terminal/write-file.js';

/** What `backup` takes. */
export type BackupArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> & {
  readonly file: string;
  readonly json?: boolean | undefined;
};

/**
 * `greymilter backup FILE`: all records as they are at one moment, in a file that tells whether it is
 * whole. It is compressed if its name ends in `.gz`.
 *
 * @throws UsageError, ConfigError, StoreError, AdminError
 */
export async function backup(args: BackupArguments, output: Output): Promise<number> {
  const { file } = args;
  if (isStandardInput(file)) throw new UsageError('a backup is written to a file: name it');
  const config = await findSettings(args);
  const access = await accessRecords(config, 'read');
  let summary: BackupSummary | undefined;
  try {
    const lines = writeBackup(await access.export(), (told) => (summary = told));
    await writeWholeFile(file, Readable.from(lines), file.endsWith('.gz') ? [createGzip()] : []);
  } catch (error) {
    if (error instanceof AdminError) {
      const message = `${error.message}. Nothing was written: do it again`;
      throw new AdminError(error.code, message, { cause: error });
    }
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    output.error(`greymilter: cannot write ${file}: ${fileProblem(error, 'write')}\n`);
    return exitCodes.cannotCreate;
  } finally {
    await access.close();
  }
  const held = summary === undefined ? '' : backupText(summary);
  const text = `${held} in ${file}; "greymilter restore --dry-run" verifies it\n`;
  output.print(args.json === true ? `${asciiJson({ file, ...summary })}\n` : text);
  return exitCodes.done;
}
