import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runMilter } from '../../scripts/benchmark/milter-load.js';
import { runPolicy } from '../../scripts/benchmark/policy-load.js';
import { LoadProcess, startSubject } from '../../scripts/benchmark/processes.js';
import { lastFirst } from '../support/clean-ups.js';
import type { AsyncCleanUp } from '../support/dns-server.js';
import { createTempDirectory } from '../support/temp-directory.js';

const floor = fileURLToPath(new URL('../../scripts/benchmark/floor.mjs', import.meta.url));

const order = { path: '/nowhere', sessions: 1, atOnce: 1, first: 0, triplets: 1 };
const any = { ...order, expected: 'any' as const };

/** The filter that does nothing, at a path of its own. */
async function startFloor(t: AsyncCleanUp): Promise<string> {
  const cleanUps = lastFirst(t);
  const path = join(createTempDirectory(cleanUps), 'floor.sock');
  const subject = await startSubject('floor', path, [floor, path]);
  cleanUps.after(() => subject.stop());
  return path;
}

test('the load of scripts/bench notes how long each recipient of a message waited', async (t) => {
  const path = await startFloor(t);
  const ten = { ...any, path, sessions: 6, atOnce: 2, triplets: 6, recipients: 10 };
  const { took, sessionTook } = await runMilter(ten);
  assert.deepEqual([took.length, sessionTook.length], [60, 6]);
  assert.ok([...took, ...sessionTook].every((microseconds) => microseconds > 0));
});

test('requests of the policy protocol at a steady rate do not wait for each other', async (t) => {
  const path = join(createTempDirectory(t), 'policy.sock');
  const waiting: Socket[] = [];
  // Answers none before it has been asked over as many connections as there are requests.
  const service = createServer((socket) => {
    socket.once('data', () => {
      waiting.push(socket);
      if (waiting.length === 5) for (const each of waiting) each.write('action=DUNNO\n\n');
    });
  }).listen(path);
  t.after(() => service.close());
  const five = { path, requests: 5, connections: 1, first: 0, triplets: 5, expected: 'DUNNO' };
  const { took } = await runPolicy({ ...five, rate: 1000 });
  assert.equal(took.length, 5);
  assert.ok(took.every((microseconds) => microseconds > 0));
});

describe('the load process of scripts/bench', () => {
  test('rejects what is asked of it if it cannot be started', async () => {
    const load = new LoadProcess('/nowhere/node');
    await assert.rejects(load.run(any), /^Error: the load process: spawn \/nowhere\/node ENOENT/);
    await assert.rejects(load.run(any), /^Error: the load process: spawn \/nowhere\/node ENOENT/);
  });

  test('begins no other session of a turn when it is told that it is enough', async (t) => {
    const path = await startFloor(t);
    const load = new LoadProcess();
    t.after(() => {
      load.stop();
    });
    const steady = { ...any, path, sessions: 100_000, triplets: 100_000, rate: 50 };
    const { seconds } = await load.run(steady, pause(1000));
    assert.ok(seconds < 60, String(seconds));
    // That was told to the turn before, and not to this one.
    await load.run({ ...any, path });
  });

  test('rejects it if it has ended', async () => {
    const load = new LoadProcess('/bin/true');
    await assert.rejects(load.run(any), /^Error: the load process/);
    await assert.rejects(load.run(any), /^Error: the load process/);
  });
});
