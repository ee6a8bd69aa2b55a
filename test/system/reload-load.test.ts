import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { startGreymilter } from '../support/daemon-process.js';
import { MtaPeer } from '../support/mta-peer.js';
import { createTempDirectory, type CleanUp } from '../support/temp-directory.js';
import { openSession, sendMail, tryRecipient } from './smtp-session.js';

const clients = 6;
const listEntries = 500;

/** The rules of this version: what every client is told shows it. */
function rulesText(directory: string, version: number): string {
  const others = Array.from(
    { length: listEntries },
    (_, index) => `10.${version % 256}.${index >> 8}.${index & 255}\n`,
  );
  writeFileSync(join(directory, 'clients.txt'), `192.0.2.1\n${others.join('')}`);
  return `trusted: []
lists: {everybody: {clients: [{file: '${join(directory, 'clients.txt')}'}]}}
rules: [{when: {client: 'list:everybody'}, then: reject, text: "version ${version}"}]
`;
}

/** Versions that were asked for, and those that a new session gets at least. */
interface Progress {
  begun: number;
  done: number;
  isOver: boolean;
}

/** The version that a refusal shows. */
function versionIn(reply: string | undefined): number {
  const [, version] = /^550 5\.7\.1 version (\d+)$/.exec(reply ?? '') ?? [];
  assert.ok(version !== undefined, `told "${reply ?? 'nothing'}"`);
  return Number(version);
}

/** Sessions one after the other, each under one version only, and none older than it may be. */
async function comeAndGo(path: string, progress: Progress): Promise<number> {
  let sessions = 0;
  for (; !progress.isOver; sessions++) {
    const oldest = progress.done;
    const peer = await MtaPeer.connect({ path });
    await openSession(peer);
    const { rcpt } = await sendMail(peer, { to: ['a@example.org', 'b@example.org'] });
    await nextTurn();
    const [last] = (await sendMail(peer, { to: ['c@example.org'] })).rcpt;
    const versions = [...rcpt, last].map(versionIn);
    assert.equal(new Set(versions).size, 1, `one session was told ${versions.join(', ')}`);
    const [version = -1] = versions;
    assert.ok(version >= oldest && version <= progress.begun, `${version}, not from ${oldest}`);
    await peer.quit();
  }
  return sessions;
}

/** Reloads one after the other while clients come and go; resolves to how many sessions there were. */
async function reloadUnderLoad(
  path: string,
  versions: number,
  reload: (version: number) => Promise<void>,
): Promise<number> {
  const progress: Progress = { begun: 0, done: 0, isOver: false };
  const load = Promise.all(Array.from({ length: clients }, () => comeAndGo(path, progress)));
  const reloads = async (): Promise<void> => {
    try {
      for (let version = 1; version <= versions; version++) {
        progress.begun = version;
        await reload(version);
        progress.done = version;
      }
    } finally {
      progress.isOver = true;
    }
  };
  const [sessions] = await Promise.all([load, reloads()]);
  return sessions.reduce((sum, count) => sum + count, 0);
}

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
    const daemon = await startTestDaemon(t, { text: rulesText(directory, 0) });
    const path = join(daemon.directory, 'milter.sock');
    const steady = await MtaPeer.connect({ path });
    t.after(() => steady.drop());
    await openSession(steady);

    const programs: WeakRef<object>[] = [];
    const sessions = await reloadUnderLoad(path, 300, async (version) => {
      programs.push(new WeakRef(daemon.daemon.ruleSet.program));
      await daemon.reload({ text: rulesText(directory, version) });
      forgetLog(daemon);
    });
    assert.ok(sessions > clients, `only ${sessions} sessions`);
    // The session that was open all the time has the rules that it began with, the list included.
    await steady.mail('<alice@client.example>');
    assert.equal(versionIn(await tryRecipient(steady, 'a@example.org')), 0);
    assert.equal(await untilCollected(programs, 1), 1, 'only the rules of that session are left');
    await steady.quit();
    assert.equal(await untilCollected(programs, 0), 0, 'no rules of earlier versions are left');
  });

  test('by SIGHUP: every one of them is done, and no session is lost', async (t) => {
    const cleanUps: (() => Promise<void> | void)[] = [];
    const cleanUp = { after: (stop: Parameters<CleanUp['after']>[0]) => cleanUps.unshift(stop) };
    t.after(async () => {
      for (const stop of cleanUps) await stop();
    });
    const directory = createTempDirectory(cleanUp);
    const file = join(directory, 'greymilter.yaml');
    const path = join(directory, 'milter.sock');
    const write = (version: number): void => {
      writeFileSync(
        file,
        `listen: {milter: 'unix:${path}'}
store: {url: 'level:${join(directory, 'db')}'}
log: {level: info, to: 'file:${join(directory, 'log')}'}
${rulesText(directory, version)}`,
      );
    };
    write(0);
    const greymilter = startGreymilter(cleanUp, ['--config', file], {
      logFile: join(directory, 'log'),
    });
    await greymilter.ready();
    await reloadUnderLoad(path, 40, async (version) => {
      write(version);
      const before = greymilter.log.length;
      greymilter.kill('SIGHUP');
      await greymilter.logged(/ configuration reloaded /, before);
    });
    assert.doesNotMatch(greymilter.log, / (warn|error) /);
    greymilter.kill('SIGTERM');
    assert.equal((await greymilter.ending).code, 0);
  });
});
