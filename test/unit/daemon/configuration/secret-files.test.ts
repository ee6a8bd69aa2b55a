import assert from 'node:assert/strict';
import { chmodSync, promises, rmSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { runCommandLine } from '../../../../src/cli/command-line.js';
import { loadConfig } from '../../../../src/config/load.js';
import {
  findSecretProblems,
  refuseExposedSecrets,
} from '../../../../src/daemon/configuration/secret-files.js';
import { createTempDirectory } from '../../../support/temp-directory.js';
import { withoutRights } from '../../../support/without-rights.js';
import { RecordingOutput } from '../../cli/recording-output.js';

/** A configuration with a secret in each file that can hold one; all is well with them. */
function createSite(t: TestContext) {
  const directory = createTempDirectory(t);
  const file = (name: string, text: string): string => {
    const path = join(directory, name);
    writeFileSync(path, text, { mode: 0o640 });
    return path;
  };
  const paths = {
    tokens: file('tokens', 'admin 0123456789-abcdefghij\n'),
    key: file('log.key', 'k'.repeat(32)),
    password: file('password', 'secret\n'),
    redis: file('redis', 'secret\n'),
    sentinel: file('sentinel', 'secret\n'),
    redisKey: file('redis.key', '-----BEGIN PRIVATE KEY-----\n'),
  };
  const tls = `{certificate: ${directory}/redis.pem, key: ${paths.redisKey}}`;
  const settings = [
    'listen.http=inet:127.0.0.1:8025',
    `http.token-file=${paths.tokens}`,
    `log.privacy={key-file: ${paths.key}}`,
    `lookups.ldap.servers=[ldap://127.0.0.1]`,
    `lookups.ldap.bind={dn: 'cn=filter', password-file: ${paths.password}}`,
    `store.redis={password-file: ${paths.redis}, tls: ${tls}}`,
    `store.redis.sentinel={password-file: ${paths.sentinel}}`,
    'store.url=rediss+sentinel://127.0.0.1:26379/main',
  ];
  const check = async (): Promise<{ code: number; errors: string; printed: string }> => {
    const output = new RecordingOutput();
    const options = settings.flatMap((setting) => ['--set', setting]);
    const code = await runCommandLine(['check-config', ...options], output);
    return { code, errors: output.errors, printed: output.printed };
  };
  return { paths, settings, check };
}

describe('files with secrets', () => {
  test('that only their owner and group can read are fine', async (t) => {
    const { settings, check } = createSite(t);
    const { config } = await loadConfig({ overrides: settings });
    await refuseExposedSecrets(config);
    assert.deepEqual(await findSecretProblems(config), []);
    const { code, errors } = await check();
    assert.deepEqual([code, errors], [0, '']);
  });

  test('that others can read or change are refused, all at once, with what to do', async (t) => {
    const { paths, settings, check } = createSite(t);
    const { config } = await loadConfig({ overrides: settings });
    chmodSync(paths.tokens, 0o644);
    chmodSync(paths.password, 0o602);
    for (const path of [paths.redis, paths.sentinel, paths.redisKey]) chmodSync(path, 0o604);
    const exposed = [
      ['http.token-file', paths.tokens],
      ['lookups.ldap.bind.password-file', paths.password],
      ['store.redis.password-file', paths.redis],
      ['store.redis.sentinel.password-file', paths.sentinel],
      ['store.redis.tls.key', paths.redisKey],
    ] as const;
    const each = exposed.map(
      ([setting, path]) => `${setting}: every user of this machine can read or change ${path}`,
    );
    await assert.rejects(refuseExposedSecrets(config), {
      code: 'SECRET_EXPOSED',
      message: `${each.join('; ')}. Say who may: chmod o= ${exposed.map(([, path]) => path).join(' ')}`,
    });
    const { code, errors, printed } = await check();
    assert.deepEqual([code, printed], [65, '']);
    assert.match(errors, /^error: http\.token-file: every user .*chmod o=( \S+){5}\n$/);
  });

  test('of a shared store are no exception', async (t) => {
    const { paths } = createSite(t);
    chmodSync(paths.password, 0o644);
    for (const [name, setting] of [
      ['password-file', `store.redis.password-file=${paths.password}`],
      ['sentinel.password-file', `store.redis.sentinel={password-file: ${paths.password}}`],
      ['tls.key', `store.redis.tls={key: ${paths.password}, certificate: ${paths.password}}`],
    ] as const) {
      const overrides = ['store.url=rediss+sentinel://192.0.2.1/main', setting];
      const { config } = await loadConfig({ overrides });
      await assert.rejects(refuseExposedSecrets(config), {
        code: 'SECRET_EXPOSED',
        message: new RegExp(`^store\\.redis\\.${name}: every user `),
      });
    }
  });

  test('are read by check-config as by the filter', async (t) => {
    const { paths, check } = createSite(t);
    writeFileSync(paths.tokens, 'admin short\n');
    writeFileSync(paths.key, 'short');
    writeFileSync(paths.password, '\n');
    const { code, errors } = await check();
    assert.equal(code, 65);
    assert.deepEqual(errors.split('\n'), [
      `error: http.token-file: ${paths.tokens} line 1: has a token of less than 20 characters`,
      `error: log.privacy.key-file: ${paths.key} has fewer than 32 bytes: openssl rand -out ${paths.key} 32`,
      `error: there is no password on the first line of ${paths.password}`,
      '',
    ]);
    for (const path of Object.values(paths)) rmSync(path);
    const absent = await check();
    assert.equal(absent.code, 65);
    assert.equal(absent.errors.match(/^error: .*there is no such file/gm)?.length, 6);
    assert.match(absent.errors, /^error: store\.redis\.tls\.key: cannot read \S+redis\.key: /m);
  });

  test('of a shared store are not read where the store is no shared one', async (t) => {
    const { paths, settings } = createSite(t);
    rmSync(paths.redis);
    const { config } = await loadConfig({ overrides: [...settings, 'store.url=level:/nowhere'] });
    assert.deepEqual(await findSecretProblems(config), []);
  });

  test('that we may not read are doubtful, and no mistake', async (t) => {
    await withoutRights(t, import.meta.url, async () => {
      const { paths, check } = createSite(t);
      for (const path of Object.values(paths)) chmodSync(path, 0);
      const { code, errors } = await check();
      assert.equal(code, 0);
      const doubts =
        /^warning: .*this user may not read it.* \(ask as root, or as the user of the filter\)$/gm;
      assert.equal(errors.match(doubts)?.length, 6, errors);
    });
  });

  test('that the system refuses for another reason than their mode are doubtful, too', async (t) => {
    const { settings } = createSite(t);
    const { config } = await loadConfig({ overrides: settings });
    const message = "EPERM: operation not permitted, open '/x'";
    const refusal = Object.assign(new Error(message), { code: 'EPERM', syscall: 'open' });
    const reading = t.mock.method(promises, 'readFile', () => Promise.reject(refusal));
    syncBuiltinESMExports();
    const problems = await findSecretProblems(config).finally(() => {
      reading.mock.restore();
      syncBuiltinESMExports();
    });
    assert.ok(problems.length > 0);
    for (const { isUnknown, text } of problems) {
      assert.ok(isUnknown, text);
      assert.match(text, /this user may not read it/);
    }
  });
});
