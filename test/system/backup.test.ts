import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { runCommandLine } from '../../src/cli/command-line.js';
import { openLevelStore } from '../../src/store/level-store.js';
import { runGreymilter } from '../support/daemon-process.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { openSession, sendMail } from './smtp-session.js';

async function run(...args: readonly string[]): Promise<RecordingOutput & { code: number }> {
  const output = new RecordingOutput();
  const code = await runCommandLine(args, output);
  return Object.assign(output, { code });
}

async function send(daemon: TestDaemon, ...to: readonly string[]): Promise<void> {
  const peer = await daemon.connect();
  await openSession(peer);
  await sendMail(peer, { from: 'a@x.example', to });
  peer.drop();
}

/** Who is in a store, by recipient. */
async function listed(store: string): Promise<readonly string[]> {
  const { code, printed, errors } = await run('list', '--store', store, '--json');
  assert.deepEqual([code, errors], [0, '']);
  const lines = printed.split('\n').filter((line) => line !== '');
  // What the command prints.
  return lines.map((line) => (JSON.parse(line) as { recipient: string }).recipient).sort();
}

/** A daemon with two records that has been backed up, got a third, and writes its statistics when it stops. */
async function backedUp(t: TestContext, name = 'backup.jsonl') {
  const daemon = await startTestDaemon(t);
  const store = join(daemon.directory, 'db');
  const file = join(daemon.directory, name);
  await send(daemon, 'one@b.example', 'two@b.example');
  const made = await run('backup', file, '--store', store);
  assert.deepEqual([made.code, made.errors], [0, '']);
  assert.match(made.printed, /^2 records in .*; "greymilter restore --dry-run" verifies it\n$/);
  await send(daemon, 'three@b.example');
  return { daemon, store, file };
}

describe('backup and restore', () => {
  test('bring back exactly what there was, and keep what there is', async (t) => {
    const { daemon, store, file } = await backedUp(t);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal((await listed(store)).length, 3);
    await daemon.stop();
    const dry = await run('restore', file, '--store', store, '--dry-run');
    assert.match(
      dry.printed,
      /is whole: 2 records, of \S+Z, made by greymilter .*\. It would take the place of 3 records, and 1 of statistics in /,
    );
    assert.equal((await listed(store)).length, 3);
    const done = await run('restore', file, '--store', store, '--yes');
    assert.deepEqual([done.code, done.errors], [0, '']);
    assert.match(done.printed, /holds 2 records now\.\nThe old one is kept in \S+db\.aside-\S+;/);
    assert.deepEqual(await listed(store), ['one@b.example', 'two@b.example']);
    const aside = readdirSync(daemon.directory).find((each) => each.includes('aside')) ?? '';
    assert.equal((await listed(join(daemon.directory, aside))).length, 3);
    assert.deepEqual(
      readdirSync(daemon.directory).filter((each) => /restore|\.greymilter/.test(each)),
      [],
    );
    await daemon.start();
    await send(daemon, 'one@b.example');
    assert.deepEqual(daemon.takeDecisions().at(-1), 'tempfail greylist-early <one@b.example>');
  });

  test('go to a machine that has no store yet, compressed', async (t) => {
    const { daemon, file } = await backedUp(t, 'backup.jsonl.gz');
    assert.match(
      gunzipSync(readFileSync(file)).toString(),
      /\n\{"kind":"end","records":2,"statistics":0,"sha256":"[\da-f]{64}"\}\n$/,
    );
    const store = join(daemon.directory, 'new', 'place', 'db');
    const done = await run('restore', file, '--store', store, '--yes', '--json');
    assert.equal(done.code, 0, done.errors);
    // What the command prints.
    const told = JSON.parse(done.printed) as Readonly<Record<string, unknown>>;
    assert.deepEqual(
      [told['restored'], told['records'], told['living'], told['held'], told['aside']],
      [true, 2, 2, 0, undefined],
    );
    assert.deepEqual(await listed(store), ['one@b.example', 'two@b.example']);
    const empty = join(daemon.directory, 'empty');
    mkdirSync(empty);
    assert.equal((await run('restore', file, '--store', empty, '--yes')).code, 0);
    assert.equal((await listed(empty)).length, 2);
  });

  test('refuse a store that is in use, and say what else there is', async (t) => {
    const { store, file } = await backedUp(t);
    const { code, errors } = await run('restore', file, '--store', store, '--yes');
    assert.equal(code, 69);
    assert.match(errors, /A running greymilter has the store .* open: stop it first\. .*import/);
    // The lock is one between processes.
    const unseen = ['--store', store, '--yes', '--set', 'listen.admin=null'];
    const hidden = await runGreymilter(['restore', file, ...unseen]);
    assert.equal(hidden.code, 69);
    assert.match(hidden.stderr, /is in use by another process/);
    assert.equal((await run('import', file, '--store', store)).code, 0);
    assert.equal((await listed(store)).length, 3);
  });

  test('nothing is done about a backup that is not whole', async (t) => {
    const { daemon, store, file } = await backedUp(t);
    await daemon.stop();
    const text = readFileSync(file, 'utf8');
    const lines = text.split('\n');
    const cases: readonly (readonly [string, RegExp])[] = [
      [lines.slice(0, -2).join('\n'), /this is no whole backup: its last line/],
      [text.slice(0, -20), /the backup is damaged: its last line is garbled/],
      [text.replace('two@b', 'six@b'), /its lines are not those that were written/],
      [[lines[0], ...lines.slice(2)].join('\n'), /it has 1 records, and says it had 2/],
      [`${text}{}\n`, /there is something behind its end/],
      [`${text}${text}`, /there is something behind its end/],
      ['', /no whole backup/],
    ];
    for (const [content, problem] of cases) {
      const broken = join(daemon.directory, 'broken');
      writeFileSync(broken, content);
      const { code, errors } = await run('restore', broken, '--store', store, '--yes');
      assert.equal(code, 65, errors);
      assert.match(errors, problem);
    }
    assert.equal((await listed(store)).length, 3);
    const absent = await run('restore', join(daemon.directory, 'absent'), '--store', store);
    assert.deepEqual([absent.code, /cannot read .*absent/.test(absent.errors)], [65, true]);
    assert.equal((await run('restore', '-', '--store', store)).code, 64);
    const unasked = await run('restore', file, '--store', store);
    assert.equal(unasked.code, 64);
    assert.match(
      unasked.errors,
      /in the place of 3 records, and 1 of statistics in .*\? Nobody can be asked here/,
    );
  });

  test('a compressed backup that ends early is refused at any place', async (t) => {
    const { daemon, store, file } = await backedUp(t, 'backup.jsonl.gz');
    await daemon.stop();
    const bytes = readFileSync(file);
    const broken = join(daemon.directory, 'broken.gz');
    for (let length = 3; length < bytes.length; length += 7) {
      writeFileSync(broken, bytes.subarray(0, length));
      const { code, errors } = await run('restore', broken, '--store', store, '--yes');
      assert.equal(code, 65, `${length}: ${errors}`);
      assert.match(errors, /ends in the middle of what is compressed: .* Take an earlier one/);
    }
    assert.equal((await listed(store)).length, 3);
  });

  test('what a killed backup has left goes with the next one, and what is in the making stays', async (t) => {
    const { daemon, store } = await backedUp(t);
    const folder = join(daemon.directory, 'backups');
    for (const name of ['.greymilter-killed', '.greymilter-makes']) {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, 'part'), 'half');
    }
    const yesterday = Date.now() / 1000 - 86_400 - 60;
    utimesSync(join(folder, '.greymilter-killed', 'part'), yesterday, yesterday);
    assert.equal((await run('backup', join(folder, 'file'), '--store', store)).code, 0);
    assert.deepEqual(readdirSync(folder).sort(), ['.greymilter-makes', 'file']);
  });

  test('a backup that cannot be written leaves the one before', async (t) => {
    const { store, file, daemon } = await backedUp(t);
    const before = readFileSync(file);
    const nowhere = await run('backup', join(daemon.directory, 'no', 'file'), '--store', store);
    assert.equal(nowhere.code, 73);
    assert.match(nowhere.errors, /^greymilter: cannot write /);
    assert.equal((await run('backup', daemon.directory, '--store', store)).code, 73);
    const unnamed = await run('backup', '-', '--store', store);
    assert.deepEqual([unnamed.code, /written to a file: name it/.test(unnamed.errors)], [64, true]);
    assert.deepEqual(readFileSync(file), before);
    assert.deepEqual(
      readdirSync(daemon.directory).filter((each) => each.startsWith('.')),
      [],
    );
  });
});

describe('compact', () => {
  test('makes the files smaller while the filter runs', async (t) => {
    const daemon = await startTestDaemon(t);
    const store = join(daemon.directory, 'db');
    await send(daemon, 'one@b.example');
    const { code, printed, errors } = await run('compact', '--store', store, '--json');
    assert.deepEqual([code, errors], [0, '']);
    assert.match(printed, /^\{"bytesBefore":\d+,"bytesAfter":\d+\}\n$/);
    await send(daemon, 'one@b.example');
    assert.deepEqual(daemon.takeDecisions().at(-1), 'tempfail greylist-early <one@b.example>');
  });

  test('and without one, when many records were forgotten', async (t) => {
    const path = join(createTempDirectory(t), 'db');
    const clock = { now: () => Date.now() };
    const store = await openLevelStore({ path, durability: 'process', clock });
    const expiresAt = Date.now() + 3_600_000;
    const keys = Array.from({ length: 20_000 }, (_, index) => `key ${String(index)}`);
    const value = Buffer.alloc(300, 'x');
    await Promise.all(
      keys.map((key) =>
        store.compareAndSet(key, undefined, {
          value: Buffer.concat([value, Buffer.from(key)]),
          expiresAt,
        }),
      ),
    );
    await Promise.all(keys.slice(10).map((key) => store.delete(key)));
    await store.close();
    const { code, printed } = await run('compact', '--store', path, '--json');
    assert.equal(code, 0);
    // What the command prints.
    const told = JSON.parse(printed) as { bytesBefore: number; bytesAfter: number };
    assert.ok(told.bytesAfter < told.bytesBefore / 4, printed);
    const again = await openLevelStore({ path, durability: 'process', clock });
    t.after(() => again.close());
    assert.deepEqual(
      keys.filter((key) => again.get(key) !== undefined),
      keys.slice(0, 10),
    );
    const words = await run('compact', '--store', join(path, 'absent'));
    assert.equal(words.code, 69);
  });
});
