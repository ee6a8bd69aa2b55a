import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { skipWithoutDebian } from '../support/debian-root.js';
import { createTempDirectory } from '../support/temp-directory.js';

const run = promisify(execFile);

// What checks packages is installed with the Debians.
test(
  'lintian has nothing to say of the package but for what is named',
  { skip: skipWithoutDebian(13) },
  async (t) => {
    const folder = createTempDirectory(t);
    const env = { ...process.env, NODE_V8_COVERAGE: undefined, NODE_TEST_CONTEXT: undefined };
    await run('scripts/debian/build', [folder], { env });
    const [deb = ''] = readdirSync(folder);
    const { stdout } = await run('lintian', ['--allow-root', join(folder, deb)], { env });
    assert.deepEqual(stdout.match(/^[EW]: .*/gm) ?? [], []);
  },
);
