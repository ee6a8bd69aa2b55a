import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lastFirst, type CleanUps } from '../support/clean-ups.js';
import type { TestDaemon } from '../support/daemon-harness.js';
import { startRedisCluster } from '../support/redis-cluster.js';
import { SENTINEL_NAME, startRedisSentinels } from '../support/redis-sentinel.js';
import { skipWithoutCompiler } from '../support/posix-regex.js';
import { skipWithoutRedis } from '../support/redis-server.js';
import { createShiftedClock } from '../support/shifted-clock.js';
import { MailFlow } from './mail-flow.js';
import { makeKnown, patient, startSharer, steady, type SharedStore } from './shared-site.js';

/** Two daemons, and mail that comes to both all the time. */
async function startUnderLoad(
  cleanUps: CleanUps,
  store: SharedStore,
  overrides: readonly string[] = [],
): Promise<{ readonly daemons: readonly TestDaemon[]; readonly flow: MailFlow }> {
  const daemons = [
    await startSharer(cleanUps, store, { overrides }),
    await startSharer(cleanUps, store, { overrides }),
  ];
  await makeKnown(daemons, store);
  const flow = MailFlow.start(daemons);
  await flow.isJudged();
  return { daemons, flow };
}

/** It passed while a primary was away, so it may have been let pass unjudged; afterwards all is as before. */
async function assertOver(
  { daemons, flow }: { readonly daemons: readonly TestDaemon[]; readonly flow: MailFlow },
  lost: RegExp,
): Promise<void> {
  await flow.isJudged();
  await flow.goesOn();
  await flow.stop();
  for (const { logger } of daemons) {
    const all = logger.takeAll('a server of the store is lost');
    assert.equal(all.length, 1, JSON.stringify(all.map(({ fields }) => fields)));
    assert.match(String(all[0]?.fields['server']), lost);
    // Of both, at most one line a minute; a failover may be over before anybody meets it.
    assert.ok(logger.takeAll('store cannot be read').length <= 1);
    assert.ok(logger.takeAll('store cannot be written').length <= 1);
    logger.assertQuiet();
  }
}

describe(
  'under load, mail goes on and is judged again by itself when',
  { skip: skipWithoutRedis() || skipWithoutCompiler() },
  () => {
    test('Sentinels put another server in the place of the primary', async (t) => {
      const cleanUps = lastFirst(t);
      const clock = createShiftedClock(cleanUps);
      const sentinels = await startRedisSentinels(cleanUps, { environment: clock.environment });
      const url = `redis+sentinel://${sentinels.addresses}/${SENTINEL_NAME}`;
      const rig = await startUnderLoad(cleanUps, { url, clock }, patient);
      const primary = await sentinels.primary();
      await primary.kill();
      await rig.flow.goesOn();
      await sentinels.movedFrom(primary);
      await assertOver(rig, new RegExp(SENTINEL_NAME));
    });

    test('a primary hangs, and Sentinels put another server in its place', async (t) => {
      const cleanUps = lastFirst(t);
      const clock = createShiftedClock(cleanUps);
      const sentinels = await startRedisSentinels(cleanUps, { environment: clock.environment });
      const url = `redis+sentinel://${sentinels.addresses}/${SENTINEL_NAME}`;
      const rig = await startUnderLoad(cleanUps, { url, clock }, steady);
      const primary = await sentinels.primary();
      primary.hang();
      await rig.flow.goesOn();
      await sentinels.movedFrom(primary);
      await rig.flow.isJudged();
      // It wakes up as a primary, and is made a replica; nobody may go back to it.
      primary.resume();
      await assertOver(rig, new RegExp(SENTINEL_NAME));
    });

    test('a primary of the Cluster is killed and its replica takes over', async (t) => {
      const cleanUps = lastFirst(t);
      const clock = createShiftedClock(cleanUps);
      const cluster = await startRedisCluster(cleanUps, {
        nodeTimeoutMs: 2_000,
        environment: clock.environment,
      });
      const rig = await startUnderLoad(
        cleanUps,
        {
          url: `redis+cluster://${cluster.addresses}`,
          clock,
        },
        patient,
      );
      const [shard] = cluster.shards;
      assert.ok(shard);
      await shard.primary.kill();
      await rig.flow.goesOn();
      await cluster.tookOver(shard.replica);
      await assertOver(rig, new RegExp(`:${shard.primary.port}$`));
    });
  },
);
