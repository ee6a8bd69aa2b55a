import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { billOfMaterials } from '../../scripts/bill-of-materials.js';
import { packagesIn, run } from '../support/installed-package.js';
import { createTempDirectory } from '../support/temp-directory.js';

const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const skip = existsSync('/usr/bin/dpkg-deb') ? false : 'there is no dpkg-deb here';

// What becomes of it when it is installed is in test/packages.
test('the Debian package has the packages of the bill of materials', { skip }, async (t) => {
  const root = createTempDirectory(t);
  await run(join(projectRoot, 'scripts/debian/build'), [root], projectRoot);
  const [deb = '', ...others] = readdirSync(root);
  assert.deepEqual(others, []);
  await run('dpkg-deb', ['-R', join(root, deb), join(root, 'there')], root);
  const at = (path: string): string => join(root, 'there', path);
  const lockFile = readFileSync(join(projectRoot, 'package-lock.json'), 'utf8');
  const listed = billOfMaterials(lockFile).components.map((each) => each['bom-ref']);
  // The library of the page's plots is part of a file of ours.
  assert.deepEqual(
    packagesIn(at('usr/lib/greymilter/node_modules')),
    listed.filter((ref) => !ref.startsWith('uplot@')).sort(),
  );
  assert.deepEqual(readFileSync(at('DEBIAN/conffiles'), 'utf8').trim().split('\n'), [
    '/etc/greymilter/greymilter.yaml',
    '/etc/logrotate.d/greymilter',
  ]);
  for (const policy of ['apparmor/greymilter', 'selinux/greymilter.te']) {
    assert.ok(existsSync(at(`usr/share/doc/greymilter/examples/${policy}`)), policy);
  }
  // Nothing may need the documentation; images leave it out.
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
  const included = readme.matchAll(
    /(?:include\(`|_ACL_FILE = |\.include )\/opt\/greymilter\/config\/mta\/([\w.-]+)/g,
  );
  const names = new Set([...included].map(([, name = '']) => name));
  assert.deepEqual([...names], ['sendmail-access.mc', 'exim-rcpt.acl', 'exim-data.acl']);
  for (const name of names) {
    assert.ok(existsSync(at(`usr/share/greymilter/mta/${name}`)), name);
    assert.ok(!existsSync(at(`usr/share/doc/greymilter/examples/mta/${name}`)), name);
    assert.ok(readme.includes(`\`/usr/share/greymilter/mta/${name}\``), name);
  }
  assert.ok(existsSync(at('usr/share/doc/greymilter/examples/mta/sendmail.mc')));
  assert.equal(statSync(at('usr/lib/greymilter/dist/cli/main.js')).mode & 0o777, 0o755);
});
