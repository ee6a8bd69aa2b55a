import { open } from 'node:fs/promises';
import { StoreError } from '../store.js';
import { reasonOf } from './redis-errors.js';

const READABLE_BY_OTHERS = 0o007;

/**
 * The first line of a file that nobody but its owner and its group may use.
 *
 * @throws StoreError STORE_PERMISSION
 */
export async function readSecret(path: string): Promise<string> {
  let found: { readonly text: string; readonly mode: number };
  try {
    const file = await open(path);
    try {
      const { mode } = await file.stat();
      found = { mode, text: await file.readFile('utf8') };
    } finally {
      await file.close();
    }
  } catch (cause) {
    const message = `The password of the store cannot be read: ${reasonOf(cause)}.`;
    throw new StoreError('STORE_PERMISSION', message, { cause });
  }
  if ((found.mode & READABLE_BY_OTHERS) !== 0) {
    const message = `Everybody may use ${path}, which has the password of the store: chmod o= ${path}`;
    throw new StoreError('STORE_PERMISSION', message);
  }
  const [first = ''] = found.text.split(/\r?\n/);
  if (first !== '') return first;
  throw new StoreError(
    'STORE_PERMISSION',
    `The first line of ${path} has no password of the store.`,
  );
}
