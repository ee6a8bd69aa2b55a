import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import { createDaemonLogger } from '../../../../src/daemon/process/create-daemon-logger.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { createTempDirectory } from '../../../support/temp-directory.js';
import { isRoot, nobody } from '../../../support/without-rights.js';

const uid = isRoot() ? nobody : (process.getuid?.() ?? nobody);
const gid = isRoot() ? nobody : (process.getgid?.() ?? nobody);
const user = { name: 'somebody', uid, gid, groups: [gid] };

/** A directory that everybody may enter. */
function createOpenDirectory(t: TestContext): string {
  const directory = createTempDirectory(t);
  chmodSync(directory, 0o755);
  return directory;
}

test('a log file is made for the user who will have to open it again', async (t) => {
  const path = join(createOpenDirectory(t), 'log');
  const { log } = parseConfig({ overrides: [`log.to=file:${path}`] }).config;
  const logger = createDaemonLogger(log, createManualClock(), user);
  logger.info('hello');
  logger.debug('not worth a line');
  await logger.close();
  assert.equal(readFileSync(path, 'utf8'), '2030-01-01T00:00:00.000Z info hello\n');
  assert.equal(statSync(path).uid, uid);
});

test('root does not write for the user where a link of his leads', { skip: !isRoot() }, (t) => {
  const directory = createOpenDirectory(t);
  writeFileSync(join(directory, 'precious'), 'precious', { mode: 0o600 });
  const path = join(directory, 'log');
  symlinkSync(join(directory, 'precious'), path);
  const { log } = parseConfig({ overrides: [`log.to=file:${path}`] }).config;
  assert.throws(() => createDaemonLogger(log, createManualClock(), user), {
    code: 'LOG_CANNOT_OPEN',
    message: /this user may not write it/,
  });
  assert.equal(readFileSync(join(directory, 'precious'), 'utf8'), 'precious');
});

test('without a user the file is ours', async (t) => {
  const path = join(createTempDirectory(t), 'log');
  const { log } = parseConfig({ overrides: [`log.to=file:${path}`] }).config;
  await createDaemonLogger(log, createManualClock(), undefined).close();
  assert.equal(statSync(path).uid, process.getuid?.());
});

test('a log that cannot be opened is an error', (t) => {
  const path = join(createTempDirectory(t), 'nowhere', 'log');
  const { log } = parseConfig({ overrides: [`log.to=file:${path}`] }).config;
  for (const whom of [undefined, user]) {
    assert.throws(() => createDaemonLogger(log, createManualClock(), whom), {
      name: 'LogError',
      code: 'LOG_CANNOT_OPEN',
      message: /^cannot open the log file \/.*: its directory is not there/,
    });
  }
});
