import { after, afterEach, before, describe } from 'node:test';
import { CleanUps } from '../support/clean-ups.js';
import { RedisServer, skipWithoutRedis } from '../support/redis-server.js';
import { oneServer, RedisRig, type RedisServers } from './redis-rig.js';
import { describeStoreContract } from './store-contract.js';

describe('one Redis', { skip: skipWithoutRedis() }, () => {
  const cleanUps = new CleanUps();
  let servers: RedisServers | undefined;
  before(async () => {
    servers = oneServer(await RedisServer.start(cleanUps));
  });
  afterEach(() => servers?.restore());
  after(() => cleanUps.run());
  describeStoreContract('the store on one Redis', (t) => RedisRig.open(t, servers));
});
