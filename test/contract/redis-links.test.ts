import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { parseConfig } from '../../src/config/load.js';
import {
  openSharedStore,
  type SharedStoreDependencies,
} from '../../src/daemon/stores/open-shared-store.js';
import type { GreylistStore } from '../../src/store/store.js';
import { createRedisCertificates } from '../support/redis-certificates.js';
import { SENTINEL_NAME, startRedisSentinels } from '../support/redis-sentinel.js';
import { RedisServer, skipWithoutRedis } from '../support/redis-server.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { bytes, DAY_MS, refusedAs } from './store-rig.js';
import { untilItWorks } from './until-it-works.js';

const patient = ['store.redis.timeout=8s', 'store.redis.connect-timeout=8s'];

/** Opens the store of these settings, by the time of day. */
async function open(
  t: TestContext,
  settings: readonly string[],
  more: Partial<SharedStoreDependencies> = {},
): Promise<GreylistStore> {
  const { config } = parseConfig({ text: '', overrides: [...patient, ...settings] });
  const { url, redis } = config.store;
  assert.ok(url.kind === 'redis');
  const store = await openSharedStore(url, redis, { clock: Date, ...more });
  t.after(() => store.close());
  return store;
}

function passwordFile(t: TestContext, password: string): string {
  const path = join(createTempDirectory(t), 'password');
  writeFileSync(path, `${password}\nwhat follows is not read\n`, { mode: 0o640 });
  return path;
}

async function assertWorks(store: GreylistStore): Promise<void> {
  const next = { value: bytes(1, 2), expiresAt: Math.ceil(Date.now() / 1000) * 1000 + DAY_MS };
  assert.equal(await store.compareAndSet('key', undefined, next), true);
  const entry = await store.get('key');
  assert.deepEqual(entry, { ...next, value: Buffer.of(1, 2), commit: undefined });
}

describe('who we are to a server', { skip: skipWithoutRedis() }, () => {
  test('a password from a file, read anew for each connection', async (t) => {
    const server = await RedisServer.start(t, { password: 'open sesame' });
    const file = passwordFile(t, 'open sesame');
    const store = await open(t, [
      `store.url=redis://${server.address}/3`,
      `store.redis.password-file=${file}`,
    ]);
    await assertWorks(store);
    assert.match(await server.command('INFO', 'keyspace'), /db3:keys=1,expires=1/);
    await server.command('CONFIG', 'SET', 'requirepass', 'another');
    writeFileSync(file, 'another\n');
    await RedisServer.at(server.port, server.directory, 'another').command(
      ...['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'],
    );
    await untilItWorks(store);
    assert.ok(await store.get('key'));
  });

  test('a user of the ACL that may do just what is needed', async (t) => {
    const server = await RedisServer.start(t);
    const may = ['~gm.*', '+get', '+set', '+del', '+scan', '+eval', '+evalsha', '+script|load'];
    may.push('+select', '+info', '+time', '+ping');
    await server.command('ACL', 'SETUSER', 'greymilter', 'on', '>secret', ...may);
    const settings = [
      `store.url=redis://${server.address}`,
      'store.redis.user=greymilter',
      `store.redis.password-file=${passwordFile(t, 'secret')}`,
    ];
    const store = await open(t, settings);
    await assertWorks(store);
    assert.ok(Number((await store.stats()).bytes) > 0);
    for await (const [key] of store.scan()) assert.equal(key, 'key');
    await store.delete('key');
    await server.command('ACL', 'SETUSER', 'greymilter', '-get');
    await assert.rejects(async () => await store.get('key'), refusedAs('STORE_PERMISSION'));
  });

  test('a wrong password, and none, are refused when the store is opened', async (t) => {
    const server = await RedisServer.start(t, { password: 'open sesame' });
    const url = `store.url=redis://${server.address}`;
    const wrong = `store.redis.password-file=${passwordFile(t, 'open says me')}`;
    for (const settings of [[url], [url, wrong]])
      await assert.rejects(open(t, settings, { mayBeAway: true }), refusedAs('STORE_PERMISSION'));
  });

  test('a password file that others may read, that is not there, or has none, is refused', async (t) => {
    const server = await RedisServer.start(t);
    const file = passwordFile(t, 'secret');
    chmodSync(file, 0o644);
    for (const path of [file, '/nonexistent/password', passwordFile(t, '')])
      await assert.rejects(
        open(t, [`store.url=redis://${server.address}`, `store.redis.password-file=${path}`], {
          mayBeAway: true,
        }),
        refusedAs('STORE_PERMISSION'),
      );
  });

  test('TLS with a certificate of our own, to a server that has one of our authority', async (t) => {
    const certificates = createRedisCertificates(t);
    const server = await RedisServer.start(t, { certificates });
    const url = `store.url=rediss://localhost:${server.port}`;
    const ours = [
      `store.redis.tls.authority=${certificates.caFile}`,
      `store.redis.tls.certificate=${certificates.clientCertFile}`,
      `store.redis.tls.key=${certificates.clientKeyFile}`,
    ];
    await assertWorks(await open(t, [url, ...ours]));
    await open(t, [`store.url=rediss://${server.address}`, ...ours]);
    const [authority = ''] = ours;
    const refused = [
      // Not of an authority that we know; no certificate of ours; another name than it has.
      [url, ...ours.slice(1)],
      [url, authority],
      [url, ...ours, 'store.redis.tls.name=redis.example.org'],
    ];
    for (const settings of refused)
      await assert.rejects(open(t, settings), refusedAs('STORE_UNAVAILABLE'));
    // Mistakes, though the server might be away.
    const wrong = [
      ['authority', '/nonexistent/ca.pem', /tls\.authority: cannot read .*: there is no such file/],
      ['authority', passwordFile(t, 'no PEM'), /tls\.authority: there is no PEM in/],
      ['key', certificates.keyFile, /tls\.certificate and key, .*client\.pem: .*mismatch/],
    ] as const;
    for (const [which, path, message] of wrong) {
      const settings = [url, ...ours, `store.redis.tls.${which}=${path}`];
      const opening = open(t, settings, { mayBeAway: true });
      await assert.rejects(opening, { code: 'STORE_PERMISSION', message });
    }
  });

  test('Sentinels that have a password of their own', async (t) => {
    const sentinels = await startRedisSentinels(t, {
      password: 'open sesame',
      sentinelPassword: 'watch me',
    });
    const url = `store.url=redis+sentinel://${sentinels.addresses}/${SENTINEL_NAME}`;
    const file = `store.redis.password-file=${passwordFile(t, 'open sesame')}`;
    const sentinelFile = `store.redis.sentinel.password-file=${passwordFile(t, 'watch me')}`;
    await assertWorks(await open(t, [url, file, sentinelFile]));
    await assert.rejects(open(t, [url, file]), /no Sentinel tells where the primary is/);
    const unknown = url.replace(SENTINEL_NAME, 'nobody');
    await assert.rejects(open(t, [unknown, file, sentinelFile]), /knows of no "nobody"/);
    const [one = ''] = sentinels.addresses.split(',');
    const asServer = [`store.url=redis://${one}`, sentinelFile.replace('sentinel.', '')];
    await assert.rejects(open(t, asServer), /the server is a Sentinel: write redis\+sentinel:/);
  });
});
