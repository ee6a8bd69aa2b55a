// Compiles src/ to dist/, puts the program together, and writes the page and the manual pages there. A
// folder of its own first, then swapped in, so that a failed build leaves the last good one in place.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

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

// Node takes longer to find and open each of six hundred small modules than to run them: the program is
// put together into a few. Packages stay what is installed, so that `npm update` and `npm audit fix`
// reach them. What is loaded only when it is needed is a part of its own; all parts lie as deep as the
// modules that look for the package's other files do in src/.
await build({
  entryPoints: [`${root}src/cli/main.ts`],
  outdir: `${staging}/cli`,
  chunkNames: 'parts/[name]-[hash]',
  bundle: true,
  splitting: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  logLevel: 'warning',
});

// The page is one script and one style sheet, with the library of its plots, whose licence goes along.
const page = { from: `${root}src/admin/page/`, to: `${staging}/admin/page/` };
const plots = `${root}node_modules/uplot/`;
mkdirSync(page.to, { recursive: true });
await build({
  entryPoints: [`${page.from}page.ts`],
  outfile: `${page.to}page.js`,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
});
const styles = [`${plots}dist/uPlot.min.css`, `${page.from}page.css`];
writeFileSync(`${page.to}page.css`, styles.map((file) => readFileSync(file, 'utf8')).join('\n'));
for (const name of ['index.html', 'icon.svg']) copyFileSync(page.from + name, page.to + name);
copyFileSync(`${plots}LICENSE`, `${page.to}uPlot.LICENSE`);

const pages = ['--import', 'tsx', `${root}scripts/man-pages.ts`, `${staging}/man`];
const { status: written } = spawnSync(process.execPath, pages, { cwd: root, stdio: 'inherit' });
if (written !== 0) process.exit(written ?? 1);
chmodSync(`${staging}/cli/main.js`, 0o755);
rmSync(`${root}dist`, { recursive: true, force: true });
renameSync(staging, `${root}dist`);
