import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { runCommandLine } from '../../src/cli/command-line.js';
import { openSharedStore } from '../../src/daemon/stores/open-shared-store.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { createManualClock } from '../support/manual-clock.js';
import { skipWithoutCompiler } from '../support/posix-regex.js';
import { RedisServer, skipWithoutRedis } from '../support/redis-server.js';
import { createShiftedClock } from '../support/shifted-clock.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { openSession, sendMail } from './smtp-session.js';

const skip = skipWithoutRedis();
const patient = ['store.redis.timeout=8s', 'store.redis.connect-timeout=8s', 'limits.answer=9s'];

async function run(...args: readonly string[]): Promise<RecordingOutput & { code: number }> {
  const output = new RecordingOutput();
  const code = await runCommandLine(args, output);
  return Object.assign(output, { code });
}

async function exportTo(file: string, store: string): Promise<void> {
  const { code, errors } = await run('export', '--store', store, '--output', file);
  assert.equal(code, 0, errors);
}

async function importFrom(file: string, store: string): Promise<void> {
  const { code, errors } = await run('import', file, '--store', store);
  assert.equal(code, 0, errors);
}

/** Three pairs, one of which is known. */
async function fill(t: TestContext, overrides: readonly string[] = []) {
  const clock = createManualClock(Math.floor(Date.now() / 1000) * 1000 - 600_000);
  const daemon = await startTestDaemon(t, { clock, overrides });
  const mail = async (from: string): Promise<void> => {
    const peer = await daemon.connect();
    await openSession(peer, { address: '192.0.2.1' });
    await sendMail(peer, { from, to: ['r@b.example'] });
    peer.drop();
  };
  for (const from of ['a@x.example', 'b@x.example', 'c@x.example']) await mail(from);
  clock.advance(600_000);
  await mail('a@x.example');
  return daemon;
}

/** An export less its first line, which says when it was made. */
function recordsIn(path: string): readonly string[] {
  return readFileSync(path, 'utf8').trim().split('\n').slice(1).sort();
}

describe('a shared store', { skip }, () => {
  test('takes what LevelDB has, and gives it back as it was', async (t) => {
    const server = await RedisServer.start(t);
    const url = `redis://${server.address}`;
    const directory = createTempDirectory(t);
    const [first = '', second = '', third = ''] = [1, 2, 3].map((n) =>
      join(directory, `${n}.jsonl`),
    );
    const daemon = await fill(t);
    await daemon.stop();
    const level = join(daemon.directory, 'db');
    const again = join(directory, 'db');
    await exportTo(first, level);
    await importFrom(first, url);
    await exportTo(second, url);
    await importFrom(second, again);
    await exportTo(third, again);
    assert.ok(recordsIn(first).length >= 3);
    assert.deepEqual(recordsIn(second), recordsIn(first));
    assert.deepEqual(recordsIn(third), recordsIn(first));
  });

  test('is listed, steered and told of by commands on any machine', async (t) => {
    const server = await RedisServer.start(t);
    const url = `redis://${server.address}`;
    const file = join(createTempDirectory(t), 'level.jsonl');
    const daemon = await fill(t);
    await daemon.stop();
    await exportTo(file, join(daemon.directory, 'db'));
    await importFrom(file, url);
    const listed = await run('list', '--store', url);
    assert.equal(listed.code, 0, listed.errors);
    assert.match(listed.printed, /b@x\.example/);
    assert.equal((await run('pass', '--from', 'b@x.example', '--yes', '--store', url)).code, 0);
    const status = await run('status', '--store', url);
    assert.equal(status.code, 69);
    assert.match(status.printed, new RegExp(`redis://${server.address}`));
    for (const args of [['repair'], ['compact'], ['restore', file, '--yes']]) {
      const refused = await run(...args, '--store', url);
      assert.equal(refused.code, 64, `${args.join(' ')}: ${refused.errors}`);
      assert.match(refused.errors, /is for a store on this machine, and this one is on a server/);
    }
    await server.kill();
    const away = await run('list', '--store', url);
    assert.equal(away.code, 69);
    assert.match(away.errors, /ECONNREFUSED/);
  });

  test('is what is meant if it is named while a daemon still runs on LevelDB', async (t) => {
    const server = await RedisServer.start(t);
    const url = `redis://${server.address}`;
    const daemon = await fill(t);
    const admin = ['--set', `listen.admin=unix:${join(daemon.directory, 'db.sock')}`];
    const file = join(createTempDirectory(t), 'known.jsonl');
    const local = ['--store', join(daemon.directory, 'db'), ...admin];
    assert.equal((await run('export', ...local, '--output', file)).code, 0);
    // As the configuration says it once it has been changed, and the daemon not yet been restarted.
    const shared = ['--set', `store.url=${url}`, ...admin];
    const imported = await run('import', file, ...shared);
    assert.match(imported.printed, /^taken +[1-9]/m, imported.errors);
    const back = join(createTempDirectory(t), 'back.jsonl');
    assert.equal((await run('export', ...shared, '--output', back)).code, 0);
    assert.deepEqual(recordsIn(back), recordsIn(file));
  });

  test(
    'has the clock that counts, also for commands',
    { skip: skipWithoutCompiler() },
    async (t) => {
      const clock = createShiftedClock(t);
      clock.advance(-40 * 86_400_000);
      const server = await RedisServer.start(t, { environment: clock.environment });
      const store = ['--store', `redis://${server.address}`];
      const add = ['add', '203.0.113.0/24', '--for', '30d'];
      const added = await run('autowhite', ...add, ...store);
      const today = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10);
      assert.match(added.printed, new RegExp(`203\\.0\\.113\\.0/24 .*${today}T`), added.errors);
      // By this machine's clock it was over ten days ago.
      assert.match((await run('autowhite', 'list', ...store)).printed, /203\.0\.113\.0\/24/);
    },
  );

  test('is used by daemons, which start and serve without it, and pass what they cannot judge', async (t) => {
    const server = await RedisServer.start(t);
    await server.kill();
    const clock = createManualClock(Date.now());
    const admin = `listen.admin=unix:${join(createTempDirectory(t), 'admin.sock')}`;
    const daemon = await startTestDaemon(t, {
      clock,
      overrides: [`store.url=redis://${server.address}`, admin, ...patient],
      // The clock is the test's: that it stands still is none of the server's business.
      openStore: async ({ url, redis }, { logger }) => {
        assert.ok(url.kind === 'redis');
        return await openSharedStore(url, redis, { clock, logger, mayBeAway: true });
      },
    });
    const mail = async (): Promise<string | undefined> => {
      const peer = await daemon.connect();
      await openSession(peer, { address: '192.0.2.1' });
      await sendMail(peer, { from: 'a@x.example', to: ['r@b.example'] });
      peer.drop();
      return daemon.takeDecisions()[0]?.split(' <')[0];
    };
    assert.equal(await mail(), 'accept store-unavailable');
    daemon.logger.take('a server of the store is lost');
    daemon.logger.take('store cannot be read');
    const shown = await run('status', '--set', admin);
    assert.equal(shown.code, 0, shown.errors);
    assert.match(shown.printed, /^ATTENTION: the store cannot be read, since /m);
    assert.match(shown.printed, /^store +redis:\/\/[\d.:]+, CANNOT BE READ$/m);
    assert.match(shown.printed, /^accept +store-unavailable +1 /m);
    await server.restart();
    const deadline = performance.now() + 60_000;
    let said = await mail();
    while (said === 'accept store-unavailable' && performance.now() < deadline) said = await mail();
    assert.equal(said, 'tempfail greylist-new');
    await daemon.stop();
  });

  test('that throws records away is told of by status, as long as it does', async (t) => {
    const server = await RedisServer.start(t, { settings: { maxmemory: '100mb' } });
    const admin = `listen.admin=unix:${join(createTempDirectory(t), 'admin.sock')}`;
    const daemon = await startTestDaemon(t, {
      clock: createManualClock(Date.now()),
      overrides: [`store.url=redis://${server.address}`, admin, ...patient],
      openStore: async ({ url, redis }, { logger }) => {
        assert.ok(url.kind === 'redis');
        return await openSharedStore(url, redis, { clock: Date, logger, mayBeAway: true });
      },
    });
    const what = 'a server of the store throws records away when its memory is full';
    const status = async (): Promise<string> => (await run('status', '--set', admin)).printed;
    assert.doesNotMatch(await status(), /^warnings/m);
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
    assert.match(
      await status(),
      new RegExp(`^warnings +${what} \\(maxmemory-policy allkeys-lru\\)$`, 'm'),
    );
    daemon.logger.take(what);
    await server.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    assert.doesNotMatch(await status(), /^warnings/m);
    await daemon.stop();
  });
});
