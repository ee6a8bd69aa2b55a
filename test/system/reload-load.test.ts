import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { MtaPeer } from '../support/mta-peer.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { waitUntil } from '../support/wait-until.js';
import { reloadUnderLoad, rulesText, versionIn } from './reload-load.js';
import { openSession, tryRecipient } from './smtp-session.js';

const clients = 6;
const manyEntries = 500;

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
}

/** How many of the programs are still in memory, once those that are not needed have gone. */
async function untilCollected(
  programs: readonly WeakRef<object>[],
  atMost: number,
): Promise<number> {
  let alive = programs.length;
  // What a turn has looked at stays until its end; some things go in two steps.
  for (let turns = 0; turns < 20 && alive > atMost; turns++) {
    await nextTurn();
    collectGarbage();
    alive = programs.filter((program) => program.deref() !== undefined).length;
  }
  return alive;
}

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
    const sessions = await reloadUnderLoad(
      path,
      { versions: 300, clients, pauseMs: 0 },
      async (version) => {
        programs.push(new WeakRef(daemon.daemon.ruleSet.program));
        await daemon.reload({ text: rulesText(directory, version, manyEntries) });
        forgetLog(daemon);
      },
    );
    assert.ok(sessions > clients, `only ${sessions} sessions`);
    // The session that was open all the time has the rules that it began with, the list included.
    await steady.mail('<alice@client.example>');
    assert.equal(versionIn(await tryRecipient(steady, 'a@example.org')), 0);
    assert.equal(await untilCollected(programs, 1), 1, 'only the rules of that session are left');
    await steady.quit();
    await waitUntil(() => daemon.daemon.connections === 0, 'the session has ended');
    assert.equal(await untilCollected(programs, 0), 0, 'no rules of earlier versions are left');
  });
});
