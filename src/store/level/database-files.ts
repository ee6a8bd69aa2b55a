import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from './file-presence.js';
import { notOursError } from './store-errors.js';

/** What LevelDB needs of a database; its LOCK and its own LOG are no part of what is stored. */
const DATABASE_FILE = /^(CURRENT|MANIFEST-\d+|\d{6,}\.(ldb|sst|log))$/;

/** What LevelDB calls the table with that number. */
export function tableName(number: number): string {
  return `${String(number).padStart(6, '0')}.ldb`;
}

/** Whether a file of a database is a table. */
export function isTable(name: string): boolean {
  return /\.(ldb|sst)$/.test(name);
}

/** A file of a database, by its name in the directory. */
export interface DatabaseFile {
  readonly name: string;
  readonly bytes: number;
}

/**
 * The files of the LevelDB database in `path`, however damaged it is.
 *
 * @throws StoreError STORE_NOT_OURS if there is no such directory, or nothing of LevelDB's in it
 */
export async function listDatabase(path: string): Promise<readonly DatabaseFile[]> {
  const names = await readdir(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) throw notOursError(path, 'there is no such directory', error);
    if (hasCode(error, 'ENOTDIR')) throw notOursError(path, 'it is no directory', error);
    throw error;
  });
  const files: DatabaseFile[] = [];
  for (const name of names.filter((each) => DATABASE_FILE.test(each))) {
    // Of a database that is open a file may go meanwhile.
    const found = await lstat(join(path, name)).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
    if (found?.isFile() === true) files.push({ name, bytes: found.size });
  }
  if (files.length === 0) throw notOursError(path, 'it holds no database');
  return files;
}
