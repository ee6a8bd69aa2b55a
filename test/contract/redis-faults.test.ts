import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRedisStore, type RedisStoreOptions } from '../../src/store/redis-store.js';
import type { ServerTime } from '../../src/store/redis/server-time.js';
import type { GreylistStore } from '../../src/store/store.js';
import { startRedisSentinels } from '../support/redis-sentinel.js';
import { RedisServer, skipWithoutRedis } from '../support/redis-server.js';
import { waitUntil } from '../support/wait-until.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { oneServer, plainSettings, sentinelServers } from './redis-rig.js';
import { bytes, DAY_MS, refusedAs, scanned } from './store-rig.js';
import { untilItWorks } from './until-it-works.js';

const skip = skipWithoutRedis();
/** Short enough to wait for, and long enough for a machine that is busy. */
const brief = { ...plainSettings, connectTimeoutMs: 8_000, timeoutMs: 8_000 };
const lost = 'a server of the store is lost';
const back = 'a server of the store is back';

async function open(
  t: TestContext,
  options: Pick<RedisStoreOptions, 'layout' | 'where'> & Partial<RedisStoreOptions>,
): Promise<GreylistStore> {
  const store = await openRedisStore({ settings: brief, prefix: 'p:', clock: Date, ...options });
  t.after(() => store.close());
  return store;
}

const day = () => ({ value: bytes(1), expiresAt: Date.now() + DAY_MS });
const away = refusedAs('STORE_UNAVAILABLE');

describe('a server', { skip }, () => {
  test('that is killed fails all at once, is told of once, and is used again', async (t) => {
    const server = await RedisServer.start(t);
    const logger = new RecordingLogger();
    const store = await open(t, { ...oneServer(server).place, settings: brief, logger });
    await store.compareAndSet('key', undefined, day());
    await server.kill();
    for (let n = 0; n < 20; n++) await assert.rejects(async () => await store.get('key'), away);
    await assert.rejects(store.compareAndSet('key', undefined, day()), away);
    const { bytes: size, ...told } = await store.stats();
    assert.equal(size, undefined, 'nobody tells');
    assert.deepEqual([told.failedCommits, told.servers], [1, { lost: 1, back: 0 }]);
    await server.restart();
    await untilItWorks(store);
    assert.equal(await store.compareAndSet('key', undefined, day()), true);
    const { failedCommits, failedInARow, servers } = await store.stats();
    assert.deepEqual({ failedCommits, failedInARow }, { failedCommits: 1, failedInARow: 0 });
    assert.deepEqual(servers, { lost: 1, back: 1 });
    logger.take(lost);
    logger.assertQuiet();
    assert.equal(logger.entries.filter(({ message }) => message === back).length, 1);
  });

  test('that hangs is given up when it is late, and used again when it goes on', async (t) => {
    const server = await RedisServer.start(t);
    const logger = new RecordingLogger();
    const store = await open(t, { ...oneServer(server).place, settings: brief, logger });
    server.hang();
    const asked = [1, 2, 3].map(async () => await store.get('key'));
    for (const answer of asked) await assert.rejects(answer, /no answer within 8 s/);
    // Nobody waits for it any more.
    await assert.rejects(async () => await store.get('key'), away);
    server.resume();
    await untilItWorks(store);
    assert.match(String(logger.take(lost).fields['error']), /no answer/);
    logger.assertQuiet();
  });

  test('that takes nothing for a while is waited for as long as settings say', async (t) => {
    const server = await RedisServer.start(t);
    const settings = { ...plainSettings, timeoutMs: 120_000 };
    const store = await open(t, { ...oneServer(server).place, settings });
    server.hang();
    // More than the kernel takes for somebody who does not read.
    const large = { value: new Uint8Array(1_000_000), expiresAt: Date.now() + DAY_MS };
    const writes = Array.from({ length: 40 }, (_, n) =>
      store.compareAndSet(`key${n}`, undefined, large),
    );
    // The client of itself gives up after five seconds what it could not send.
    await sleep(6_000);
    server.resume();
    assert.deepEqual(new Set(await Promise.all(writes)), new Set([true]));
  });

  test('that is away when the store is opened is used when it is there', async (t) => {
    const server = await RedisServer.start(t);
    await server.kill();
    const { place } = oneServer(server);
    await assert.rejects(open(t, place), away);
    const logger = new RecordingLogger();
    const heard: ServerTime[] = [];
    const onServerTime = (time: ServerTime): void => void heard.push(time);
    const store = await open(t, { ...place, mayBeAway: true, logger, onServerTime });
    await assert.rejects(async () => await store.get('key'), away);
    assert.deepEqual(heard, []);
    await server.restart();
    await untilItWorks(store);
    logger.take(lost);
    await waitUntil(() => heard.length > 0, 'the server says what time it is');
  });

  test('that is a replica is lost once, at the first write, and back when it takes writes', async (t) => {
    // Of itself it waits five seconds for more replicas.
    const settings = { 'repl-diskless-sync-delay': '0' };
    const primary = await RedisServer.start(t, { settings });
    const server = await RedisServer.start(t);
    await server.command('REPLICAOF', '127.0.0.1', String(primary.port));
    // It answers nobody while it loads what the primary has.
    await waitUntil(
      async () => /^master_link_status:up/m.test(await server.command('INFO', 'replication')),
      'the replica has what the primary has',
    );
    const logger = new RecordingLogger();
    const store = await open(t, { ...oneServer(server).place, logger });
    const what = 'the server of the store is a replica, which keeps no records';
    assert.equal(logger.take(what).fields['primary'], `127.0.0.1:${primary.port}`);
    assert.deepEqual(await scanned(store), [], 'it may be read from');
    let told = 0;
    // The first write is refused by the server itself; what it is shows when it has been connected to again.
    await waitUntil(async () => {
      await assert.rejects(store.compareAndSet('key', undefined, day()), (error) => {
        if (/no primary, but "slave"/.test(String(error))) told += 1;
        return away(error);
      });
      return told === 20;
    }, 'it is told that the server is a replica');
    await server.command('REPLICAOF', 'NO', 'ONE');
    await untilItWorks(store);
    assert.equal(await store.compareAndSet('key', undefined, day()), true);
    assert.deepEqual((await store.stats()).servers, { lost: 1, back: 1 });
    logger.take(lost);
    logger.assertQuiet();
  });

  test('that throws records away for want of memory is warned of once', async (t) => {
    const policy = { 'maxmemory-policy': 'allkeys-lru' };
    const server = await RedisServer.start(t, { settings: { ...policy, maxmemory: '100mb' } });
    const logger = new RecordingLogger();
    const store = await open(t, { ...oneServer(server).place, logger });
    const what = 'a server of the store throws records away when its memory is full';
    assert.equal(logger.take(what).fields['maxmemory-policy'], 'allkeys-lru');
    await server.kill();
    await assert.rejects(async () => await store.get('key'), away);
    await server.restart();
    await untilItWorks(store);
    logger.take(lost);
    logger.assertQuiet();
    for (const settings of [{ ...policy, maxmemory: '0' }, { maxmemory: '100mb' }]) {
      const other = await RedisServer.start(t, { settings });
      await open(t, { ...oneServer(other).place, logger });
    }
    logger.assertQuiet();
  });

  test('forgets scripts, and is told them again', async (t) => {
    const server = await RedisServer.start(t);
    const store = await open(t, oneServer(server).place);
    await server.command('SCRIPT', 'FLUSH');
    assert.equal(await store.compareAndSet('key', undefined, day()), true);
    await server.command('SCRIPT', 'FLUSH');
    assert.equal(await store.compareAndSet('key', undefined, day()), false);
  });

  test('forgets records by itself', async (t) => {
    const server = await RedisServer.start(t);
    const store = await open(t, oneServer(server).place);
    await store.compareAndSet('key', undefined, day());
    const left = Number(await server.command('PTTL', 'p:key'));
    assert.ok(left > DAY_MS - 120_000 && left <= DAY_MS + 1000, String(left));
    await store.compareAndSet('over', undefined, { value: bytes(1), expiresAt: 0 });
    assert.equal(await store.get('over'), undefined);
  });

  test('keeps what a newer version has written, which is an error and never absent', async (t) => {
    const server = await RedisServer.start(t);
    const store = await open(t, oneServer(server).place);
    await server.command('SET', 'p:key', '\u0002later');
    const newer = refusedAs('STORE_NEWER_FORMAT');
    await assert.rejects(async () => await store.get('key'), newer);
    await assert.rejects(scanned(store), newer);
    assert.equal(await store.compareAndSet('key', undefined, day()), false);
    assert.equal(await server.command('GET', 'p:key'), '\u0002later');
    await server.command('DEL', 'p:key');
    await server.command('LPUSH', 'p:key', 'x');
    await assert.rejects(async () => await store.get('key'), away);
  });

  test('says what time it is there', async (t) => {
    const server = await RedisServer.start(t);
    const hourAhead = { now: () => Date.now() + 3_600_000 };
    const times: ServerTime[] = [];
    await open(t, {
      ...oneServer(server).place,
      clock: hourAhead,
      onServerTime: (time) => times.push(time),
    });
    const [time] = times;
    assert.ok(time !== undefined && time.errorMs >= 0);
    const ahead = time.localNow - time.serverNow;
    assert.ok(Math.abs(ahead - 3_600_000) <= time.errorMs + 50, String(ahead));
  });

  test('that is one of a Cluster is told from one alone', async (t) => {
    const server = await RedisServer.start(t, { settings: { 'cluster-enabled': 'yes' } });
    await server.command('CLUSTER', 'ADDSLOTSRANGE', '0', '0');
    await assert.rejects(open(t, oneServer(server).place), /part of a Cluster/);
  });
});

describe('Sentinels', { skip }, () => {
  test('name another primary, and the store goes to it', async (t) => {
    const sentinels = await startRedisSentinels(t);
    const store = await open(t, sentinelServers(sentinels).place);
    await store.compareAndSet('key', undefined, day());
    const old = await sentinels.primary();
    await old.command('WAIT', '2', '20000');
    await old.kill();
    await sentinels.movedFrom(old);
    await untilItWorks(store);
    assert.ok(await store.get('key'));
    // A primary that has become a replica takes no writes, and is left for the one there is.
    await old.restart();
    await sentinels.settled();
    await untilItWorks(store);
    assert.deepEqual(await scanned(store), ['key']);
  });
});
