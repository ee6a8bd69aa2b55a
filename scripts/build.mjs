// Compiles src/ to dist/, and writes the manual pages there. A folder of its own first, then swapped in, so that a failed build
// leaves the last good one in place.
import { spawnSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
const staging = `${root}dist.new`;

rmSync(staging, { recursive: true, force: true });
const { status } = spawnSync(
  process.execPath,
  [tsc, '-p', `${root}tsconfig.build.json`, '--outDir', staging],
  { stdio: 'inherit' },
);
if (status !== 0) process.exit(status ?? 1);
const pages = ['--import', 'tsx', `${root}scripts/man-pages.ts`, `${staging}/man`];
const { status: written } = spawnSync(process.execPath, pages, { cwd: root, stdio: 'inherit' });
if (written !== 0) process.exit(written ?? 1);
chmodSync(`${staging}/cli/main.js`, 0o755);
rmSync(`${root}dist`, { recursive: true, force: true });
renameSync(staging, `${root}dist`);
