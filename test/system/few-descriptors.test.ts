import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openFiles } from '../support/open-files.js';
import { waitUntil } from '../support/wait-until.js';
import { notAsked, openSession, recipient, tryRecipient } from './smtp-session.js';
import { countLines, StoreSite, type ServedSite } from './store-site.js';

const descriptors = 256;

/** Opens connections with a session each until the filter closes one; returns how to end them. */
async function crowd(served: ServedSite): Promise<{ count: number; leave: () => void }> {
  const leaving: (() => void)[] = [];
  const leave = (): void => leaving.forEach((drop) => drop());
  for (let count = 0; count < 2 * descriptors; count++) {
    const peer = await served.connect();
    leaving.push(() => peer.drop());
    try {
      await openSession(peer);
    } catch {
      return { count, leave };
    }
  }
  leave();
  throw new Error('it has more descriptors than it was given');
}

/** Those who have left are noticed one by one. */
async function untilFiltered(served: ServedSite, sender: string): Promise<void> {
  const giveUpAt = performance.now() + 60_000;
  while (performance.now() < giveUpAt) {
    const peer = await served.connect();
    // A session that is closed, or passes unasked, has no decision.
    const asked = await openSession(peer).then(
      () => peer.mail(`<${sender}@client.example>`).then(() => tryRecipient(peer, recipient)),
      () => notAsked,
    );
    peer.drop();
    if (asked !== notAsked) return;
    await pause(50);
  }
  throw new Error(`nobody is filtered any more: ${served.process.log}`);
}

test('few file descriptors: fewer are filtered, more pass, and the store keeps its own', async (t) => {
  const startedAt = performance.now();
  const site = new StoreSite(t);
  const enter = ['prlimit', `--nofile=${descriptors}`];
  const served = await site.serve({ machine: { enter } });
  const { log, pid } = served.process;
  assert.match(log, / warn "?too few file descriptors for limits\.connections: raise LimitNOFILE /);
  const first = await served.connect();
  await openSession(first);
  assert.equal(await served.sendOn(first, 'early'), 'greylist-new');

  for (let round = 0; round < 2; round++) {
    const { count, leave } = await crowd(served);
    assert.ok(count > descriptors / 2, `${count} sessions`);
    const open = readdirSync(`/proc/${pid}/fd`).length;
    assert.ok(open < descriptors - 8, `${open} are open`);
    assert.equal(await served.sendOn(first, 'early'), 'greylist-early');
    assert.equal(await served.sendOn(first, `amid${round}`), 'greylist-new');
    if (round === 0) {
      const status = await site.run('status');
      assert.equal(status.code, 0, status.stderr);
      assert.match(status.stdout, /too many connections, some pass/);
    }
    leave();
    await untilFiltered(served, `after${round}`);
  }
  const minutes = Math.ceil((performance.now() - startedAt) / 60_000) + 1;
  for (const line of [
    / warn "?more connections than limits\.connections: sessions pass /,
    / warn "?far more connections than limits\.connections: closed/,
  ]) {
    const times = countLines(served.process.log, line);
    assert.ok(times >= 1 && times <= minutes, `${times} times; it is said once a minute at most`);
  }
  assert.equal(countLines(served.process.log, / error /), 0);
  first.drop();
  await served.stop();
});

for (const [limit, held] of [
  [1024, 1],
  [256, 0],
] as const) {
  test(`of ${limit} file descriptors ${held} is for the log that LevelDB will delete`, async (t) => {
    const site = new StoreSite(t);
    const served = await site.serve({ machine: { enter: ['prlimit', `--nofile=${limit}`] } });
    const { pid } = served.process;
    const logs = (): number =>
      openFiles(pid).filter((path) => path.startsWith(site.store) && /\/\d+\.log$/.test(path))
        .length;
    const peer = await served.connect();
    await openSession(peer);
    assert.equal(await served.sendOn(peer, 'first'), 'greylist-new');
    if (held > 0) await waitUntil(() => logs() > 1, 'it is held');
    else await pause(700);
    // LevelDB has it open itself.
    assert.equal(logs(), held + 1);
    peer.drop();
    await served.stop();
  });
}

test('too few file descriptors to load the program: it says so, without a stack trace', () => {
  const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
  const start = (limit: number): readonly [status: number | null, said: string] => {
    const command = [`--nofile=${limit}`, process.execPath, program, '--version'];
    const { status, stdout, stderr } = spawnSync('prlimit', command, { encoding: 'utf8' });
    return [status, stdout + stderr];
  };
  const [status, said] = start(28);
  // Node.js 24 opens one file after the other, 20 some twenty at a time.
  const isLoaded = status === 0;
  assert.match(said, isLoaded ? /^\d+\.\d+\.\d+\n$/ : /^greymilter: too few .* 256 or more\n$/);
  assert.equal(status, isLoaded ? 0 : 69);
  if (process.version.startsWith('v20.')) assert.equal(isLoaded, false);
  assert.match(start(256)[1], /^\d+\.\d+\.\d+\n$/);
});
