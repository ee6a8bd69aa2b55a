import { readFile } from 'node:fs/promises';
import { fileProblem } from '../mail/file-problem.js';
import { LookupError } from './lookup-error.js';

/**
 * The first line of a file.
 *
 * @throws LookupError with code PASSWORD_UNREADABLE, also if it is empty: with an empty password a
 *   directory takes us for nobody, and says so to nobody (RFC 4513 section 5.1.2)
 */
export async function readPasswordFile(path: string): Promise<string> {
  let first: string | undefined;
  try {
    [first] = (await readFile(path, 'utf8')).split(/\r?\n/);
  } catch (cause) {
    const reason = fileProblem(cause, 'read');
    const message = `cannot read the password in ${path}: ${reason}`;
    throw new LookupError('PASSWORD_UNREADABLE', message, { cause });
  }
  if (first === undefined || first === '') {
    throw new LookupError(
      'PASSWORD_UNREADABLE',
      `there is no password on the first line of ${path}`,
    );
  }
  return first;
}
