import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { AdminClient } from '../../src/admin/admin-client.js';
import { runCommandLine } from '../../src/cli/command-line.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { startGreymilter } from '../support/daemon-process.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';

async function reload(...args: readonly string[]): Promise<RecordingOutput & { code: number }> {
  const output = new RecordingOutput();
  const code = await runCommandLine(['reload', ...args], output);
  return Object.assign(output, { code });
}

describe('reload', () => {
  test('says what is different, or why it was not taken over', async (t) => {
    const directory = createTempDirectory(t);
    const file = join(directory, 'greymilter.yaml');
    const admin = join(directory, 'admin.sock');
    const write = (greylist: string, store = 'db', allow = ''): void =>
      writeFileSync(
        file,
        `listen: {milter: 'inet:0@127.0.0.1', admin: 'unix:${admin}'${allow}}\n` +
          `store: {url: 'level:${directory}/${store}'}\n` +
          `greylist: {providers: greylist, ${greylist}}\n`,
      );
    write('delay: 4m');
    const greymilter = startGreymilter(t, [
      '--config',
      file,
      '--set',
      `listen.admin=unix:${admin}`,
    ]);
    await greymilter.logged(/ ready /);
    const same = await reload('--config', file);
    assert.deepEqual([same.code, same.printed, same.errors], [0, 'Nothing is different\n', '']);

    write('delay: 5m, mode: shadow', 'db', ', allow: [192.0.2.1]');
    const changed = await reload('--config', file);
    assert.equal(changed.code, 0);
    assert.match(changed.printed, /^greylist\.mode is shadow, was enforce$/m);
    assert.match(changed.printed, /^greylist\.delay is 5m, was 4m$/m);
    assert.match(changed.errors, /^warning: .*listen\.allow: has no effect/);
    await greymilter.logged(/ info asked to reload$/);

    // What it reads is its own: the caller may mean another.
    write('delay: 6m', 'elsewhere');
    const restart = await reload('--config', file);
    assert.deepEqual([restart.code, restart.printed], [65, '']);
    assert.match(
      restart.errors,
      /^greymilter: reload failed, everything stays as it was: store\.url cannot change while the daemon runs/,
    );
    write('delay: 5');
    const wrong = await reload('--config', file);
    assert.equal(wrong.code, 65);
    assert.match(
      wrong.errors,
      /^greymilter: reload failed, .*greymilter\.yaml:3:\d+: greylist\.delay: needs a unit/,
    );
    const other = ['--store', join(directory, 'db'), '--set', `listen.admin=unix:${admin}`];
    const refused = await reload(...other, '--json');
    assert.equal(refused.code, 65);
    const report = JSON.parse(refused.printed) as Record<string, unknown>;
    assert.deepEqual([report['ok'], report['code']], [false, 'CONFIG_INVALID']);
    assert.match(String(report['problem']), /greylist\.delay/);
    write('delay: 7m');
    assert.match((await reload('--config', file)).printed, /^greylist\.delay is 7m, was 5m$/m);
  });

  test('needs a filter that runs', async (t) => {
    const store = join(createTempDirectory(t), 'db');
    const { code, errors } = await reload('--store', store);
    assert.equal(code, 69);
    assert.match(errors, /^greymilter: no filter runs: nobody answers at .*db\.sock/);
  });

  test('is nothing to a filter that has read no configuration', async (t) => {
    const daemon = await startTestDaemon(t);
    const admin = new AdminClient(join(daemon.directory, 'db.sock'));
    t.after(() => admin.close());
    await assert.rejects(admin.post('/v1/reload'), { code: 'ADMIN_NOT_FOUND' });
  });
});
