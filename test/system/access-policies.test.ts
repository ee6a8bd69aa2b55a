import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { createTempDirectory } from '../support/temp-directory.js';

const run = promisify(execFile);
const areThere = ['/usr/sbin/apparmor_parser', '/usr/bin/checkmodule'].every((path) =>
  existsSync(path),
);
const skip =
  areThere || process.env['CI'] === 'true' ? false : 'scripts/install-policy-checkers was not run';

describe('what the system lets the filter do', { skip }, () => {
  test("AppArmor's own parser takes its profile", async () => {
    await run('apparmor_parser', [
      '--skip-kernel-load',
      '--skip-cache',
      'config/apparmor/greymilter',
    ]);
  });

  test("SELinux's own compiler takes its module", async (t) => {
    const directory = createTempDirectory(t);
    const [compiled, packed] = [
      join(directory, 'greymilter.mod'),
      join(directory, 'greymilter.pp'),
    ];
    await run('checkmodule', ['-M', '-m', '-o', compiled, 'config/selinux/greymilter.te']);
    await run('semodule_package', ['-o', packed, '-m', compiled]);
  });
});
