import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Writes a file that has its name only once it is whole and on the disk, readable by its owner only;
 * one that is there already is replaced then. What a crash leaves is a directory beside it.
 *
 * @throws an Error with `syscall` if it cannot be written, and whatever the source throws
 */
export async function writeWholeFile(
  path: string,
  source: Readable,
  through: readonly Transform[] = [],
): Promise<void> {
  const folder = dirname(resolve(path));
  const work = await mkdtemp(join(folder, '.greymilter-'));
  const part = join(work, 'part');
  try {
    await pipeline([source, ...through, createWriteStream(part, { mode: 0o600 })]);
    await waitForDisk(part);
    await rename(part, path);
    await waitForDisk(folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function waitForDisk(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
