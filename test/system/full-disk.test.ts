import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, test, type TestContext } from 'node:test';
import type { OpenStore } from '../../src/daemon/stores/open-store.js';
import { openLevelStore } from '../../src/store/level-store.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { limitFiles } from '../support/limit-files.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { withSmallDisk, type SmallDisk } from '../support/small-disk.js';
import { withoutRights } from '../support/without-rights.js';
import { answerTo, recall, remember } from './four-histories.js';
import { waitFor } from './smtp-session.js';

const put = waitFor(180);

/** Opens the store in a place of its own. */
function storeIn(path: string): OpenStore {
  return ({ durability }, { clock, logger }) => openLevelStore({ path, durability, clock, logger });
}

/** Sends as somebody new, time and again, until the answer is `expected`; returns the others. */
async function sendUntil(daemon: TestDaemon, who: string, expected: string): Promise<string[]> {
  const others: string[] = [];
  const giveUpAt = performance.now() + 60_000;
  for (let index = 0; performance.now() < giveUpAt; index++) {
    const sender = `${who}${index}`;
    const answer = await answerTo(daemon, sender);
    if (answer === expected) return others;
    others.push(sender);
    // Once a second the store looks whether there is room again.
    await pause(10);
  }
  throw new Error(`nobody was told "${expected}" in time`);
}

async function outliveFullDisk(t: TestContext, disk: SmallDisk): Promise<void> {
  const daemon = await startTestDaemon(t, { openStore: storeIn(join(disk.path, 'db')) });
  await remember(daemon);
  disk.fill();
  // In the last block of its file there may be room for a few.
  const lastStored = await sendUntil(daemon, 'last', 'continue');
  assert.deepEqual(await recall(daemon), {
    new: 'continue',
    early: waitFor(90),
    matured: 'continue',
    known: 'continue',
  });
  disk.free();
  await sendUntil(daemon, 'again', put);
  for (const message of ['the store cannot be written', 'store cannot be written']) {
    assert.equal(daemon.logger.take(message).level, 'error');
  }
  assert.ok(daemon.logger.entries.some(({ message }) => message === 'the store is written again'));
  for (const sender of lastStored) assert.equal(await answerTo(daemon, sender), put);
  assert.equal(await answerTo(daemon, 'early'), waitFor(90));

  await daemon.stop();
  await daemon.start();
  for (const sender of lastStored) assert.equal(await answerTo(daemon, sender), put);
  assert.deepEqual(await recall(daemon, 'unheard-of'), {
    new: put,
    early: waitFor(90),
    matured: 'continue',
    known: 'continue',
  });
  // Before the disk goes, which would be told of.
  await daemon.stop();
}

describe('a full disk', () => {
  test('what is stored is still known, what is new passes, and all recovers', async (t) => {
    await withSmallDisk(t, import.meta.url, (disk) => outliveFullDisk(t, disk));
  });

  test('the same for a process that may not lengthen a file', async (t) => {
    t.after(() => limitFiles(false));
    await outliveFullDisk(t, {
      path: createTempDirectory(t),
      kind: 'limit',
      fill: () => limitFiles(true),
      free: () => limitFiles(false),
    });
  });

  test('at the start: the store is refused, and opens when there is room', async (t) => {
    await withSmallDisk(t, import.meta.url, async (disk) => {
      const openStore = storeIn(join(disk.path, 'db'));
      const daemon = await startTestDaemon(t, { openStore });
      await remember(daemon);
      await daemon.stop();
      disk.fill();
      await assert.rejects(daemon.start(), { code: 'STORE_UNAVAILABLE', message: /full disk/ });
      disk.free();
      await daemon.start();
      assert.equal(await answerTo(daemon, 'early'), waitFor(90));
      await daemon.stop();
    });
  });
});

describe('a store that may only be read', () => {
  test('on a read-only file system is refused', async (t) => {
    await withSmallDisk(t, import.meta.url, async (disk) => {
      if (disk.kind !== 'tmpfs') {
        const reason = 'no file system can be mounted here';
        assert.notEqual(process.env['CI'], 'true', reason);
        t.skip(reason);
        return;
      }
      const openStore = storeIn(join(disk.path, 'db'));
      const daemon = await startTestDaemon(t, { openStore });
      await remember(daemon);
      await daemon.stop();
      const remount = (mode: 'ro' | 'rw'): unknown =>
        spawnSync('mount', ['-o', `remount,bind,${mode}`, disk.path]).status;
      assert.equal(remount('ro'), 0);
      await assert.rejects(daemon.start(), {
        code: 'STORE_PERMISSION',
        message: /read-only.*dmesg/i,
      });
      assert.equal(remount('rw'), 0);
      await daemon.start();
      assert.equal(await answerTo(daemon, 'known'), 'continue');
      await daemon.stop();
    });
  });

  test('by its permissions is refused', async (t) => {
    await withoutRights(t, import.meta.url, async () => {
      const daemon = await startTestDaemon(t);
      await remember(daemon);
      await daemon.stop();
      const path = join(daemon.directory, 'db');
      for (const name of readdirSync(path)) chmodSync(join(path, name), 0o400);
      chmodSync(path, 0o500);
      await assert.rejects(daemon.start(), { code: 'STORE_PERMISSION' });
      chmodSync(path, 0o700);
      for (const name of readdirSync(path)) chmodSync(join(path, name), 0o600);
      await daemon.start();
      assert.equal(await answerTo(daemon, 'known'), 'continue');
    });
  });
});
