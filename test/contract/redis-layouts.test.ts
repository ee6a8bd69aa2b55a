import { after, afterEach, before, describe } from 'node:test';
import { CleanUps } from '../support/clean-ups.js';
import { startRedisCluster } from '../support/redis-cluster.js';
import { startRedisSentinels } from '../support/redis-sentinel.js';
import { skipWithoutRedis } from '../support/redis-server.js';
import { clusterServers, RedisRig, sentinelServers, type RedisServers } from './redis-rig.js';
import { describeStoreContract } from './store-contract.js';

const layouts = {
  'three Sentinels': async (cleanUps: CleanUps) =>
    // No test is about a failover, and none is to begin because the machine has much to do.
    sentinelServers(await startRedisSentinels(cleanUps, { downAfterMs: 5_000 })),
  'a Cluster of six': async (cleanUps: CleanUps) =>
    clusterServers(await startRedisCluster(cleanUps)),
};

for (const [name, start] of Object.entries(layouts)) {
  describe(name, { skip: skipWithoutRedis() }, () => {
    const cleanUps = new CleanUps();
    let servers: RedisServers | undefined;
    before(async () => {
      servers = await start(cleanUps);
    });
    afterEach(() => servers?.restore());
    after(() => cleanUps.run());
    describeStoreContract(`the store on ${name}`, (t) => RedisRig.open(t, servers));
  });
}
