import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRedisCertificates } from '../support/redis-certificates.js';
import { startRedisCluster } from '../support/redis-cluster.js';
import { startRedisSentinels } from '../support/redis-sentinel.js';
import { RedisServer, skipWithoutRedis } from '../support/redis-server.js';

const skip = skipWithoutRedis();

test('a test server asks for its password and counts commands', { skip }, async (t) => {
  const server = await RedisServer.start(t, { password: 'open sesame' });
  await server.resetCounts();
  assert.equal(await server.command('SET', 'a', '1'), 'OK');
  assert.equal((await server.counts())['set'], 1);
  await assert.rejects(RedisServer.at(server.port, server.directory).command('GET', 'a'), /NOAUTH/);
});

test('a test server speaks TLS only, to those with a certificate', { skip }, async (t) => {
  const server = await RedisServer.start(t, { certificates: createRedisCertificates(t) });
  assert.equal(await server.command('PING'), 'PONG');
  await assert.rejects(RedisServer.at(server.port, server.directory).command('PING'));
});

test('a test server keeps on disk what it is told to, though it is killed', { skip }, async (t) => {
  const settings = { appendonly: 'yes', appendfsync: 'always' };
  const server = await RedisServer.start(t, { settings });
  await server.command('SET', 'a', '1');
  await server.kill();
  await assert.rejects(server.command('GET', 'a'));
  await server.restart();
  assert.equal(await server.command('GET', 'a'), '1');
});

test(
  'three Sentinels put a replica in the place of a primary that is gone',
  { skip },
  async (t) => {
    const sentinels = await startRedisSentinels(t);
    const old = await sentinels.primary();
    assert.equal(old, sentinels.servers[0]);
    await old.kill();
    const next = await sentinels.movedFrom(old);
    assert.equal(await next.command('SET', 'a', '1'), 'OK');
  },
);

test(
  'a Cluster of six puts a replica in the place of a primary that is gone',
  { skip },
  async (t) => {
    const cluster = await startRedisCluster(t);
    const [shard] = cluster.shards;
    assert.ok(shard !== undefined);
    await shard.primary.kill();
    await cluster.settled(false);
    assert.match(await shard.replica.command('INFO', 'replication'), /role:/);
  },
);
