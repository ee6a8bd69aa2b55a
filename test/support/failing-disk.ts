import { spawnSync } from 'node:child_process';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { runAgain } from './run-again.js';
import { createTempDirectory } from './temp-directory.js';

/** A file system that turns read-only by itself, as it does when its device has errors. */
export interface FailingDisk {
  /** Where it is mounted. */
  readonly path: string;
  fail(): void;
  /** Lets everybody wait who writes there, until it is thawed. */
  freeze(): void;
  thaw(): void;
  /** Takes it down, mends it and mounts it again; nobody may have a file open there. */
  mend(): void;
}

const imageBytes = 32 * 1024 * 1024;

/**
 * Runs the body of a test with a disk that can fail, in a name space of our own where the test runs again: other
 * tests make name spaces too, each with a copy of what is mounted, and it could not be taken down.
 *
 * @param file `import.meta.url` of the test
 */
export async function withFailingDisk(
  t: TestContext,
  file: string,
  body: (disk: FailingDisk) => Promise<void>,
): Promise<void> {
  const isOurs = process.env[marker] !== undefined;
  if (!isOurs && run('unshare', '--mount', 'true') !== undefined) {
    await runAgain(t, file, ['env', `${marker}=`, 'unshare', '--mount', '--']);
    return;
  }
  const disk = mountFailingDisk(t);
  if (disk === undefined) t.diagnostic('no ext4 can be mounted here: it was not tried');
  else await body(disk);
}

const marker = 'GREYMILTER_TEST_MOUNTS';

/** Undefined where no ext4 can be made, mounted and told to fail; that needs root and loop devices. */
function mountFailingDisk(t: TestContext): FailingDisk | undefined {
  let remove: () => void = () => undefined;
  const directory = createTempDirectory({ after: (given) => (remove = given) });
  const path = join(directory, 'mount');
  const image = join(directory, 'image');
  t.after(() => {
    run('fsfreeze', '--unfreeze', path);
    // Also if it is busy: the directory of the test must go, and nothing else.
    spawnSync('umount', ['--lazy', path]);
    remove();
  });
  mkdirSync(path);
  writeFileSync(image, '');
  truncateSync(image, imageBytes);
  const mount = (): string | undefined => {
    if (run('mount', '-o', 'loop,errors=remount-ro', image, path) === undefined) return undefined;
    const device = run('findmnt', '--noheadings', '--output', 'SOURCE', path) ?? '';
    return `/sys/fs/ext4/${basename(device)}/trigger_fs_error`;
  };
  if (run('mkfs.ext4', '-q', '-F', image) === undefined) return undefined;
  let trigger = mount();
  if (trigger === undefined || run('test', '-w', trigger) === undefined) return undefined;
  return {
    path,
    fail: () => writeFileSync(trigger ?? '', 'a test'),
    freeze: () => insist(run('fsfreeze', '--freeze', path), 'it cannot be frozen'),
    thaw: () => insist(run('fsfreeze', '--unfreeze', path), 'it cannot be thawed'),
    mend: () => {
      insist(run('umount', path), 'it cannot be unmounted');
      // 1: there was something to mend.
      insist(run('sh', '-c', 'e2fsck -fy "$0" || [ $? = 1 ]', image), 'it cannot be mended');
      trigger = mount();
      insist(trigger, 'it cannot be mounted again');
    },
  };
}

function run(command: string, ...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function insist(outcome: string | undefined, problem: string): void {
  if (outcome === undefined) throw new Error(problem);
}
