import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test, type TestContext } from 'node:test';
import { readReadme } from '../guards/readme-text.js';
import {
  compile,
  installPackage,
  run,
  tryToRun,
  userEnvironment,
  type InstalledPackage,
} from '../support/installed-package.js';
import { askNobody } from '../support/daemon-process.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';

const { snippets } = readReadme();

function snippet(info: string): string {
  const found = snippets.filter((each) => each.info === info);
  assert.equal(found.length, 1, info);
  return `${found.flatMap(({ lines }) => lines).join('\n')}\n`;
}

/** Starts a program of the user's, and ends it with the test if it has not ended by then. */
function start(
  t: TestContext,
  command: readonly [string, ...string[]],
  directory: string,
): { readonly stop: () => Promise<unknown> } {
  const [program, ...args] = command;
  const child = spawn(program, args, { cwd: directory, env: userEnvironment(), stdio: 'ignore' });
  const ended = once(child, 'exit');
  t.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    stop: async () => {
      child.kill('SIGTERM');
      const ending: readonly unknown[] = await ended;
      return ending[0];
    },
  };
}

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
      ...['dist/protocols/milter/index.js', 'dist/protocols/milter/index.d.ts'],
    ])
      assert.ok(files.includes(wanted), wanted);
    const place = /^(?:(?:dist|config|contrib|docs)\/.+|[A-Z]+\.md|LICENSE|package\.json)$/;
    const unwanted = /(?:^|[./])(?:test|coverage|node_modules|var|ci)[./]|(?<!\.d)\.ts$|\.tgz$/;
    assert.deepEqual(
      files.filter((file) => !place.test(file) || unwanted.test(file)),
      [],
    );
    const built = files.filter((file) => file.startsWith('dist/'));
    assert.deepEqual(
      built.filter((file) => !/\.(?:js|js\.map|d\.ts)$/.test(file)),
      [],
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

  test("README.md's filter and MTA type-check in a strict project, and talk to each other", async (t) => {
    const { directory } = installed;
    writeFileSync(join(directory, 'filter.mts'), snippet('ts milter-filter'));
    writeFileSync(join(directory, 'mta.mts'), snippet('ts milter-mta'));
    // Of all else TypeScript's own defaults.
    const strict = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false'];
    const target = ['--module', 'nodenext', '--target', 'es2022'];
    await compile(directory, [...strict, ...target, '--types', 'node', 'filter.mts', 'mta.mts']);
    const socket = join(createTempDirectory(t), 'milter.sock');
    const filter = start(t, [process.execPath, 'filter.mjs', socket], directory);
    await waitUntil(() => existsSync(socket), 'the filter listens');
    const { stdout } = await node('mta.mjs', socket);
    assert.equal(stdout, snippet('text milter-mta'));
    assert.equal(await filter.stop(), 0);
  });

  test('brings its types where nothing else asks for those of Node.js', async () => {
    const { directory } = installed;
    writeFileSync(
      join(directory, 'types.mts'),
      "import type { BodyEvent, FilterAddress } from 'greymilter/milter';\n" +
        'export const text = ({ chunk }: BodyEvent): string => chunk.toString();\n' +
        'export const here: FilterAddress = { port: 1 };\n',
    );
    const options = ['--strict', '--skipLibCheck', 'false', '--module', 'nodenext', '--noEmit'];
    await compile(directory, [...options, 'types.mts']);
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
    const daemon = start(t, [program, ...serve, ...askNobody], directory);
    await waitUntil(() => existsSync(socket), 'the daemon listens');
    const probed = await run(program, ['probe', `unix:${socket}`], directory);
    assert.match(probed.stdout, /451 4\.7\.1 Greylisted, please try again in 180 seconds\n/);
    assert.equal(await daemon.stop(), 0);
  });
});
