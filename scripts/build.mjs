// Compiles src/ to dist/, puts the program together, and writes the page and the manual pages there. A
// folder of its own first, then swapped in, so that a failed build leaves the last good one in place.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, relative } from 'node:path';
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

// Node takes longer to find and open each of eight hundred small modules than to run them: the program is
// put together into a few, with the packages that each start loads. What is loaded only when it is needed
// is a part of its own, or stays in its package; all parts lie as deep as the modules that look for the
// package's other files do in src/.
const builtIn = ['re2js', 'winston', 'winston-transport', 'yaml', 'yargs', 'zod'];
const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
// Those that are CommonJS ask for the modules of Node by `require`, which a module has not.
const givesRequire =
  "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";
// What measures the columns of a page of help asks much of Intl as it is loaded: only for such a page.
const widths = {
  name: 'widths when asked',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^string-width$/ }, ({ importer }) => ({
      path: relative(root, createRequire(importer).resolve('string-width')),
      namespace: 'widths',
    }));
    onLoad({ filter: /./, namespace: 'widths' }, ({ path }) => ({
      contents: `let width;
        export default (...of) => (width ??= require('./${basename(path)}').default)(...of);`,
      resolveDir: dirname(root + path),
    }));
  },
};
const { metafile } = await build({
  entryPoints: [`${root}src/cli/main.ts`],
  outdir: `${staging}/cli`,
  chunkNames: 'parts/[name]-[hash]',
  bundle: true,
  splitting: true,
  external: Object.keys(dependencies).filter((name) => !builtIn.includes(name)),
  banner: { js: givesRequire },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  sourcemap: true,
  plugins: [widths],
  metafile: true,
  logLevel: 'warning',
});
mkdirSync(`${staging}/cli/parts`, { recursive: true });
writeFileSync(`${staging}/cli/parts/LICENSES.txt`, licencesOf(Object.keys(metafile.inputs)));

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

/** What the packages want to be said of them that have one of these files. */
function licencesOf(files) {
  const folders = files.flatMap(
    (file) => /^[^:]*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [],
  );
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    if (file === undefined) throw new Error(`${name} has no licence`);
    return `${name} ${version}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
  });
  return `The program has these packages built in.\n\n${texts.join('\n\n')}`;
}
