import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSharedStore } from '../../src/daemon/stores/open-shared-store.js';
import { decodePopulationState, POPULATION_KEY } from '../../src/greylist/population-record.js';
import type { GreylistStore } from '../../src/store/store.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { startFlightCounter } from '../support/flight-counter.js';
import { RedisServer, skipWithoutRedis } from '../support/redis-server.js';
import { waitUntil } from '../support/wait-until.js';
import { openSession, sendMail } from '../system/smtp-session.js';

test(
  'a known triplet is one journey to the server, a new one two',
  { skip: skipWithoutRedis() },
  async (t) => {
    const server = await RedisServer.start(t);
    const counter = await startFlightCounter(t, server.port);
    let store: GreylistStore | undefined;
    const daemon = await startTestDaemon(t, {
      overrides: [
        `store.url=redis://127.0.0.1:${counter.port}`,
        ...['store.redis.timeout=8s', 'limits.answer=9s', 'local-domains=b.example', 'trusted=[]'],
      ],
      // The clock is the test's, and nobody asks the server for its own.
      openStore: async ({ url, redis }, { clock, logger }) => {
        assert.ok(url.kind === 'redis');
        return (store = await openSharedStore(url, redis, { clock, logger }));
      },
      countingPace: { lookMs: 3_600_000 },
    });
    // What is in the store is counted first, by journeys that are not of mail.
    await waitUntil(async () => {
      const entry = await store?.get(POPULATION_KEY);
      return entry !== undefined && decodePopulationState(entry.value).latest !== undefined;
    }, 'the store has not been counted');
    const mail = async (from: string): Promise<string | undefined> => {
      const peer = await daemon.connect();
      await openSession(peer, { address: '192.0.2.1' });
      counter.take();
      await server.resetCounts();
      await sendMail(peer, { from, to: ['r@b.example'] });
      peer.drop();
      return daemon.takeDecisions()[0]?.split(' <')[0];
    };
    assert.equal(await mail('first@x.example'), 'tempfail greylist-new');
    assert.equal(await mail('new@x.example'), 'tempfail greylist-new');
    assert.equal(counter.take(), 2);
    // The triplet, what its client has earned, and whether it answers to mail of ours.
    assert.deepEqual(await server.counts(), { evalsha: 1, get: 4, set: 1 });
    daemon.clock.advance(3_600_000);
    assert.equal(await mail('new@x.example'), 'accept greylist-passed');
    daemon.clock.advance(60_000);
    assert.equal(await mail('new@x.example'), 'accept greylist-known');
    assert.equal(counter.take(), 1);
    assert.equal((await server.counts())['evalsha'], undefined);
    await daemon.stop();
  },
);
