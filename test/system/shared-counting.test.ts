import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { AdminClient } from '../../src/admin/admin-client.js';
import { loadStore, type OpenStore } from '../../src/daemon/stores/open-store.js';
import { POPULATION_KEY } from '../../src/greylist/population-record.js';
import { lastFirst, type CleanUps } from '../support/clean-ups.js';
import type { TestDaemon } from '../support/daemon-harness.js';
import { skipWithoutCompiler } from '../support/posix-regex.js';
import { RedisServer, skipWithoutRedis } from '../support/redis-server.js';
import { createShiftedClock, type ShiftedClock } from '../support/shifted-clock.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';
import { letTimePass, patient, startSharer } from './shared-site.js';
import { deliver } from './smtp-session.js';

const minute = 60_000;
const hour = 60 * minute;
/** As filters have it. */
const lease = 3 * minute;

const flooded =
  'more pending triplets than limits.pending-per-network: new ones of this network are put off without being remembered';

/** A filter of those that share a server, and what it does there. */
interface Sharer {
  readonly daemon: TestDaemon;
  readonly admin: AdminClient;
  /** How often it has begun to go over the store, and has looked who does. */
  readonly did: { scans: number; looks: number };
}

interface Site {
  readonly cleanUps: CleanUps;
  readonly clock: ShiftedClock;
  readonly server: RedisServer;
  readonly start: () => Promise<Sharer>;
  readonly pass: (ms: number, sharers: readonly Sharer[]) => void;
}

async function openSite(t: TestContext): Promise<Site> {
  const cleanUps = lastFirst(t);
  const clock = createShiftedClock(cleanUps);
  const server = await RedisServer.start(cleanUps, { environment: clock.environment });
  const store = { url: `redis://${server.address}`, clock };
  let aheadMs = 0;
  const start = async (): Promise<Sharer> => {
    const did = { scans: 0, looks: 0 };
    const socket = join(createTempDirectory(cleanUps), 'admin.sock');
    const daemon = await startSharer(cleanUps, store, {
      aheadMs,
      overrides: [...patient, 'limits.pending-per-network=3', `listen.admin=unix:${socket}`],
      openStore: openWatched(did),
      countingPace: { lookMs: 20 },
    });
    const admin = new AdminClient(socket);
    cleanUps.after(() => admin.close());
    return { daemon, admin, did };
  };
  const pass = (ms: number, sharers: readonly Sharer[]): void => {
    aheadMs += ms;
    letTimePass(
      sharers.map(({ daemon }) => daemon),
      store,
      ms,
    );
  };
  return { cleanUps, clock, server, start, pass };
}

function openWatched(did: Sharer['did']): OpenStore {
  return async (settings, dependencies) => {
    const open = await loadStore(settings.url.kind);
    const store = await open(settings, dependencies);
    const [get, scan] = [store.get.bind(store), store.scan.bind(store)];
    store.get = (key) => {
      if (key === POPULATION_KEY) did.looks += 1;
      return get(key);
    };
    store.scan = (after) => {
      if (after === undefined) did.scans += 1;
      return scan(after);
    };
    return store;
  };
}

/** How many triplets of all wait, as a filter tells those who monitor it; undefined before it knows. */
async function pendingAt({ admin }: Sharer): Promise<number | undefined> {
  let text = '';
  for await (const chunk of await admin.stream('/metrics')) text += Buffer.from(chunk).toString();
  const [, number] = /^greymilter_triplets\{state="pending"\} (\d+)$/m.exec(text) ?? [];
  return number === undefined ? undefined : Number(number);
}

async function untilAllKnow(sharers: readonly Sharer[], pending: number): Promise<void> {
  for (const sharer of sharers)
    await waitUntil(
      async () => (await pendingAt(sharer)) === pending,
      `a filter knows of ${pending}`,
    );
}

/** Three triplets of one network that wait, and one of another, and no filter. */
async function leaveTriplets({ start, pass }: Site): Promise<void> {
  const one = await start();
  await untilAllKnow([one], 0);
  for (const [address, from] of [
    ['192.0.2.1', 'a'],
    ['192.0.2.2', 'b'],
    ['192.0.2.3', 'c'],
    ['198.51.100.1', 'd'],
  ] as const)
    await deliver(one.daemon, { client: { address }, from: `${from}@client.example` });
  await one.daemon.stop();
  // What it has found is old enough.
  pass(hour, []);
}

const skip = skipWithoutRedis() || skipWithoutCompiler();

describe('filters on one server', { skip }, () => {
  test('have what waits counted by one of them, and all keep to its limits', async (t) => {
    const site = await openSite(t);
    await leaveTriplets(site);
    const sharers = await Promise.all([site.start(), site.start(), site.start()]);
    await untilAllKnow(sharers, 4);
    assert.equal(
      sharers.reduce((sum, { did }) => sum + did.scans, 0),
      1,
    );
    for (const [at, { daemon }] of sharers.entries()) {
      const mail = { client: { address: '192.0.2.9' }, from: `flood${at}@client.example` };
      assert.match((await deliver(daemon, mail)).rcpt.join(), /^451 /);
      daemon.logger.take(flooded);
    }
    const stored = (await site.server.command('KEYS', 'gm.c*')).split('\n');
    assert.equal(stored.length, 4, 'nothing of the flood is remembered');
  });

  test('take over from one that was killed while it counted', async (t) => {
    const site = await openSite(t);
    await leaveTriplets(site);
    const victim = fileURLToPath(new URL('counting-victim.ts', import.meta.url));
    const child = spawn(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), victim, String(site.server.port), String(hour)],
      { stdio: 'inherit' },
    );
    const ended = once(child, 'exit');
    site.cleanUps.after(() => void child.kill('SIGKILL'));
    const before = await site.server.command('GET', 'gm.population');
    await waitUntil(
      async () => (await site.server.command('GET', 'gm.population')) !== before,
      'it counts',
    );
    child.kill('SIGKILL');
    await ended;
    const sharers = await Promise.all([site.start(), site.start()]);
    for (const { did } of sharers)
      await waitUntil(() => did.looks >= 3, 'it looks who counts, and waits');
    assert.deepEqual(
      sharers.map(({ did }) => did.scans),
      [0, 0],
    );
    site.pass(lease, sharers);
    await untilAllKnow(sharers, 4);
    assert.equal(
      sharers.reduce((sum, { did }) => sum + did.scans, 0),
      1,
    );
  });
});
