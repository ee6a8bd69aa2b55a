import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  copyProject,
  installPackage,
  pack,
  run,
  startProgram,
  tryToRun,
  type InstalledPackage,
} from '../support/installed-package.js';
import { askNobody } from '../support/daemon-process.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { isListening } from '../support/is-listening.js';
import { waitUntil } from '../support/wait-until.js';

describe('npm pack', () => {
  test('builds what it packs, and packs nothing of an earlier build', async (t) => {
    const tree = copyProject(createTempDirectory(t), [
      ...['package.json', 'scripts', 'tsconfig.json', 'tsconfig.build.json'],
    ]);
    // All of src takes long to compile, and the runner has done it.
    for (const [folder, file, text] of [
      ['src/cli', 'main.ts', 'export const answer: number = 42;\n'],
      ['dist/cli', 'main.js', 'throw new Error("old");\n'],
      ['dist/cli/parts', 'left-over.js', ''],
    ] as const) {
      mkdirSync(join(tree, folder), { recursive: true });
      writeFileSync(join(tree, folder, file), text);
    }
    // Manual pages are made of all of src, too.
    writeFileSync(join(tree, 'scripts/man-pages.ts'), '');
    const pageSources = fileURLToPath(new URL('../../src/admin/page', import.meta.url));
    cpSync(pageSources, join(tree, 'src/admin/page'), { recursive: true });
    const { files } = await pack(tree);
    const page = (file: string): boolean => file.startsWith('dist/admin/page/');
    assert.equal(files.filter(page).length, 5);
    const built = files.filter((file) => file.startsWith('dist/') && !page(file));
    const wanted = ['dist/cli/main.js', 'dist/cli/main.js.map', 'dist/cli/parts/LICENSES.txt'];
    assert.deepEqual(built.sort(), wanted);
    assert.match(readFileSync(join(tree, 'dist/cli/main.js'), 'utf8'), /answer = 42/);
  });
});

describe('the packed tarball, installed by a user', () => {
  let installed: InstalledPackage = { directory: '', files: [], program: '' };
  let remove = (): void => undefined;
  // What a hook registers by itself is done when the hook ends.
  before(async () => (installed = await installPackage({ after: (call) => (remove = call) })));
  after(() => remove());

  const node = (...args: readonly string[]): Promise<{ readonly stdout: string }> =>
    run(process.execPath, args, installed.directory);

  test('has what it is to have, and nothing else', () => {
    const { files } = installed;
    for (const wanted of [
      ...['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'config/greymilter.yaml'],
      ...['config/systemd/greymilter.service', 'docs/decisions.md', 'dist/cli/main.js'],
      ...['contrib/grafana/greymilter.json', 'contrib/prometheus/greymilter.rules.yml'],
      ...['dist/man/man8/greymilter.8', 'dist/man/man5/greymilter.yaml.5'],
      ...['dist/protocols/milter/index.js', 'dist/protocols/milter/index.d.ts'],
    ])
      assert.ok(files.includes(wanted), wanted);
    const place = /^(?:(?:dist|config|contrib|docs)\/.+|[A-Z]+\.md|LICENSE|package\.json)$/;
    const folder = /(?:^|[./])(?:test|coverage|node_modules|var|ci)\//;
    const kind = /\.test\.|(?<!\.d)\.ts$|\.tgz$/;
    assert.deepEqual(
      files.filter((file) => !place.test(file) || folder.test(file) || kind.test(file)),
      [],
    );
    const built = files.filter((file) => file.startsWith('dist/'));
    // The program is put together; the modules that it is made of would be there twice.
    assert.deepEqual(
      built
        .filter((file) => !/^dist\/(?:admin\/page|cli\/parts|man|protocols)\//.test(file))
        .sort(),
      ['dist/cli/main.js', 'dist/cli/main.js.map'],
    );
    assert.deepEqual(
      built.filter((file) => !/\.(?:js|js\.map|d\.ts)$|^dist\/man\/man[158]\//.test(file)).sort(),
      [
        ...['icon.svg', 'index.html', 'page.css', 'uPlot.LICENSE'].map(
          (name) => `dist/admin/page/${name}`,
        ),
        'dist/cli/parts/LICENSES.txt',
      ],
    );
  });

  test('is imported, and required, by its name; the inside is closed', async () => {
    const show = 'console.log(typeof MilterServer, typeof MtaSession)';
    const imported = await node(
      ...['--input-type=module', '-e'],
      `import { MilterServer, MtaSession } from 'greymilter/milter'; ${show}`,
    );
    assert.equal(imported.stdout, 'function function\n');
    const required = await node(
      ...['--input-type=commonjs', '-e'],
      `const { MilterServer, MtaSession } = require('greymilter/milter'); ${show}`,
    );
    assert.equal(required.stdout, imported.stdout);
    const manifest = await node('-p', "require('greymilter/package.json').name");
    assert.equal(manifest.stdout, 'greymilter\n');
    for (const inside of ['greymilter', 'greymilter/dist/cli/main.js']) {
      const { code, stderr } = await tryToRun(
        process.execPath,
        ['--input-type=module', '-e', `await import('${inside}')`],
        installed.directory,
      );
      assert.notEqual(code, 0);
      assert.match(stderr, /ERR_PACKAGE_PATH_NOT_EXPORTED/);
    }
  });

  test('runs as greymilter: version, configuration, service and probe', async (t) => {
    const { directory, program } = installed;
    const { version } = JSON.parse(
      readFileSync(join(directory, 'node_modules/greymilter/package.json'), 'utf8'),
      // Our own file.
    ) as { readonly version: string };
    assert.equal((await run(program, ['--version'], directory)).stdout, `${version}\n`);
    const shipped = join(directory, 'node_modules/greymilter/config/greymilter.yaml');
    const checked = await run(program, ['check-config', shipped], directory);
    assert.match(checked.stdout, /^ {2}delay: 3m$/m);
    const place = createTempDirectory(t);
    const socket = join(place, 'milter.sock');
    const serve = ['serve', '--listen', `unix:${socket}`, '--store', join(place, 'db')];
    const daemon = startProgram(t, [program, ...serve, ...askNobody], directory);
    await waitUntil(() => isListening({ path: socket }), 'the daemon listens');
    const probed = await run(program, ['probe', `unix:${socket}`], directory);
    assert.match(probed.stdout, /451 4\.7\.1 Greylisted, please try again in 180 seconds\n/);
    assert.equal(await daemon.stop(), 0);
  });
});
