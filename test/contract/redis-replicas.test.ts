import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { RedisServer, skipWithoutRedis } from '../support/redis-server.js';
import { waitUntil } from '../support/wait-until.js';
import { kept, openOn, RECORDS, storeAll } from './acknowledged-records.js';
import { refusedAs } from './store-rig.js';

/** A primary and a replica that is in step with it. */
async function startPair(
  t: TestContext,
  settings: Readonly<Record<string, string>>,
): Promise<{ readonly primary: RedisServer; readonly replica: RedisServer }> {
  const prompt = { 'repl-diskless-sync-delay': '0', ...settings };
  const primary = await RedisServer.start(t, { settings: prompt });
  const replicaof = `127.0.0.1 ${primary.port}`;
  const replica = await RedisServer.start(t, { settings: { ...prompt, replicaof } });
  await waitUntil(
    async () => /slave0:.*state=online/.test(await primary.command('INFO', 'replication')),
    'the replica is in step',
  );
  return { primary, replica };
}

/** From now on the replica gets nothing, and what it had got is all that it has. */
async function cutOff(primary: RedisServer, replica: RedisServer): Promise<void> {
  const offsetOf = async (server: RedisServer): Promise<string | undefined> =>
    /master_repl_offset:(\d+)/.exec(await server.command('INFO', 'replication'))?.[1];
  await waitUntil(
    async () => (await offsetOf(primary)) === (await offsetOf(replica)),
    'the replica has everything',
  );
  // It follows somebody who is not there: nobody listens on that port.
  await replica.command('REPLICAOF', '127.0.0.1', '1');
  await waitUntil(
    async () => /connected_slaves:0/.test(await primary.command('INFO', 'replication')),
    'the primary has no replica',
  );
}

/** Puts the replica in the primary's place, as a Sentinel does. */
async function failOver(primary: RedisServer, replica: RedisServer): Promise<void> {
  await primary.kill();
  await replica.command('REPLICAOF', 'NO', 'ONE');
}

describe('what was acknowledged by a primary', { skip: skipWithoutRedis() }, () => {
  test('that was replaced: what the replica has not got is lost', async (t) => {
    const { primary, replica } = await startPair(t, {});
    const store = await openOn(t, primary);
    await storeAll(store, 'early');
    await cutOff(primary, replica);
    await storeAll(store, 'late');
    await failOver(primary, replica);
    assert.equal(await kept(t, replica, 'early'), RECORDS, replica.log());
    assert.equal(await kept(t, replica, 'late'), 0);
  });

  test('that wants a replica is not lost with it: without one nothing is taken', async (t) => {
    const { primary, replica } = await startPair(t, {
      'min-replicas-to-write': '1',
      'min-replicas-max-lag': '10',
    });
    const store = await openOn(t, primary);
    await storeAll(store, 'early');
    await cutOff(primary, replica);
    await assert.rejects(storeAll(store, 'late'), refusedAs('STORE_UNAVAILABLE'));
    // What is known is known meanwhile.
    assert.ok(await store.get('early0'));
    await failOver(primary, replica);
    await replica.command('CONFIG', 'SET', 'min-replicas-to-write', '0');
    assert.equal(await kept(t, replica, 'early'), RECORDS, replica.log());
    assert.equal(await kept(t, replica, 'late'), 0);
  });
});
