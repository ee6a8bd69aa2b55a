import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTempDirectory, type CleanUp } from './temp-directory.js';

const source = fileURLToPath(new URL('power-cut.c', import.meta.url));

/** A directory whose disk loses what nobody has waited for. */
export interface PowerCut {
  /** Variables for the environment of the program that writes there. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * What a power cut leaves, once the program is dead: of each file what was synced, under the names that
   * were. Returns how many bytes it has cost.
   */
  cut(): number;
}

/** What is on the disk: how much of each file, and the names in the directory, both by inodes. */
interface Disk {
  readonly sizes: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Prepares power cuts of a directory, which may be there or not; see scripts/install-c-compiler.
 *
 * It is the worst that a file system may do which keeps its promises: a file's own sync keeps its name,
 * as all file systems in use do; what was renamed or removed is as it was before until the directory
 * has been synced.
 */
export function createPowerCut(cleanUp: CleanUp, root: string): PowerCut {
  const directory = createTempDirectory(cleanUp);
  const library = join(directory, 'power-cut.so');
  const journal = join(directory, 'journal');
  // Of the same file system as the directory itself.
  const kept = `${root}.kept`;
  execFileSync('cc', ['-O1', '-Wall', '-shared', '-fPIC', '-o', library, source], {
    stdio: 'pipe',
  });
  mkdirSync(kept, { recursive: true });
  let onDisk = lookAt(root);
  return {
    environment: {
      ...{ LD_PRELOAD: library, POWER_ROOT: root, POWER_JOURNAL: journal, POWER_KEPT: kept },
    },
    cut: () => {
      const written = existsSync(journal) ? readFileSync(journal, 'utf8') : '';
      const lost = restore(root, kept, readJournal(written, onDisk));
      rmSync(journal, { force: true });
      onDisk = lookAt(root);
      return lost;
    },
  };
}

/** All that is there, as after a shutdown. */
function lookAt(root: string): Disk {
  const sizes = new Map<string, number>();
  const names = new Map<string, string>();
  for (const name of existsSync(root) ? readdirSync(root) : []) {
    const { ino, size } = statSync(join(root, name));
    sizes.set(String(ino), size);
    names.set(name, String(ino));
  }
  return { sizes, names };
}

/** What there was, and what has come since. */
function readJournal(text: string, before: Disk): Disk {
  const sizes = new Map(before.sizes);
  const names = new Map(before.names);
  for (const line of text.split('\n')) {
    const [kind, inode = '', ...rest] = line.split(' ');
    if (kind === 'D') names.clear();
    else if (kind === 'E') names.set(rest.join(' '), inode);
    else if (kind === 'S') {
      const [size, ...name] = rest;
      sizes.set(inode, Math.max(sizes.get(inode) ?? 0, Number(size)));
      names.set(name.join(' '), inode);
    }
  }
  return { sizes, names };
}

function restore(root: string, kept: string, { sizes, names }: Disk): number {
  // Whoever wrote there was killed before he had made it.
  if (!existsSync(root)) return 0;
  const files = new Map<string, string>();
  for (const directory of [root, kept]) {
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      files.set(String(statSync(path).ino), path);
    }
  }
  const left = `${root}.left`;
  mkdirSync(left);
  let lost = 0;
  for (const [name, inode] of names) {
    const path = files.get(inode);
    if (path === undefined) throw new Error(`${name} was synced and is nowhere`);
    const size = sizes.get(inode) ?? 0;
    lost += statSync(path).size - size;
    copyFileSync(path, join(left, name));
    truncateSync(join(left, name), size);
  }
  rmSync(root, { recursive: true });
  rmSync(kept, { recursive: true });
  mkdirSync(kept);
  renameSync(left, root);
  return lost;
}
