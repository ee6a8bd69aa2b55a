import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { skipWithout } from '../support/mta/availability.js';
import { skipWithoutCompiler } from '../support/posix-regex.js';
import { skipWithoutRedis } from '../support/redis-server.js';
import { skipWithoutNamespaces } from '../support/test-network.js';
import { waitUntil } from '../support/wait-until.js';
import { startTwoMxHosts, type MxHost, type TwoMxHosts } from './two-mx-rig.js';

const minute = 60_000;

/** Debian has Valkey from 13 on, and each CI machine one of its releases. */
const programs = ['redis-server', 'valkey-server'].filter(
  (program) => spawnSync(program, ['--version']).error === undefined,
);

const skip =
  skipWithout('postfix') || skipWithoutRedis() || skipWithoutNamespaces() || skipWithoutCompiler();

/** A decision is logged behind its answer, and read through a pipe: the sender's log may be sooner. */
async function assertReasons(host: MxHost, reasons: readonly string[]): Promise<void> {
  await waitUntil(() => host.reasons().length >= reasons.length, 'the decisions are logged');
  assert.deepEqual(host.reasons(), reasons);
}

for (const program of programs.length > 0 ? programs : ['redis-server']) {
  describe(`two MX hosts on one ${program}, set up as README.md says`, { skip }, () => {
    const cleanUps: (() => void | Promise<void>)[] = [];
    let rig: TwoMxHosts | undefined;
    const site = (): TwoMxHosts => {
      assert.ok(rig);
      return rig;
    };
    before(async () => {
      rig = await startTwoMxHosts({ after: (stop) => cleanUps.unshift(stop) }, program);
    });
    after(async () => {
      for (const cleanUp of cleanUps) await cleanUp();
    });

    test('a sender that tries the first and then the second waits once', async () => {
      const { sender, first, second, store } = site();
      await sender.submit('joe@client.example', 'user1@local.test');
      // Of one run, in which it has tried both.
      await waitUntil(() => /status=deferred/.test(sender.log()), 'the sender has been put off');
      await assertReasons(first, ['greylist-new']);
      await assertReasons(second, ['greylist-early']);
      store.clock.advance(4 * minute);
      await store.letEverybodyReconnect();
      await Promise.all([first.knowsStoreAgain(), second.knowsStoreAgain()]);
      await sender.retry();
      await waitUntil(() => /status=sent/.test(sender.log()), 'the mail has been taken');
      await assertReasons(first, ['greylist-new', 'greylist-passed']);
      await assertReasons(second, ['greylist-early']);
      const [, delayed] = /greylist-passed.* delayed=(\d+)/.exec(first.log()) ?? [];
      // By the store's clock alone; how long the machine took comes on top.
      assert.ok(Number(delayed) >= 240, delayed);
    });

    test('whoever has passed at one is known at the other', async () => {
      const { sender, first, second } = site();
      await first.stopMta();
      await sender.submit('joe@client.example', 'user1@local.test');
      await waitUntil(
        () => sender.log().match(/status=sent/g)?.length === 2,
        'the second host has taken the mail',
      );
      await assertReasons(second, ['greylist-early', 'greylist-known']);
    });

    test('nobody else reaches the store, and without the password it says nothing', async () => {
      const { store } = site();
      assert.match(await store.askFrom('first', ['PING']), /NOAUTH/);
      assert.match(await store.askFrom('stranger', ['PING']), /^(not connected|Could not connect)/);
    });

    test("greymilter's own user may do nothing to the server", async () => {
      const { store } = site();
      assert.equal(await store.askAsGreymilter(['PING']), 'PONG');
      for (const command of [
        ['FLUSHALL'],
        ['CONFIG', 'GET', '*'],
        ['GET', 'theirs'],
        ['KEYS', '*'],
      ])
        assert.match(await store.askAsGreymilter(command), /NOPERM/);
    });
  });
}
