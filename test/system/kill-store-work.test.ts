import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { runCommandLine } from '../../src/cli/command-line.js';
import { openLevelStore } from '../../src/store/level-store.js';
import { repairLevelStore } from '../../src/store/repair-level-store.js';
import { storeMails, type SampleMail } from '../browser/sample-store.js';
import { GreymilterProcess, startGreymilter } from '../support/daemon-process.js';
import { createRandom, seedOfTest } from '../support/seeded-random.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';

/** So many that each work takes some tenths of a second. */
const records = 8000;
const rounds = 3;
/** Longer than a work takes as a rule, so that some come to their end. */
const longestMs = 700;

const mail = (index: number): SampleMail => ({
  sender: `user${index}@sender.example`,
  recipient: 'user@local.example',
  client: '192.0.2.25',
  minutesAgo: 1,
});

/** Puts some of the mails into a store, which is made if it is missing. */
async function put(path: string, first: number, count: number): Promise<void> {
  const now = Date.now();
  const store = await openLevelStore({ path, durability: 'process', clock: { now: () => now } });
  try {
    const mails = Array.from({ length: count }, (_, index) => mail(first + index));
    await storeMails(store, mails, now);
  } finally {
    await store.close();
  }
}

/** How many records there are; each can be read. */
async function countIn(path: string): Promise<number> {
  const now = Date.now();
  const store = await openLevelStore({ path, durability: 'process', clock: { now: () => now } });
  try {
    let found = 0;
    for await (const [, { value }] of store.scan()) found += value.length > 0 ? 1 : 0;
    return found;
  } finally {
    await store.close();
  }
}

async function run(...args: readonly string[]): Promise<{ code: number; errors: string }> {
  const output = new RecordingOutput();
  return { code: await runCommandLine(args, output), errors: output.errors };
}

/** Kills a process some time after something with such a name is in a directory, or lets it end. */
async function killOnceThere(
  victim: GreymilterProcess,
  directory: string,
  pattern: RegExp,
  afterMs: number,
): Promise<void> {
  const before = new Set(readdirSync(directory));
  const isThere = (): boolean =>
    readdirSync(directory).some((name) => !before.has(name) && pattern.test(name));
  const ended = new AbortController();
  const ending = victim.ending.finally(() => ended.abort());
  while (!ended.signal.aborted && !isThere()) await pause(1);
  await Promise.race([pause(afterMs), ending]);
  victim.kill('SIGKILL');
  await ending;
}

/** A store, and a directory for a backup of it. */
async function prepare(t: TestContext) {
  const directory = createTempDirectory(t);
  const store = join(directory, 'db');
  await put(store, 0, records);
  return { directory, store, random: createRandom(seedOfTest(t)) };
}

describe('killed at any moment', () => {
  test('a backup is whole or not there, and the store is as it was', async (t) => {
    const { directory, store, random } = await prepare(t);
    const file = join(directory, 'backup.jsonl.gz');
    let last: Buffer | undefined;
    for (let round = 0; round < rounds; round++) {
      const victim = new GreymilterProcess(['backup', file, '--store', store]);
      await killOnceThere(victim, directory, /^\.greymilter-/, random() * longestMs);
      const now = existsSync(file) ? readFileSync(file) : undefined;
      if (now?.equals(last ?? Buffer.alloc(0)) === false) {
        const { code, errors } = await run('restore', file, '--store', store, '--dry-run');
        assert.equal(code, 0, errors);
      } else assert.deepEqual(now, last, 'the one before is still there');
      last = now;
      assert.equal(await countIn(store), records);
    }
    assert.equal((await run('backup', file, '--store', store)).code, 0);
  });

  test('a restore leaves the old store or the new one', async (t) => {
    const { directory, store, random } = await prepare(t);
    const file = join(directory, 'backup.jsonl');
    assert.equal((await run('backup', file, '--store', store)).code, 0);
    for (let round = 0; round < rounds; round++) {
      await put(store, records + round, 1);
      const victim = new GreymilterProcess(['restore', file, '--store', store, '--yes']);
      await killOnceThere(victim, directory, /^db\.restore-/, random() * longestMs);
      const found = await countIn(store);
      assert.ok(found >= records && found <= records + round + 1, `${found} records`);
    }
    const done = await run('restore', file, '--store', store, '--yes');
    assert.equal(done.code, 0, done.errors);
    assert.equal(await countIn(store), records);
    const left = readdirSync(directory).filter((name) => /restore-|exchange/.test(name));
    assert.deepEqual(left, []);
  });

  test('a filter takes a backup with it that it is asked for, and not its store', async (t) => {
    const { directory, store, random } = await prepare(t);
    const file = join(directory, 'backup.jsonl');
    for (let round = 0; round < 2; round++) {
      const socket = join(directory, `milter${round}.sock`);
      const admin = `unix:${join(directory, 'admin.sock')}`;
      const daemon = startGreymilter(t, [
        ...['--listen', `unix:${socket}`, '--store', store, '--set', `listen.admin=${admin}`],
      ]);
      await daemon.ready();
      const asked = run('backup', file, '--store', store, '--set', `listen.admin=${admin}`);
      await killOnceThere(daemon, dirname(file), /^\.greymilter-/, random() * 100);
      const { code, errors } = await asked;
      // With a filter that was quick it is done; the next round begins without it.
      if (code === 0) {
        rmSync(file);
        continue;
      }
      assert.equal(code, 69, errors);
      assert.match(errors, /cut its answer short.* Nothing was written: do it again\n$/);
      assert.ok(!existsSync(file), 'half a backup has no name');
    }
    assert.ok((await countIn(store)) >= records);
    assert.equal((await repairLevelStore(store, Date.now())).kind, 'sound');
  });
});
