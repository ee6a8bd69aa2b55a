import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { findConfig, type ConfigArguments } from './config-options.js';
import { exitCodes } from './exit-codes.js';
import type { Output } from './output.js';
import { accessRecords } from './records-access.js';

/** What `export` takes. */
export type ExportArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> & {
  readonly output?: string | undefined;
};

/**
 * `greymilter export`: writes all records as JSON lines. A file has its name only once it is whole.
 *
 * @throws ConfigError, StoreError, AdminError
 */
export async function exportRecords(args: ExportArguments, output: Output): Promise<number> {
  const { config } = await findConfig(args);
  const access = await accessRecords(config, 'read');
  try {
    const source = Readable.from(await access.export());
    if (args.output === undefined) {
      await pipeline(source, process.stdout, { end: false });
      return exitCodes.done;
    }
    return await writeFile(source, args.output, output);
  } finally {
    await access.close();
  }
}

async function writeFile(source: Readable, path: string, output: Output): Promise<number> {
  const part = `${path}.part`;
  try {
    await pipeline(source, createWriteStream(part, { mode: 0o600 }));
    await rename(part, path);
    return exitCodes.done;
  } catch (error) {
    await rm(part, { force: true });
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    output.error(`greymilter: cannot write ${path}: ${error.message}\n`);
    return exitCodes.cannotCreate;
  }
}
