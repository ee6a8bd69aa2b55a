import { chmod, chown, mkdtemp, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileError } from './setup-error.js';

/** Where a file of the mail server is kept as it was. */
export function backupOf(path: string): string {
  return `${path}.before-greymilter`;
}

/**
 * Reads a file of the mail server, with a character for each byte: a comment may be of any character set,
 * and is to be written as it was.
 *
 * @throws SetupError SETUP_FILE, SETUP_PERMISSION
 */
export async function readKept(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    throw fileError(path, error);
  }
}

/** The same, undefined if there is no such file. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw fileError(path, error);
  }
}

/**
 * Gives a file another text, with a byte for each character, at once and whole; permissions and owner are
 * those of `like`, which may be the file itself.
 *
 * @throws SetupError SETUP_FILE, SETUP_PERMISSION
 */
export async function replaceText(path: string, text: string, like: string = path): Promise<void> {
  try {
    const { mode, uid, gid } = await stat(like);
    const work = await mkdtemp(join(dirname(path), '.greymilter-'));
    try {
      const part = join(work, basename(path));
      const file = await open(part, 'w', 0o600);
      try {
        await file.writeFile(text, 'latin1');
        await file.sync();
      } finally {
        await file.close();
      }
      await chown(part, uid, gid);
      await chmod(part, mode & 0o7777);
      await rename(part, path);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  } catch (error) {
    throw fileError(path, error);
  }
}

/** Text of ours in that form: a character for each byte of its UTF-8. */
export function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** Text of ours that was read in that form. */
export function textOf(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString();
}

/** Keeps a file as it is now, in place of what was kept of it before. @throws SetupError */
export async function keep(path: string): Promise<void> {
  await replaceText(backupOf(path), await readKept(path), path);
}

/** Puts a kept file back, byte for byte. @throws SetupError */
export async function putBack(path: string): Promise<void> {
  try {
    await rename(backupOf(path), path);
  } catch (error) {
    throw fileError(path, error);
  }
}
