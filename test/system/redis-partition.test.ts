import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { lastFirst } from '../support/clean-ups.js';
import { startGreymilter } from '../support/daemon-process.js';
import type { MtaPeer } from '../support/mta-peer.js';
import { RedisServer, skipWithoutRedis } from '../support/redis-server.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { skipWithoutNamespaces, TestNetwork } from '../support/test-network.js';
import { waitUntil } from '../support/wait-until.js';
import { openSession, sendMail } from './smtp-session.js';

describe('a cable', { skip: skipWithoutRedis() || skipWithoutNamespaces() }, () => {
  test('that is pulled cuts one daemon off: its mail passes, and the other does its work', async (t) => {
    const cleanUps = lastFirst(t);
    const network = await TestNetwork.start(cleanUps);
    const server = await RedisServer.start(cleanUps, {
      machine: await network.addHost('203.0.113.30'),
      port: 6379,
      settings: { 'protected-mode': 'no' },
    });
    const hosts = [await network.addHost('203.0.113.21'), await network.addHost('203.0.113.22')];
    const directory = createTempDirectory(cleanUps);
    const [cut, other] = hosts.map((machine, at) => {
      const socket = `unix:${join(directory, `${at}.sock`)}`;
      const store = `redis://${server.address}`;
      const options = ['--listen', socket, '--store', store, '--set', 'listen.admin=null'];
      const daemon = startGreymilter(cleanUps, options, { machine });
      const ask = async (from: string): Promise<string> => {
        const peer: MtaPeer = await daemon.connect(socket);
        await openSession(peer);
        const { rcpt } = await sendMail(peer, { from });
        await peer.quit();
        return rcpt.join();
      };
      return { daemon, machine, ask };
    });
    assert.ok(cut && other);
    await Promise.all([cut.daemon.ready(), other.daemon.ready()]);
    assert.match(await cut.ask('a@x.example'), /^451 /);
    await cut.machine.cut();
    const startedAt = performance.now();
    assert.equal(await cut.ask('b@x.example'), 'continue');
    // A second is the store's time-out; the rest is for a machine that has much to do.
    assert.ok(performance.now() - startedAt < 20_000);
    assert.match(await other.ask('b@x.example'), /^451 /);
    assert.equal(await cut.ask('a@x.example'), 'continue');
    await cut.machine.join();
    let asked = 0;
    await waitUntil(
      async () => (await cut.ask(`c${asked++}@x.example`)).startsWith('451 '),
      'whoever is new waits again',
    );
    await cut.daemon.logged(/a server of the store is back/);
    // The other one has seen it meanwhile, and it has waited since then.
    assert.match(await cut.ask('b@x.example'), /^451 /);
    await cut.daemon.logged(/ reason=greylist-early .*from=<b@x\.example>/);
    for (const [message, times] of [
      [/ warn .*a server of the store is lost/, 1],
      [/a server of the store is back/, 1],
      [/ error .*store cannot be read/, 1],
    ] as const)
      assert.equal(cut.daemon.log.split('\n').filter((line) => message.test(line)).length, times);
    assert.doesNotMatch(other.daemon.log, /lost|cannot/);
  });
});
