import { asciiJson } from '../../migrate/ascii-json.js';
import { findConfig, type ConfigArguments } from '../arguments/config-options.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { localStorePath } from './local-store.js';
import type { Output } from '../terminal/output.js';
import { accessRecords } from './records-access.js';
import { sizeOf } from '../terminal/size-of.js';

/** What `compact` takes. */
export type CompactArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> & {
  readonly json?: boolean | undefined;
};

/**
 * `greymilter compact`: makes the store's files smaller, also while the filter runs.
 *
 * @throws ConfigError, StoreError, AdminError
 */
export async function compact(args: CompactArguments, output: Output): Promise<number> {
  const { config } = await findConfig(args);
  localStorePath(config, 'compact');
  const access = await accessRecords(config, 'write');
  try {
    const summary = await access.compact();
    const { bytesBefore, bytesAfter } = summary;
    const text = `The store is compacted: ${sizeOf(bytesBefore)} before, ${sizeOf(bytesAfter)} now`;
    output.print(`${args.json === true ? asciiJson(summary) : text}\n`);
    return exitCodes.done;
  } finally {
    await access.close();
  }
}
