import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { canChangeUser, runAsUser } from '../../../../src/cli/serve/run-as-user.js';
import { findUser } from '../../../../src/daemon/process/system-account.js';
import { runGreymilter } from '../../../support/daemon-process.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

/** Makes Node.js refuse to change its user, as Debian 13's does. */
const forbid = 'process.setuid = () => { throw new Error("the system has forbidden it"); }';
const nodeOptions = ['--import', `data:text/javascript,${encodeURIComponent(forbid)}`];

// Only root can become somebody else; anybody can stay who they are.
const user = findUser(process.getuid?.() === 0 ? 'nobody' : String(process.getuid?.()));

test('where the process runs as the user in another process, its exit code is handed on', async (t) => {
  const directory = createTempDirectory(t);
  chmodSync(directory, 0o755);
  writeFileSync(join(directory, 'milter.sock'), 'no socket');
  const { code, stderr } = await runGreymilter(
    [
      ...['serve', '--user', user.name, '--listen', `unix:${directory}/milter.sock`],
      ...['--store', join(directory, 'db')],
    ],
    { nodeOptions },
  );
  assert.equal(code, 73);
  assert.match(stderr, /^greymilter: .* exists and is no socket/m);
});

test('without setpriv it cannot be done', async (t) => {
  const { PATH: path } = process.env;
  const signals = ['SIGTERM', 'SIGHUP', 'SIGINT'] as const;
  t.after(() => {
    process.env['PATH'] = path;
    for (const signal of signals) process.removeAllListeners(signal);
  });
  process.env['PATH'] = createTempDirectory(t);
  await assert.rejects(runAsUser(user, { groups: user.groups, handedOver: 0 }, ['-e', '0']), {
    code: 'USER_PERMISSION',
    message: `cannot become user ${user.name}: setpriv (util-linux) does not run here`,
  });
});

test('whether it can be done is found out without doing it', () => {
  const before = process.getuid?.();
  assert.equal(typeof canChangeUser(), 'boolean');
  assert.equal(process.getuid?.(), before);
});
