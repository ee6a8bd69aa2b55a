import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { openRedisStore, type RedisStoreOptions } from '../../src/store/redis-store.js';
import type { ServerTime } from '../../src/store/redis/server-time.js';
import type { GreylistStore } from '../../src/store/store.js';
import { startRedisCluster } from '../support/redis-cluster.js';
import { RecordingLogger } from '../support/recording-logger.js';
import { skipWithoutRedis } from '../support/redis-server.js';
import { waitUntil } from '../support/wait-until.js';
import { clusterServers, plainSettings } from './redis-rig.js';
import { bytes, DAY_MS, refusedAs, scanned } from './store-rig.js';
import { untilItWorks } from './until-it-works.js';

const skip = skipWithoutRedis();
const brief = { ...plainSettings, connectTimeoutMs: 8_000, timeoutMs: 8_000 };

async function open(
  t: TestContext,
  options: Pick<RedisStoreOptions, 'layout' | 'where'> & Partial<RedisStoreOptions>,
): Promise<GreylistStore> {
  const store = await openRedisStore({ prefix: 'p:', clock: Date, ...options, settings: brief });
  t.after(() => store.close());
  return store;
}

const day = () => ({ value: bytes(1), expiresAt: Date.now() + DAY_MS });
const away = refusedAs('STORE_UNAVAILABLE');

describe('a Cluster', { skip }, () => {
  test('puts a replica in the place of a primary that hangs, and the store goes to it', async (t) => {
    const cluster = await startRedisCluster(t);
    const store = await open(t, clusterServers(cluster).place);
    const keys = Array.from({ length: 60 }, (_, index) => `key ${index}`);
    for (const key of keys) assert.equal(await store.compareAndSet(key, undefined, day()), true);
    const [shard] = cluster.shards;
    assert.ok(shard !== undefined);
    await shard.primary.command('WAIT', '1', '20000');
    shard.primary.hang();
    const asked = await Promise.allSettled(keys.map(async (key) => await store.get(key)));
    assert.ok(asked.some(({ status }) => status === 'rejected'));
    assert.ok(
      asked.some(({ status }) => status === 'fulfilled'),
      'the others go on',
    );
    await cluster.tookOver(shard.replica);
    for (const key of keys) await untilItWorks(store, key);
    shard.primary.resume();
    // It is told that it is a replica now, and what it is asked meanwhile fails.
    let found: readonly string[] = [];
    await waitUntil(async () => {
      found = await scanned(store).catch(() => []);
      return found.length > 0;
    }, 'a scan comes to its end');
    assert.deepEqual(found, [...keys].sort());
  });

  test('moves a slot, and the store follows', async (t) => {
    const cluster = await startRedisCluster(t);
    const store = await open(t, clusterServers(cluster).place);
    await store.compareAndSet('key', undefined, day());
    const slot = await cluster.nodes[0]?.command('CLUSTER', 'KEYSLOT', 'p:key');
    const owner = cluster.shards.findIndex(
      (_, index) => Number(slot) < Math.ceil(((index + 1) * 16384) / 3),
    );
    const from = cluster.shards[owner]?.primary;
    const to = cluster.shards[(owner + 1) % 3]?.primary;
    assert.ok(slot !== undefined && from !== undefined && to !== undefined);
    const [fromId, toId] = [
      await from.command('CLUSTER', 'MYID'),
      await to.command('CLUSTER', 'MYID'),
    ];
    await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
    await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
    await from.command('MIGRATE', '127.0.0.1', String(to.port), 'p:key', '0', '20000');
    // On the way: the old owner says ASK.
    const entry = await store.get('key');
    assert.ok(entry !== undefined);
    assert.equal(await store.compareAndSet('key', entry, day()), true);
    for (const node of [to, from]) await node.command('CLUSTER', 'SETSLOT', slot, 'NODE', toId);
    // There: it says MOVED.
    assert.ok(await store.get('key'));
    assert.deepEqual(await scanned(store), ['key']);
  });

  test('of which one node is taken for the one server says so, and is not half of the records', async (t) => {
    const [node] = (await startRedisCluster(t)).nodes;
    assert.ok(node);
    const layout = { kind: 'server', endpoint: { host: '127.0.0.1', port: node.port } } as const;
    const where = `redis://${node.address}`;
    for (const mayBeAway of [false, true])
      await assert.rejects(
        open(t, { layout, where, mayBeAway }),
        /part of a Cluster: write redis\+cluster:\/\//,
      );
  });

  test('that cannot be reached says why', async (t) => {
    const layout = { kind: 'cluster', seeds: [{ host: '127.0.0.1', port: 9 }] } as const;
    const where = 'redis+cluster://127.0.0.1:9';
    await assert.rejects(open(t, { layout, where }), /connect ECONNREFUSED 127\.0\.0\.1:9/);
    const store = await open(t, { layout, where, mayBeAway: true });
    await assert.rejects(async () => await store.get('key'), away);
    await assert.rejects(async () => await store.get('key'), /ECONNREFUSED/);
    await assert.rejects(scanned(store), away, 'it is not known to be empty');
    const { bytes: size, servers } = await store.stats();
    assert.deepEqual([size, servers], [undefined, { lost: 1, back: 0 }]);
  });

  test('that is away when the store is opened is told of once, and is used when it is there', async (t) => {
    const cluster = await startRedisCluster(t);
    for (const node of cluster.nodes) node.hang();
    const logger = new RecordingLogger();
    const heard: ServerTime[] = [];
    const onServerTime = (time: ServerTime): void => void heard.push(time);
    const settings = { ...plainSettings, connectTimeoutMs: 500 };
    const { place } = clusterServers(cluster);
    const store = await openRedisStore({
      ...{ ...place, settings, prefix: 'p:', clock: Date },
      ...{ mayBeAway: true, logger, onServerTime },
    });
    t.after(() => store.close());
    await assert.rejects(async () => await store.get('key'), away);
    assert.deepEqual(heard, []);
    for (const node of cluster.nodes) node.resume();
    // Nobody asks for anything meanwhile.
    await waitUntil(
      () => logger.entries.some(({ message }) => message === 'a server of the store is back'),
      'the Cluster is found',
    );
    await waitUntil(() => heard.length > 0, 'it says what time it is');
    await untilItWorks(store);
    assert.equal(logger.take('a server of the store is lost').fields['server'], cluster.addresses);
  });
});
