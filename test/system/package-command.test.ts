import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { askNobody } from '../support/daemon-process.js';
import {
  installGlobally,
  packagesIn,
  run,
  startProgram,
  tryToRun,
  type Ended,
} from '../support/installed-package.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { isListening } from '../support/is-listening.js';
import { waitUntil } from '../support/wait-until.js';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** As the whole world may know of a hole at any time, the answer to that question is the test's. */
async function makePackages(root: string, out: string, audit: string): Promise<Ended> {
  const bin = join(root, 'bin');
  mkdirSync(bin, { recursive: true });
  const npm = `[ "$1" = audit ] && { echo '${audit}'; exit 1; }\nPATH=\${PATH#*${delimiter}} exec npm "$@"`;
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
  const path = `PATH=${bin}${delimiter}${process.env['PATH'] ?? ''}`;
  return await tryToRun(
    'env',
    [path, join(projectRoot, 'scripts/package'), '--npm', out],
    projectRoot,
  );
}

describe('scripts/package --npm', () => {
  let remove = (): void => undefined;
  let root = '';
  let out = '';
  let listed: readonly string[] = [];
  before(async () => {
    // What a hook registers by itself is done when the hook ends.
    root = createTempDirectory({ after: (call) => (remove = call) });
    out = join(root, 'out');
    const { code, stderr } = await makePackages(root, out, '{ "message": "not here" }');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^No audit: /m);
    assert.equal(readdirSync(out).length, 2);
    const bill = join(out, fileNamed(/^greymilter-\d.*\.cdx\.json$/));
    const { components } = JSON.parse(readFileSync(bill, 'utf8')) as {
      readonly components: readonly { readonly 'bom-ref': string }[];
    };
    // The library of the page's plots is part of a file of ours.
    listed = components.map((each) => each['bom-ref']).filter((ref) => !ref.startsWith('uplot@'));
    assert.equal(listed.length, components.length - 1);
  });
  after(() => remove());

  function fileNamed(pattern: RegExp): string {
    return readdirSync(out).find((name) => pattern.test(name)) ?? assert.fail(String(pattern));
  }

  test('makes a tarball that is installed without running anything, and serves', async (t) => {
    const prefix = join(root, 'usr');
    await installGlobally(join(out, fileNamed(/^greymilter-\d.*\.tgz$/)), prefix);
    const program = join(prefix, 'bin/greymilter');
    const place = createTempDirectory(t);
    const socket = join(place, 'milter.sock');
    const serve = ['serve', '--listen', `unix:${socket}`, '--store', join(place, 'db')];
    const daemon = startProgram(t, [program, ...serve, ...askNobody], place);
    await waitUntil(() => isListening({ path: socket }), 'the daemon listens');
    const probed = await run(program, ['probe', `unix:${socket}`], place);
    assert.match(probed.stdout, /451 4\.7\.1 Greylisted, please try again in 180 seconds\n/);
    assert.equal(await daemon.stop(), 0);
    for (const page of ['man8/greymilter.8', 'man5/greymilter.yaml.5', 'man1/greymilter-serve.1'])
      assert.ok(existsSync(join(prefix, 'share/man', page)), page);
    const packages = packagesIn(join(prefix, 'lib/node_modules/greymilter/node_modules'));
    assert.deepEqual(packages, listed.toSorted());
  });

  test('makes nothing if a hole of what would be packed is known', async () => {
    const none = join(root, 'none');
    const { code, stderr } = await makePackages(root, none, '{ "vulnerabilities": {} }');
    assert.equal(code, 1);
    assert.match(stderr, /^package: what would be packed has known holes \(see above\)/m);
    assert.deepEqual(readdirSync(none), []);
  });
});
