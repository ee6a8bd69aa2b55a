import { createWriteStream } from 'node:fs';
import { mkdtemp, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** How the name of a directory begins in which a file is written. */
const WORK = '.greymilter-';

/** Nobody stops for so long in the middle of writing a file. */
const ABANDONED_MS = 86_400_000;

/**
 * Writes a file that has its name only once it is whole and on the disk, readable by its owner only;
 * one that is there already is replaced then. What a crash leaves is a directory beside it, which the
 * next one there takes away.
 *
 * @throws an Error with `syscall` if it cannot be written, and whatever the source throws
 */
export async function writeWholeFile(
  path: string,
  source: Readable,
  through: readonly Transform[] = [],
): Promise<void> {
  const folder = dirname(resolve(path));
  await removeRemains(folder);
  const work = await mkdtemp(join(folder, WORK));
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

/** What those have left who were killed; a file that grew today may be in the making. */
async function removeRemains(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(WORK))) {
    const part = await stat(join(folder, name, 'part')).catch(() => undefined);
    if (part === undefined || Date.now() - part.mtimeMs < ABANDONED_MS) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}
