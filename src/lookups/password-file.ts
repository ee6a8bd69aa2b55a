import { readFile } from 'node:fs/promises';
import { LookupError } from './lookup-error.js';

/**
 * The first line of a file.
 *
 * @throws LookupError with code PASSWORD_UNREADABLE
 */
export async function readPasswordFile(path: string): Promise<string> {
  try {
    const [first = ''] = (await readFile(path, 'utf8')).split(/\r?\n/);
    return first;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `cannot read the password in ${path}: ${reason}`;
    throw new LookupError('PASSWORD_UNREADABLE', message, { cause });
  }
}
