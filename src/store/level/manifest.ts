import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OnStep } from './check-table.js';
import { LOG_BLOCK_BYTES, LogRecords } from './log-records.js';
import { orUndefined } from './or-undefined.js';
import { applyEdit } from './version-edit.js';

/** What a database says of itself. */
export interface Manifest {
  /** The file that says it, or should name that one. */
  readonly name: string;
  /** The sizes of its tables, by their numbers. */
  readonly tables: ReadonlyMap<number, number>;
  /** From where on it makes no sense: LevelDB does not open such a database. */
  readonly badAt: number | undefined;
}

/**
 * Reads which tables a database has, also while it is open: one that is named is complete, and never
 * changed. Rejects with the system's error.
 */
export async function readManifest(path: string, onStep: OnStep): Promise<Manifest> {
  const name = (await readFile(join(path, 'CURRENT'), 'latin1')).trimEnd();
  const tables = new Map<number, number>();
  if (!/^MANIFEST-\d+$/.test(name)) return { name: 'CURRENT', tables, badAt: 0 };
  const file = await open(join(path, name));
  try {
    const log = new LogRecords();
    for (let at = 0; ; at += LOG_BLOCK_BYTES) {
      const block = Buffer.alloc(LOG_BLOCK_BYTES);
      const { bytesRead } = await file.read(block, 0, LOG_BLOCK_BYTES, at);
      const { records, badAt } = log.take(block.subarray(0, bytesRead));
      const areRead = orUndefined(() => {
        for (const record of records) applyEdit(record, tables);
        return true;
      });
      if (areRead === undefined) return { name, tables, badAt: at };
      if (badAt !== undefined) return { name, tables, badAt: at + badAt };
      if (bytesRead < LOG_BLOCK_BYTES) return { name, tables, badAt: undefined };
      await onStep(bytesRead);
    }
  } finally {
    await file.close();
  }
}
