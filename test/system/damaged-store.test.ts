import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { garbleLargestTable } from '../contract/level-rig.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import {
  runGreymilter,
  startGreymilter,
  type GreymilterProcess,
} from '../support/daemon-process.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { openSession, recipient, sendMail, tryRecipient, waitFor } from './smtp-session.js';

const delayMs = 180_000;
const senders = Array.from({ length: 1500 }, (_, index) => `sender${index}@client.example`);

/** What each sender is told, one message each. */
async function sendAll(daemon: TestDaemon): Promise<ReadonlySet<string>> {
  const peer = await daemon.connect();
  await openSession(peer);
  const told = new Set<string>();
  for (const sender of senders) {
    await peer.mail(`<${sender}>`);
    told.add(await tryRecipient(peer, recipient));
    peer.abort();
  }
  peer.drop();
  return told;
}

describe('a table that is damaged where nobody looks at the start', () => {
  for (const [onFailure, answers] of [
    ['accept', ['continue']],
    ['tempfail', ['continue', 'tempfail']],
  ] as const) {
    test(`store.on-failure: ${onFailure} for whom it concerns, and no other`, async (t) => {
      const daemon = await startTestDaemon(t, { overrides: [`store.on-failure=${onFailure}`] });
      assert.deepEqual(await sendAll(daemon), new Set([waitFor(180)]));
      // Twice, so that what the store says of itself also stands in a newer, sound table.
      for (let times = 0; times < 2; times++) {
        await daemon.stop();
        if (times === 1) garbleLargestTable(join(daemon.directory, 'db'));
        await daemon.start();
      }
      daemon.clock.advance(delayMs);
      daemon.takeDecisions();
      assert.deepEqual([...(await sendAll(daemon))].sort(), answers);
      const reasons = new Set(daemon.decisions.map(({ reason }) => reason));
      assert.deepEqual([...reasons].sort(), ['greylist-passed', 'store-unavailable']);
      const { level, fields } = daemon.logger.take('store cannot be read');
      assert.deepEqual([level, fields['code']], ['error', 'STORE_DAMAGED']);
      assert.match(String(fields['error']), /greymilter repair/);
    });
  }
});

interface Site {
  readonly directory: string;
  readonly store: string;
  readonly serve: () => GreymilterProcess;
}

function createSite(t: TestContext): Site {
  const directory = createTempDirectory(t);
  const store = join(directory, 'db');
  const listen = `unix:${join(directory, 'milter.sock')}`;
  const args = ['--listen', listen, '--store', store, '--set', 'limits.drain=0s'];
  return { directory, store, serve: () => startGreymilter(t, args) };
}

/** The answer to one mail, always the same. */
async function ask(greymilter: GreymilterProcess): Promise<string> {
  const [address = ''] = await greymilter.ready();
  const peer = await greymilter.connect(address);
  await openSession(peer);
  const told = await sendMail(peer);
  peer.drop();
  return told.rcpt.join();
}

async function stop(greymilter: GreymilterProcess): Promise<void> {
  greymilter.kill('SIGTERM');
  assert.equal((await greymilter.ending).code, 0);
}

/** A store that knows one triplet and cannot be opened. */
async function damage(site: Site): Promise<void> {
  const greymilter = site.serve();
  assert.equal(await ask(greymilter), waitFor(180));
  await stop(greymilter);
  rmSync(join(site.store, 'CURRENT'));
}

describe('greymilter repair', () => {
  test('makes a store whole that the daemon refuses, and keeps the damaged one', async (t) => {
    const site = createSite(t);
    await damage(site);
    const refused = await site.serve().ending;
    assert.equal(refused.code, 69);
    assert.match(refused.stderr, /CURRENT is missing.*Nothing was deleted.*"greymilter repair"/);

    for (const [option, exitCode] of [
      ['--dry-run', 0],
      ['--json', 64],
    ] as const) {
      const asked = await runGreymilter(['repair', option, '--store', site.store]);
      assert.equal(asked.code, exitCode, asked.stderr);
      const told = exitCode === 0 ? asked.stdout : asked.stderr;
      assert.match(
        told,
        /is damaged; nothing was changed|can be kept: repair it\? Nobody can be asked/,
      );
    }
    const { code, stdout, stderr } = await runGreymilter([
      'repair',
      '--yes',
      '--store',
      site.store,
    ]);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /found: +CURRENT: it is missing/);
    // The triplet, and what happened in the hour; two of these if the clock has just struck.
    assert.match(stdout, /kept: +[23] of about [23] records,/);
    const [, aside = ''] = / kept, file by file as it was, in (\S+);/.exec(stdout) ?? [];
    assert.ok(readdirSync(aside).some((name) => /^\d+\./.test(name)));
    const greymilter = site.serve();
    // Who is new is told so; how much of the delay is left depends on the machine.
    await ask(greymilter);
    assert.match(await greymilter.logged(/ verdict=/), / reason=greylist-early /);

    const locked = await runGreymilter(['repair', '--yes', '--store', site.store]);
    assert.equal(locked.code, 69);
    assert.match(locked.stderr, /is in use by another process/);
    await stop(greymilter);
    const sound = await runGreymilter(['repair', '--yes', '--store', site.store]);
    assert.equal(sound.code, 0);
    const json = await runGreymilter(['repair', '--json', '--store', site.store]);
    assert.match(json.stdout, /^\{"store":".*","kind":"sound","records":[23],"bytes":\d+\}\n$/);
    assert.match(sound.stdout, /is sound, nothing was changed:\n {2}[23] records, \d+ bytes\n$/);
  });

  test('--start-empty forgets everybody, and keeps the old one', async (t) => {
    const site = createSite(t);
    await damage(site);
    const { code, stdout } = await runGreymilter([
      ...['repair', '--start-empty', '--yes', '--store', site.store],
    ]);
    assert.equal(code, 0);
    assert.match(stdout, /is empty now.*\n.* in \S+db\.aside-\d{8}T\d{6}Z;/);
    const greymilter = site.serve();
    assert.equal(await ask(greymilter), waitFor(180));
    assert.match(await greymilter.logged(/ verdict=/), / reason=greylist-new /);
    await stop(greymilter);
  });

  test('says what is wrong with a place that is no store', async (t) => {
    const { directory } = createSite(t);
    const { code, stderr } = await runGreymilter(['repair', '--store', join(directory, 'none')]);
    assert.equal(code, 69);
    assert.match(stderr, /is not a greymilter store: there is no such directory/);
  });
});
