import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { limitFiles } from './limit-files.js';
import { runAgain } from './run-again.js';
import { createTempDirectory } from './temp-directory.js';

/** A disk that a test can fill. */
export interface SmallDisk {
  /** An empty directory on it. */
  readonly path: string;
  /** `limit`: no disk could be had, but files cannot grow while it is `full`. */
  readonly kind: 'tmpfs' | 'shared memory' | 'limit';
  fill(): void;
  /** Takes away what filled it. */
  free(): void;
}

const sizeMiB = 8;

/** More than that takes too long to fill, and may take the machine's memory. */
const largestToFill = 128 * 1024 * 1024;

/**
 * Runs the body of a test with a disk of a few MiB: a tmpfs of our own, if need be in a name space
 * of our own where the test runs again. Where neither is allowed it is the shared memory of a
 * container, which is as small; and in the end the limit on the size of files.
 *
 * @param file `import.meta.url` of the test
 */
export async function withSmallDisk(
  t: TestContext,
  file: string,
  body: (disk: SmallDisk) => Promise<void>,
): Promise<void> {
  const point = createMountPoint(t);
  if (mountTmpfs(point)) {
    await body(fillable('tmpfs', point));
  } else if (spawnSync('unshare', [...ownNameSpace, ...tmpfsOn(point)]).status === 0) {
    await runAgain(t, file, ['unshare', ...ownNameSpace]);
  } else {
    t.diagnostic('no file system can be mounted here');
    await body(isSmall('/dev/shm') ? inSharedMemory(t) : limited(point));
  }
}

/** What is mounted there goes before the directory does. */
function createMountPoint(t: TestContext): string {
  let remove: () => void = () => undefined;
  const point = createTempDirectory({ after: (given) => (remove = given) });
  t.after(() => {
    spawnSync('umount', ['--lazy', point]);
    remove();
  });
  return point;
}

const ownNameSpace = ['--map-root-user', '--mount', '--'];

const tmpfsOn = (point: string): readonly string[] => [
  ...['mount', '-t', 'tmpfs', '-o', `size=${sizeMiB}m,mode=0700`, 'greymilter-test', point],
];

function mountTmpfs(point: string): boolean {
  const [mount = '', ...args] = tmpfsOn(point);
  return spawnSync(mount, args).status === 0;
}

function isSmall(path: string): boolean {
  try {
    const { blocks, bsize } = statfsSync(path);
    return blocks > 0 && blocks * bsize <= largestToFill;
  } catch {
    // It is not there at all.
    return false;
  }
}

function inSharedMemory(t: TestContext): SmallDisk {
  const path = `/dev/shm/greymilter-test-${process.pid}`;
  mkdirSync(path, { mode: 0o700 });
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return fillable('shared memory', path);
}

function fillable(kind: SmallDisk['kind'], path: string): SmallDisk {
  const ballast = join(path, 'ballast');
  return { path, kind, fill: () => fillUp(ballast), free: () => rmSync(ballast, { force: true }) };
}

function fillUp(ballast: string): void {
  const file = openSync(ballast, 'a');
  try {
    for (let bytes = 1024 * 1024; bytes >= 1; bytes >>= 1) {
      // A short write is a write that did not find more room.
      while (tryToWrite(file, bytes) === bytes);
    }
  } finally {
    closeSync(file);
  }
}

function tryToWrite(file: number, bytes: number): number {
  try {
    return writeSync(file, Buffer.alloc(bytes));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return 0;
    throw error;
  }
}

function limited(path: string): SmallDisk {
  return { path, kind: 'limit', fill: () => limitFiles(true), free: () => limitFiles(false) };
}
