import { asciiJson } from '../../migrate/ascii-json.js';
import type { CompactionSummary } from '../../admin/compaction.js';
import { findSettings, type ConfigArguments } from '../arguments/config-options.js';
import { exitCodes } from '../arguments/exit-codes.js';
import { localStorePath } from './local-store.js';
import type { Output } from '../terminal/output.js';
import { accessRecords } from './records-access.js';
import { sizeOf } from '../terminal/size-of.js';

/** What `compact` takes. */
export type CompactArguments = Pick<ConfigArguments, 'config' | 'store' | 'set'> & {
  readonly json?: boolean | undefined;
};

/** What has been gained; the files of a small store may have grown. */
export function compactionText({ bytesBefore, bytesAfter }: CompactionSummary): string {
  return bytesAfter < bytesBefore
    ? `The store is compacted: ${sizeOf(bytesBefore)} before, ${sizeOf(bytesAfter)} now`
    : `The store is compacted: there was nothing to be gained, its files take ${sizeOf(bytesAfter)}`;
}

/**
 * `greymilter compact`: makes the store's files smaller, also while the filter runs.
 *
 * @throws ConfigError, StoreError, AdminError
 */
export async function compact(args: CompactArguments, output: Output): Promise<number> {
  const config = await findSettings(args);
  localStorePath(config, 'compact');
  const access = await accessRecords(config, 'write');
  try {
    const summary = await access.compact();
    output.print(`${args.json === true ? asciiJson(summary) : compactionText(summary)}\n`);
    return exitCodes.done;
  } finally {
    await access.close();
  }
}
