import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { runCommandLine } from '../../src/cli/command-line.js';
import { lastFirst } from '../support/clean-ups.js';
import { skipWithoutCompiler } from '../support/posix-regex.js';
import { RedisServer, skipWithoutRedis } from '../support/redis-server.js';
import { createShiftedClock } from '../support/shifted-clock.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { letTimePass, patient, startSharer, type SharedStore } from './shared-site.js';
import { deliver } from './smtp-session.js';

const minute = 60_000;

/** Makes each record one of a version that is yet to come: the byte behind the store's five, or a field. */
const MAKE_NEWER = `for _, key in ipairs(redis.call('KEYS', '*')) do
  local value = redis.call('GET', key)
  local newer = string.gsub(value, '"version":%d+', '"version":99', 1)
  if newer == value then newer = string.sub(value, 1, 5) .. string.char(99) .. string.sub(value, 7) end
  redis.call('SET', key, newer, 'KEEPTTL')
end`;

const HASHES = `local hashes = {}
for _, key in ipairs(redis.call('KEYS', '*')) do
  hashes[#hashes + 1] = redis.sha1hex(key) .. ' ' .. redis.sha1hex(redis.call('GET', key))
end
table.sort(hashes)
return hashes`;

async function run(...args: readonly string[]): Promise<string> {
  const output = new RecordingOutput();
  assert.equal(await runCommandLine(args, output), 0, output.errors);
  return output.printed;
}

describe(
  'daemons of two versions on one server',
  { skip: skipWithoutRedis() || skipWithoutCompiler() },
  () => {
    test('the older one leaves what the newer one writes, and goes on with all else', async (t) => {
      const cleanUps = lastFirst(t);
      const clock = createShiftedClock(cleanUps);
      const server = await RedisServer.start(cleanUps, { environment: clock.environment });
      const store: SharedStore = { url: `redis://${server.address}`, clock };
      const overrides = [...patient, 'local-domains=[example.org]', 'statistics.keep=7d'];
      const daemon = await startSharer(cleanUps, store, { overrides });
      /** Everything that writes: a new pair, its pass, which counts for the client, and mail of our own. */
      const mail = async (): Promise<void> => {
        await deliver(daemon, { from: 'a@x.example' });
        letTimePass([daemon], store, 4 * minute);
        await deliver(daemon, { from: 'a@x.example' });
        await deliver(daemon, { from: '' });
        const login = { '{auth_authen}': 'bob' };
        await deliver(daemon, { from: 'bob@example.org', to: ['joe@y.example'], macros: login });
      };
      await mail();
      await daemon.stop();
      const kinds = new Set(
        (await server.command('KEYS', '*')).split('\n').map((key) => key.slice(0, 4)),
      );
      assert.deepEqual([...kinds].sort(), ['gm.a', 'gm.c', 'gm.n', 'gm.p', 'gm.r', 'gm.s']);
      const file = join(createTempDirectory(cleanUps), 'ours.jsonl');
      await run('export', '--store', store.url, '--output', file);
      await server.command('EVAL', MAKE_NEWER, '0');
      const newer = await server.command('EVAL', HASHES, '0');
      await daemon.start();
      const from = daemon.decisions.length;
      await mail();
      const reasons = daemon.decisions.slice(from).map(({ reason }) => reason);
      assert.deepEqual(reasons.slice(0, 2), ['store-unavailable', 'store-unavailable']);
      assert.equal((await deliver(daemon, { from: 'b@x.example' })).rcpt.join().slice(0, 3), '451');
      await daemon.stop();
      // Nor does what it has exported before take the place of anything.
      await run('import', file, '--store', store.url);
      const now = (await server.command('EVAL', HASHES, '0')).split('\n');
      for (const line of newer.split('\n')) assert.ok(now.includes(line), 'a record was changed');
      // It says so, of each kind.
      for (const message of [
        'store cannot be read',
        'record cannot be read',
        'expected replies cannot be read',
        'statistics cannot be stored',
      ])
        daemon.logger.takeAll(message);
    });
  },
);
