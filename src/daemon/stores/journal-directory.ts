import { statfs } from 'node:fs/promises';
import type { Config } from '../../config/schema.js';
import type { Logger } from '../../telemetry/logger.js';

/** What statfs(2) calls the file systems that are in memory: tmpfs and ramfs, of linux/magic.h. */
const IN_MEMORY: ReadonlySet<number> = new Set([0x0102_1994, 0x8584_58f6]);

/**
 * Where the journal of a store is to be. Only a file system in memory will do: to write to a disk that has much
 * to do may take long, and the whole filter would wait for that. Undefined: nowhere, so answers wait for the disk.
 *
 * @param vouchedFor what whoever starts the filter says outlives it, for `auto`: systemd's unit knows that of its
 *   directory, and a container that what it has in memory ends with it
 */
export async function findJournalDirectory(
  { journal, durability }: Pick<Config['store'], 'journal' | 'durability'>,
  vouchedFor: string | undefined,
  logger: Pick<Logger, 'warn'>,
): Promise<string | undefined> {
  const directory = journal === 'auto' ? vouchedFor : journal;
  if (directory === undefined || directory === null || durability === 'power') return undefined;
  const problem = await statfs(directory).then(
    ({ type }) =>
      IN_MEMORY.has(type) ? undefined : 'it is on a disk: name a directory of a tmpfs',
    (error: unknown) => String(error),
  );
  if (problem === undefined) return directory;
  logger.warn('store.journal cannot be used: answers wait for the disk', {
    directory,
    error: problem,
  });
  return undefined;
}
