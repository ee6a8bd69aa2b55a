import { stat } from 'node:fs/promises';

/** What files were at a moment, by path: whatever is done to one gives it another stamp. */
export type FileStamps = ReadonlyMap<string, string>;

/** Stands before the error of a file that cannot be looked at. */
const LOST = 'lost: ';

/**
 * What a file is now. Symbolic links are followed, so that it changes with any of them; owner and
 * mode are in it, since a file that may be read at last is news.
 */
export async function stampFile(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    return `${LOST}${error instanceof Error && 'code' in error ? String(error.code) : ''}`;
  }
}

/** Whether there was no file, or none that one could reach. */
export function isLost(stamp: string | undefined): boolean {
  return stamp?.startsWith(LOST) === true;
}

/** One after the other: a network file system that hangs holds one thread up, and no more. */
export async function stampFiles(paths: Iterable<string>): Promise<FileStamps> {
  const stamps = new Map<string, string>();
  for (const path of paths) stamps.set(path, await stampFile(path));
  return stamps;
}
