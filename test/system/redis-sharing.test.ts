import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { AdminClient } from '../../src/admin/admin-client.js';
import { lastFirst } from '../support/clean-ups.js';
import type { TestDaemon } from '../support/daemon-harness.js';
import { skipWithoutCompiler } from '../support/posix-regex.js';
import { RedisServer, skipWithoutRedis } from '../support/redis-server.js';
import { createShiftedClock } from '../support/shifted-clock.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';
import { letTimePass, patient, startSharer, type SharedStore } from './shared-site.js';
import { deliver, type Client } from './smtp-session.js';

const minute = 60_000;
const hour = 60 * minute;

interface Four {
  readonly daemons: readonly TestDaemon[];
  readonly admins: readonly AdminClient[];
  /** What one of them decides about a mail. */
  readonly reason: (at: number, from: string, client?: Client) => Promise<string | undefined>;
  /** Lets so much time go by. */
  readonly pass: (ms: number) => void;
}

/** Four daemons on one server; the clocks of their hosts are an hour apart, and that of it is right. */
async function startFour(t: TestContext, overrides: readonly string[] = []): Promise<Four> {
  const cleanUps = lastFirst(t);
  const clock = createShiftedClock(cleanUps);
  const server = await RedisServer.start(cleanUps, { environment: clock.environment });
  const store: SharedStore = { url: `redis://${server.address}`, clock };
  const directory = createTempDirectory(cleanUps);
  const daemons: TestDaemon[] = [];
  const admins: AdminClient[] = [];
  for (const [at, aheadMs] of [0, hour, -hour, 2 * hour].entries()) {
    const path = join(directory, `${at}.sock`);
    const own = [...patient, ...overrides, `listen.admin=unix:${path}`];
    const daemon = await startSharer(cleanUps, store, { aheadMs, overrides: own });
    if (aheadMs !== 0)
      daemon.logger.take('the clock of this machine differs from that of the store, which counts');
    const admin = new AdminClient(path);
    cleanUps.after(() => admin.close());
    daemons.push(daemon);
    admins.push(admin);
  }
  return {
    daemons,
    admins,
    reason: async (at, from, client) => {
      const daemon = daemons[at];
      assert.ok(daemon);
      await deliver(daemon, { from, ...(client !== undefined && { client }) });
      return daemon.decisions.at(-1)?.reason;
    },
    pass: (ms) => letTimePass(daemons, store, ms),
  };
}

const skip = skipWithoutRedis() || skipWithoutCompiler();

describe('four daemons on one server', { skip }, () => {
  test('know at once what any of them has seen', async (t) => {
    const { reason, pass } = await startFour(t);
    assert.equal(await reason(0, 'a@x.example'), 'greylist-new');
    for (const other of [1, 2, 3])
      assert.equal(await reason(other, 'a@x.example'), 'greylist-early');
    pass(4 * minute);
    assert.equal(await reason(1, 'a@x.example'), 'greylist-passed');
    for (const other of [0, 2, 3])
      assert.equal(await reason(other, 'a@x.example'), 'greylist-known');
  });

  test('count the passes of a client together, and let it be', async (t) => {
    const { reason, pass } = await startFour(t, ['greylist.client-autowhite={after: 2}']);
    const client = { address: '203.0.113.7' };
    for (const [at, from] of [
      [0, 'joe@a.example'],
      [1, 'ann@b.example'],
    ] as const) {
      assert.equal(await reason(at, from, client), 'greylist-new');
      pass(5 * minute);
      assert.equal(await reason(at + 1, from, client), 'greylist-passed');
      pass(hour + minute);
    }
    for (const at of [0, 1, 2, 3])
      assert.equal(await reason(at, `sue${at}@c.example`, client), 'client-autowhite');
  });

  test('do what is passed and forgotten at any of them', async (t) => {
    const { reason, admins } = await startFour(t);
    assert.equal(await reason(0, 'a@x.example'), 'greylist-new');
    const answer = await admins[2]?.post('/v1/pass?client=192.0.2.1&sender=a@x.example');
    assert.deepEqual(answer, { records: 1, triplets: 1 });
    for (const at of [0, 1, 3]) assert.equal(await reason(at, 'a@x.example'), 'greylist-known');
    const found = await admins[1]?.read('/v1/records?sender=a@x.example');
    // What the admin interface answers.
    const [record] = (found?.['records'] ?? []) as readonly { readonly id: string }[];
    assert.ok(record);
    await admins[3]?.delete(`/v1/records/${record.id}`);
    assert.equal(await reason(1, 'a@x.example'), 'greylist-new');
  });

  test('add what they count to the same statistics', async (t) => {
    const { reason, daemons, admins } = await startFour(t);
    for (const at of [0, 1, 2, 3])
      for (const number of [0, 1, 2]) await reason(at, `n${at}.${number}@x.example`);
    // What is not written yet is written at the end.
    await Promise.all(daemons.slice(1).map((daemon) => daemon.stop()));
    const { firstAttempts } = (await admins[0]?.read('/v1/statistics?last-seconds=7200')) ?? {};
    assert.equal(firstAttempts, 12);
  });

  test('that meet a triplet at the same moment call it new once, at one time', async (t) => {
    const { daemons, admins } = await startFour(t);
    const before = Date.now();
    const storm = daemons.flatMap((daemon) =>
      Array.from({ length: 25 }, () => deliver(daemon, { from: 'storm@x.example' })),
    );
    await Promise.all(storm);
    const after = Date.now();
    const reasons = daemons.flatMap(({ decisions }) => decisions.map(({ reason }) => reason));
    assert.equal(reasons.length, 100);
    assert.equal(reasons.filter((reason) => reason === 'greylist-new').length, 1);
    assert.equal(reasons.filter((reason) => reason === 'greylist-early').length, 99);
    const answers = await Promise.all(admins.map((admin) => admin.read('/v1/records')));
    for (const { records } of answers) assert.deepEqual(records, answers[0]?.['records']);
    const [text] = JSON.stringify(answers[0]).match(/"firstSeen(?:At)?":"?([^",]+)/) ?? [];
    const firstSeenAt = Date.parse(text?.replace(/^.*?:"/, '') ?? '');
    // By the server's clock, which no host's here is an hour away from by chance.
    assert.ok(firstSeenAt >= before - minute && firstSeenAt <= after + minute, text);
  });
});

describe('a daemon on a shared store', { skip }, () => {
  test('that finds no server when it starts lets mail pass, and finds it later', async (t) => {
    const cleanUps = lastFirst(t);
    const server = await RedisServer.start(cleanUps);
    await server.kill();
    const daemon = await startSharer(
      cleanUps,
      { url: `redis://${server.address}` },
      { overrides: patient },
    );
    assert.deepEqual((await deliver(daemon, {})).rcpt, ['continue']);
    await server.restart();
    await waitUntil(
      () => daemon.logger.entries.some(({ message }) => /is back/.test(message)),
      'the server is found',
    );
    assert.match((await deliver(daemon, {})).rcpt.join(), /^451 /);
    daemon.logger.take('a server of the store is lost');
    daemon.logger.take('store cannot be read');
  });
});
