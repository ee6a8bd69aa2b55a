import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { untilCollected } from '../support/garbage.js';
import { MtaPeer } from '../support/mta-peer.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';
import { reloadUnderLoad, rulesText, versionIn } from './reload-load.js';
import { openSession, tryRecipient } from './smtp-session.js';

const versions = 300;
const clients = 6;
const manyEntries = 500;

/** What the test itself has kept of it. */
function forgetLog({ logger }: TestDaemon): void {
  for (const kept of [logger.decisions, logger.entries, logger.reconfigured]) kept.length = 0;
}

describe('reloads under load', () => {
  test('lose no session, mix no versions and leave nothing behind', async (t) => {
    const directory = createTempDirectory(t);
    const daemon = await startTestDaemon(t, { text: rulesText(directory, 0, manyEntries) });
    const path = join(daemon.directory, 'milter.sock');
    const steady = await MtaPeer.connect({ path });
    t.after(() => steady.drop());
    await openSession(steady);

    const programs: WeakRef<object>[] = [];
    const reload = async (version: number): Promise<void> => {
      programs.push(new WeakRef(daemon.daemon.ruleSet.program));
      await daemon.reload({ text: rulesText(directory, version, manyEntries) });
      forgetLog(daemon);
    };
    const effort = { versions, clients, pauseMs: 0 };
    const sessions = await reloadUnderLoad(path, effort, reload);
    assert.ok(sessions > clients, `only ${sessions} sessions`);
    // The rules of the last sessions go too, though no other session comes to take new ones.
    await reload(versions + 1);
    // The session that was open all the time has the rules that it began with, the list included.
    await steady.mail('<alice@client.example>');
    assert.equal(versionIn(await tryRecipient(steady, 'a@example.org')), 0);
    assert.equal(await untilCollected(programs, 1), 1, 'only the rules of that session are left');
    await steady.quit();
    await waitUntil(() => daemon.daemon.connections === 0, 'the session has ended');
    assert.equal(await untilCollected(programs, 0), 0, 'no rules of earlier versions are left');
  });
});
