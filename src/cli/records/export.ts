import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Config } from '../../config/schema.js';
import { fileProblem } from '../../mail/file-problem.js';
import { findSettings, type ConfigArguments } from '../arguments/config-options.js';
import { exitCodes } from '../arguments/exit-codes.js';
import type { Output } from '../terminal/output.js';
import { accessRecords } from './records-access.js';

/** What `export` takes. */
export type ExportArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> & {
  readonly output?: string | undefined;
  readonly format?: string | undefined;
};

/**
 * `greymilter export`: writes all records as JSON lines, or as milter-greylist's dump file. A file has its name only once it is whole.
 *
 * @throws ConfigError, StoreError, AdminError
 */
export async function exportRecords(args: ExportArguments, output: Output): Promise<number> {
  const config = await findSettings(args);
  const access = await accessRecords(config, 'read');
  try {
    const records = await access.export();
    const source = Readable.from(
      args.format === 'milter-greylist' ? await asDump(records, config) : records,
    );
    if (args.output === undefined) {
      await pipeline(source, process.stdout, { end: false });
      return exitCodes.done;
    }
    return await writeFile(source, args.output, output);
  } finally {
    await access.close();
  }
}

async function asDump(
  lines: AsyncIterable<string | Uint8Array>,
  { greylist }: Config,
): Promise<AsyncIterable<string>> {
  const [{ readExport }, { readLines }, { writeMilterGreylist }] = await Promise.all([
    import('../../migrate/json-lines.js'),
    import('../../migrate/read-lines.js'),
    import('../../migrate/write-milter-greylist.js'),
  ]);
  const records = readExport(readLines(asBytes(lines)));
  const { delay: delayMs, 'retry-window': retryWindowMs } = greylist;
  return writeMilterGreylist(records, { now: Date.now(), delayMs, retryWindowMs });
}

async function* asBytes(
  lines: AsyncIterable<string | Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const part of lines) yield typeof part === 'string' ? Buffer.from(part) : part;
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
    output.error(`greymilter: cannot write ${path}: ${fileProblem(error, 'write')}\n`);
    return exitCodes.cannotCreate;
  }
}
