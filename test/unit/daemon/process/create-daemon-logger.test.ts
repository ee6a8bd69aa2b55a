import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import { createDaemonLogger } from '../../../../src/daemon/process/create-daemon-logger.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { createTempDirectory } from '../../../support/temp-directory.js';
import { isRoot, nobody } from '../../../support/without-rights.js';

test('a log file is made for the user who will have to open it again', async (t) => {
  const path = join(createTempDirectory(t), 'log');
  const { log } = parseConfig({ overrides: [`log.to=file:${path}`] }).config;
  const uid = isRoot() ? nobody : (process.getuid?.() ?? nobody);
  const gid = isRoot() ? nobody : (process.getgid?.() ?? nobody);
  const user = { name: 'somebody', uid, gid, groups: [gid] };
  const logger = createDaemonLogger(log, createManualClock(), user);
  logger.info('hello');
  logger.debug('not worth a line');
  await logger.close();
  assert.equal(readFileSync(path, 'utf8'), '2030-01-01T00:00:00.000Z info hello\n');
  assert.equal(statSync(path).uid, uid);
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
  assert.throws(() => createDaemonLogger(log, createManualClock(), undefined), {
    code: 'LOG_CANNOT_OPEN',
  });
});
