import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { lastFirst } from '../support/clean-ups.js';
import type { TestDaemon } from '../support/daemon-harness.js';
import { skipWithoutCompiler } from '../support/posix-regex.js';
import { RedisServer, skipWithoutRedis, type RedisServerOptions } from '../support/redis-server.js';
import { createShiftedClock } from '../support/shifted-clock.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';
import { MailFlow } from './mail-flow.js';
import {
  letTimePass,
  makeKnown,
  patient,
  startSharer,
  steady,
  type SharedStore,
} from './shared-site.js';

const minute = 60_000;

interface FaultRig {
  readonly server: RedisServer;
  readonly store: SharedStore;
  readonly daemons: readonly TestDaemon[];
  readonly flow: MailFlow;
}

/** Two daemons on one real server, and mail that comes to both all the time. */
async function startUnderLoad(
  t: TestContext,
  options: RedisServerOptions = {},
  overrides: readonly string[] = [],
): Promise<FaultRig> {
  const cleanUps = lastFirst(t);
  const clock = createShiftedClock(cleanUps);
  const directory = createTempDirectory(cleanUps);
  // In a file, so that a server that comes back still knows who greymilter is.
  const aclfile = join(directory, 'users.acl');
  const users = ['user default on nopass ~* &* +@all', 'user greymilter on >right ~gm.* +@all'];
  writeFileSync(aclfile, `${users.join('\n')}\n`);
  const server = await RedisServer.start(cleanUps, {
    ...options,
    settings: { ...options.settings, aclfile },
    environment: clock.environment,
  });
  const password = join(directory, 'password');
  writeFileSync(password, 'right\n', { mode: 0o600 });
  const who = ['store.redis.user=greymilter', `store.redis.password-file=${password}`];
  const store = { url: `redis://${server.address}`, clock };
  const daemons = [
    await startSharer(cleanUps, store, { overrides: [...steady, ...who, ...overrides] }),
    await startSharer(cleanUps, store, { overrides: [...steady, ...who, ...overrides] }),
  ];
  await makeKnown(daemons, store);
  const flow = MailFlow.start(daemons);
  await flow.isJudged();
  return { server, store, daemons, flow };
}

/** What was logged of losing the server and finding it again, once by each daemon. */
function assertLostAndFound(daemons: readonly TestDaemon[]): void {
  for (const { logger } of daemons) {
    logger.take('a server of the store is lost');
    const found = logger.entries.filter(({ message }) => /of the store is back/.test(message));
    assert.equal(found.length, 1);
  }
}

/** What was logged of an impairment by each daemon: its beginning once, and then its end. */
async function assertImpaired(
  { daemons, store, flow }: FaultRig,
  what: 'read' | 'written',
): Promise<void> {
  letTimePass(daemons, store, minute + 1000);
  await flow.isJudged();
  await flow.goesOn();
  for (const daemon of daemons) {
    daemon.logger.take(`store cannot be ${what}`);
    const ends = daemon.logger.entries.filter(
      ({ message }) => message === `the store can be ${what} again`,
    );
    assert.equal(ends.length, 1);
    assert.ok(Number(ends[0]?.fields['times']) > 0);
    // A fault that comes between the two journeys of a new triplet shows at its writing.
    if (what === 'read') daemon.logger.takeAll('store cannot be written');
    daemon.logger.assertQuiet();
  }
}

const skip = skipWithoutRedis() || skipWithoutCompiler();

/** Written to disk with each command, as far as the kernel: a killed process loses nothing of it. */
const onDisk = { settings: { appendonly: 'yes', appendfsync: 'everysec' } };

describe('under load, mail goes on and is judged again by itself when', { skip }, () => {
  test('the server is killed and comes back with what it has on disk', async (t) => {
    const rig = await startUnderLoad(t, onDisk);
    const { server, flow, daemons } = rig;
    await server.kill();
    await flow.isUnjudged();
    await flow.goesOn();
    await server.restart();
    await flow.isJudged();
    assertLostAndFound(daemons);
    await assertImpaired(rig, 'read');
    await flow.stop();
  });

  test('the server hangs without closing anything, and goes on', async (t) => {
    const rig = await startUnderLoad(t);
    const { server, flow, daemons } = rig;
    server.hang();
    await flow.isUnjudged();
    await flow.goesOn();
    server.resume();
    await flow.isJudged();
    assertLostAndFound(daemons);
    await assertImpaired(rig, 'read');
    await flow.stop();
  });

  test('the server is slow, but not too slow: then nothing passes unjudged', async (t) => {
    const { server, flow } = await startUnderLoad(t, {}, patient);
    for (let times = 0; times < 4; times++) {
      await server.command('DEBUG', 'SLEEP', '0.3');
      await flow.goesOn();
    }
    const attempts = await flow.stop();
    const passed = attempts.filter(({ kind, answer }) => kind === 'new' && answer === 'continue');
    assert.deepEqual(passed, []);
  });

  test('the server has no memory left and takes nothing new (noeviction)', async (t) => {
    const rig = await startUnderLoad(t);
    const { server, flow } = rig;
    await server.command('CONFIG', 'SET', 'maxmemory', '1');
    await flow.isUnjudged();
    // What is known is still read, and passes as such.
    const from = rig.daemons.map(({ decisions }) => decisions.length);
    for (const [at, { decisions }] of rig.daemons.entries())
      await waitUntil(
        () => decisions.slice(from[at]).some(({ reason }) => reason === 'greylist-known'),
        'what is known passes as such',
      );
    await server.command('CONFIG', 'SET', 'maxmemory', '0');
    await flow.isJudged();
    await assertImpaired(rig, 'written');
    await flow.stop();
  });

  test('the server throws records away for want of memory', async (t) => {
    const { server, flow, daemons } = await startUnderLoad(t, {
      settings: { 'maxmemory-policy': 'volatile-random' },
    });
    await server.command('CONFIG', 'SET', 'maxmemory', '1');
    await flow.goesOn();
    await server.command('CONFIG', 'SET', 'maxmemory', '0');
    assert.match(await server.command('INFO', 'stats'), /evicted_keys:[1-9]/);
    // Whoever was forgotten is new again, and that is all; the known one may be among them.
    await flow.isJudged();
    await flow.stop({ knownMayBeLost: true });
    for (const { logger } of daemons) logger.takeAll('store cannot be written');
  });
});

describe('under load, mail goes on and is judged again when', { skip }, () => {
  test('what greymilter may do is revoked and given again', async (t) => {
    const rig = await startUnderLoad(t);
    const { server, flow } = rig;
    await server.command('ACL', 'SETUSER', 'greymilter', '-get', '-eval', '-evalsha');
    await flow.isUnjudged();
    await flow.goesOn();
    await server.command('ACL', 'SETUSER', 'greymilter', '+@all');
    await flow.isJudged();
    await assertImpaired(rig, 'read');
    await flow.stop();
  });

  test('its password is no longer the right one, and then is', async (t) => {
    const rig = await startUnderLoad(t);
    const { server, flow, daemons } = rig;
    await server.command('ACL', 'SETUSER', 'greymilter', 'resetpass', '>wrong');
    await server.command('CLIENT', 'KILL', 'USER', 'greymilter');
    await flow.isUnjudged();
    await flow.goesOn();
    await server.command('ACL', 'SETUSER', 'greymilter', '>right');
    await flow.isJudged();
    for (const { logger } of daemons) {
      const told = logger.take('a server of the store stays lost until this is mended');
      assert.match(String(told.fields['error']), /WRONGPASS .*store\.redis\.password-file/);
    }
    assertLostAndFound(daemons);
    await assertImpaired(rig, 'read');
    await flow.stop();
  });
});
