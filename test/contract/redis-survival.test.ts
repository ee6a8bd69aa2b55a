import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RedisServer, skipWithoutRedis } from '../support/redis-server.js';
import { waitUntil } from '../support/wait-until.js';
import { kept, openOn, RECORDS, storeAll } from './acknowledged-records.js';

/** docs/scale.md has these as a table. */
const rows: readonly (readonly [
  name: string,
  settings: Readonly<Record<string, string>>,
  afterKill: number,
  afterStop: number,
])[] = [
  ['appendonly no, save ""', { appendonly: 'no', save: '' }, 0, 0],
  ['save 3600 1 300 100', { save: '3600 1 300 100' }, 0, RECORDS],
  ['appendfsync everysec', { appendonly: 'yes', appendfsync: 'everysec' }, RECORDS, RECORDS],
  ['appendfsync always', { appendonly: 'yes', appendfsync: 'always' }, RECORDS, RECORDS],
];

/**
 * Waits until the server has handed over to the system what it would keep: while the sync of a second before is
 * still going on it waits for that, up to two seconds.
 */
async function written(server: RedisServer): Promise<void> {
  await waitUntil(async () => {
    const waiting = /^aof_buffer_length:(\d+)/m.exec(await server.command('INFO', 'persistence'));
    return waiting === null || waiting[1] === '0';
  }, 'nothing is left to be written');
}

describe('what was acknowledged by a server', { skip: skipWithoutRedis() }, () => {
  for (const [name, settings, afterKill, afterStop] of rows)
    test(`with ${name}: ${afterKill} of ${RECORDS} outlive its being killed, ${afterStop} a stop`, async (t) => {
      const server = await RedisServer.start(t, { settings });
      for (const [end, expected] of [
        ['kill', afterKill],
        ['stop', afterStop],
      ] as const) {
        await storeAll(await openOn(t, server), end);
        await written(server);
        await server[end]();
        await server.restart();
        assert.equal(await kept(t, server, end), expected, end);
      }
    });
});
