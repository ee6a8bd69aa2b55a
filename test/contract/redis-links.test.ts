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
import { RecordingLogger } from '../support/recording-logger.js';
import { createRedisCertificates } from '../support/redis-certificates.js';
import { SENTINEL_NAME, startRedisSentinels } from '../support/redis-sentinel.js';
import { RedisServer, skipWithoutRedis } from '../support/redis-server.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';
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
      // Not of an authority that we know; another name than it has; no certificate of ours.
      [[url, ...ours.slice(1)], 'STORE_SETTINGS', /See store\.redis\.tls\.authority: /],
      [
        [url, ...ours, 'store.redis.tls.name=redis.example.org'],
        'STORE_SETTINGS',
        /redis\.example\.org.*\. See store\.redis\.tls\.name and the host in store\.url: /,
      ],
      [[url, authority], 'STORE_PERMISSION', /See store\.redis\.tls\.certificate and /],
    ] as const;
    for (const [settings, code, message] of refused)
      await assert.rejects(open(t, settings, { mayBeAway: true }), { code, message });
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
    const wrong = `store.redis.sentinel.password-file=${passwordFile(t, 'watch us')}`;
    // One that is away does not know better.
    const alsoAway = url.replace(',', ',127.0.0.1:9,');
    for (const settings of [
      [url, file],
      [url, file, wrong],
      [alsoAway, file, wrong],
    ])
      await assert.rejects(open(t, settings, { mayBeAway: true }), {
        code: 'STORE_PERMISSION',
        message:
          /no Sentinel tells where the primary is .*(?:NOAUTH|WRONGPASS).*\. See store\.redis\.sentinel\.user and store\.redis\.sentinel\.password-file/,
      });
    const unknown = url.replace(SENTINEL_NAME, 'nobody');
    await assert.rejects(open(t, [unknown, file, sentinelFile], { mayBeAway: true }), {
      code: 'STORE_SETTINGS',
      message: /knows of no "nobody".*See the name of the primary in store\.url/,
    });
    const [one = ''] = sentinels.addresses.split(',');
    const asServer = [`store.url=redis://${one}`, sentinelFile.replace('sentinel.', '')];
    await assert.rejects(open(t, asServer, { mayBeAway: true }), {
      code: 'STORE_SETTINGS',
      message: /the server is a Sentinel: write redis\+sentinel:.* in store\.url\.$/,
    });
  });

  test('a store.url that a server cannot have meant', async (t) => {
    const server = await RedisServer.start(t);
    const node = await RedisServer.start(t, { settings: { 'cluster-enabled': 'yes' } });
    const wrong = [
      [
        `redis://${server.address}/300`,
        /out of range\. See the number of the database in store\.url/,
      ],
      [`redis+cluster://${server.address}`, /is no part of a Cluster: write redis:.*store\.url/],
      [`redis+sentinel://${server.address}/primary`, /is no Sentinel: write redis:.*store\.url/],
      [`redis://${node.address}`, /part of a Cluster: write redis\+cluster:.*store\.url/],
      [`redis://${node.address}/1`, /part of a Cluster: write redis\+cluster:.*store\.url/],
    ] as const;
    for (const [url, message] of wrong) {
      const opening = open(t, [`store.url=${url}`], { mayBeAway: true });
      await assert.rejects(opening, { code: 'STORE_SETTINGS', message });
    }
    // Nobody says where the slots are yet, which may change at any time.
    await open(t, [`store.url=redis+cluster://${node.address}`], { mayBeAway: true });
  });

  test('TLS on one side only', async (t) => {
    const certificates = createRedisCertificates(t);
    const withTls = await RedisServer.start(t, { certificates });
    const plain = await RedisServer.start(t, { password: 'open sesame' });
    const brief = ['store.redis.connect-timeout=3s', 'store.redis.timeout=3s'];
    const file = `store.redis.password-file=${passwordFile(t, 'open sesame')}`;
    for (const layout of ['', '+sentinel', '+cluster']) {
      const name = layout === '+sentinel' ? '/primary' : '';
      for (const more of [[], [file]]) {
        const url = `store.url=redis${layout}://${withTls.address}${name}`;
        await assert.rejects(open(t, [url, ...brief, ...more], { mayBeAway: true }), {
          code: 'STORE_SETTINGS',
          message: /The server speaks TLS: write rediss for redis in store\.url\.$/,
        });
      }
      const url = `store.url=rediss${layout}://${plain.address}${name}`;
      await assert.rejects(open(t, [url, ...brief], { mayBeAway: true }), {
        code: 'STORE_SETTINGS',
        message: /The server does not speak TLS: write redis for rediss in store\.url\.$/,
      });
    }
    // One that hangs may be of either kind, and may come back.
    withTls.hang();
    await open(t, [`store.url=redis://${withTls.address}`, ...brief], { mayBeAway: true });
    withTls.resume();
  });

  test('a user who may not ask where the slots of a Cluster are', async (t) => {
    const node = await RedisServer.start(t, { settings: { 'cluster-enabled': 'yes' } });
    const may = ['~gm.*', '+@all', '-cluster|slots'];
    await node.command('ACL', 'SETUSER', 'greymilter', 'on', '>secret', ...may);
    const settings = [
      `store.url=redis+cluster://${node.address}`,
      'store.redis.user=greymilter',
      `store.redis.password-file=${passwordFile(t, 'secret')}`,
    ];
    await assert.rejects(open(t, settings, { mayBeAway: true }), {
      code: 'STORE_PERMISSION',
      message: /NOPERM .*cluster\|slots.*See store\.redis\.user .*the server's ACL\.$/,
    });
  });

  test('a password where none is demanded is refused when the store is opened', async (t) => {
    const server = await RedisServer.start(t);
    const file = `store.redis.password-file=${passwordFile(t, 'open sesame')}`;
    await assert.rejects(
      open(t, [`store.url=redis://${server.address}`, file], { mayBeAway: true }),
      {
        code: 'STORE_PERMISSION',
        message: /ERR AUTH .*See store\.redis\.user and store\.redis\.password-file/,
      },
    );
  });

  test('what a server does not let us do any more is told while we run, and ends nothing', async (t) => {
    const server = await RedisServer.start(t);
    const logger = new RecordingLogger();
    const store = await open(t, [`store.url=redis://${server.address}/3`], { logger });
    await assertWorks(store);
    const lost = 'a server of the store is lost';
    const stays = 'a server of the store stays lost until this is mended';
    await server.command('CONFIG', 'SET', 'requirepass', 'another');
    const secured = RedisServer.at(server.port, server.directory, 'another');
    await secured.command('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    const isTold = () => logger.entries.some(({ message }) => message === stays);
    await waitUntil(isTold, 'the refusal is told');
    assert.match(String(logger.take(stays).fields['error']), /NOAUTH.*store\.redis\.password-file/);
    await assert.rejects(async () => await store.get('key'), refusedAs('STORE_PERMISSION'));
    await secured.command('CONFIG', 'SET', 'requirepass', '');
    await untilItWorks(store);
    logger.take(lost);
    logger.assertQuiet();
  });
});
