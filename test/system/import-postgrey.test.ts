import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';

import { runCommandLine } from '../../src/cli/command-line.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { createManualClock } from '../support/manual-clock.js';
import { Postgrey, skipWithoutPostgrey } from '../support/postgrey.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { openSession, sendMail } from './smtp-session.js';

const from = 'a@example.com';
const to = 'b@example.net';

/** A Postgrey that knows one triplet, and has put off three others. */
async function startPostgrey(t: TestContext, options: readonly string[] = []): Promise<Postgrey> {
  const postgrey = await Postgrey.start(t, options);
  const now = Math.floor(Date.now() / 1000);
  const told = await postgrey.ask([
    { client: '198.51.100.7', from, to, at: now - 1000 },
    { client: '198.51.100.7', from: 'list-12@example.com', to, at: now - 900 },
    { client: '2001:db8:1:2::5', from: '', to, at: now - 800 },
    { client: '203.0.113.9', from, to: 'c@example.net', at: now - 700 },
    { client: '198.51.100.8', from, to, at: now - 600 },
  ]);
  assert.deepEqual(told.slice(0, 4), Array(4).fill('DEFER_IF_PERMIT'));
  assert.equal(told[4], 'PREPEND');
  return postgrey;
}

async function run(...args: readonly string[]): Promise<RecordingOutput & { code: number }> {
  const output = new RecordingOutput();
  const code = await runCommandLine([...args, '--json'], output);
  return Object.assign(output, { code });
}

/** Four triplets, and a client that has passed. */
const everything = { taken: 5, merged: 0, unchanged: 0, expired: 0, refused: 0 };

/** What an import has counted. */
function counted({ printed }: RecordingOutput): unknown {
  const { reasons, remarks, ...counts } = JSON.parse(printed) as Record<string, unknown>;
  assert.ok(reasons !== undefined && remarks !== undefined);
  return counts;
}

describe("Postgrey's database", { skip: skipWithoutPostgrey() }, () => {
  for (const [state, signal] of [
    ['while Postgrey runs', undefined],
    ['when it was stopped', 'SIGTERM'],
    ['when it was killed', 'SIGKILL'],
  ] as const)
    test(`${state}: all of it comes over, and nothing of it is changed`, async (t) => {
      const postgrey = await startPostgrey(t);
      if (signal !== undefined) await postgrey.end(signal);
      const files = (): readonly string[] => readdirSync(postgrey.database).sort();
      const contents = (): readonly string[] =>
        files()
          .filter((name) => !name.startsWith('__db'))
          .map((name) => readFileSync(join(postgrey.database, name), 'latin1'));
      const [names, before] = [files(), contents()];
      const store = join(createTempDirectory(t), 'db');

      const first = await run('import', 'postgrey', postgrey.database, '--store', store);
      assert.deepEqual([first.code, counted(first)], [0, everything]);
      const again = await run('import', 'postgrey', postgrey.database, '--store', store);
      assert.deepEqual(counted(again), { ...everything, taken: 0, unchanged: 5 });

      const known = await run('list', '--store', store, '--state', 'passed');
      assert.match(
        known.printed,
        /^\{[^\n]*"sender":"a@example\.com","recipient":"b@example\.net"[^\n]*\}\n$/,
      );
      assert.deepEqual([files(), contents()], [names, before]);
      if (signal === undefined) {
        const now = Math.floor(Date.now() / 1000);
        const told = await postgrey.ask([{ client: '198.51.100.7', from, to, at: now }]);
        assert.deepEqual(told, ['DUNNO'], 'it goes on');
      }
    });

  test('comes into a running filter, which knows it at once', async (t) => {
    const postgrey = await startPostgrey(t, ['--delay=300']);
    const clock = createManualClock(Math.floor(Date.now() / 1000) * 1000);
    const daemon = await startTestDaemon(t, { clock });
    const store = join(daemon.directory, 'db');
    const imported = await run('import', 'postgrey', postgrey.database, '--store', store);
    assert.deepEqual([imported.code, counted(imported)], [0, everything]);

    const peer = await daemon.connect();
    await openSession(peer, { address: '198.51.100.99' });
    await sendMail(peer, { from, to: [to, 'new@example.net'] });
    assert.deepEqual(daemon.takeDecisions(), [
      `accept greylist-known <${to}>`,
      'tempfail greylist-new <new@example.net>',
    ]);
    peer.drop();
  });

  test('of a Postgrey with --lookup-by-host and --privacy', async (t) => {
    const byHost = await startHost(t, ['--lookup-by-host']);
    const store = join(createTempDirectory(t), 'db');
    const imported = await run('import', 'postgrey', byHost.database, '--store', store);
    assert.deepEqual(counted(imported), { ...everything, taken: 1 });
    const found = await run('lookup', '198.51.100.7', from, to, '--store', store);
    assert.match(found.printed, /"address":"198\.51\.100\.7","prefix":32/);

    const hidden = await startHost(t, ['--privacy']);
    const nothing = await run('import', 'postgrey', hidden.database, '--store', store);
    assert.deepEqual(counted(nothing), { ...everything, taken: 0, refused: 1 });
    assert.match(nothing.errors, /^line 6: hashed by --privacy/);
  });

  test('that is none, or not there', async (t) => {
    const directory = createTempDirectory(t);
    const store = join(directory, 'db');
    const empty = await run('import', 'postgrey', directory, '--store', store);
    assert.equal(empty.code, 65);
    assert.match(empty.errors, /there is no postgrey\.db in /);
    writeFileSync(join(directory, 'postgrey.db'), '');
    const file = await run('import', 'postgrey', join(directory, 'postgrey.db'), '--store', store);
    assert.equal(file.code, 65);
    assert.match(file.errors, /postgrey\.db is no directory: name the directory .* --dbdir$/m);
    const gone = await run('import', 'postgrey', join(directory, 'gone'), '--store', store);
    assert.equal(gone.code, 65);
    assert.match(gone.errors, /cannot read .*gone: there is no such file/);
  });

  test('that is damaged: it is named, and what can still be read of it', async (t) => {
    const directory = createTempDirectory(t);
    const [table, store] = [join(directory, 'postgrey.db'), join(directory, 'db')];
    // Taken for a database whose pages all are encrypted, and for none.
    for (const bytes of [Buffer.alloc(8192, 0xab), Buffer.from('hello\n')]) {
      writeFileSync(table, bytes);
      const { code, errors } = await run('import', 'postgrey', directory, '--store', store);
      assert.equal(code, 65);
      assert.match(errors, /^greymilter: db\S*_dump has failed with the database in \/.*: db/);
      assert.ok(errors.includes(directory) && !errors.includes('greymilter-import-'), errors);
      const lines = errors.trimEnd().split('\n');
      assert.equal(new Set(lines).size, lines.length);
      assert.match(
        lines.at(-1) ?? '',
        /^What can still be read: db_dump -p -r \S+postgrey\.db \| /,
      );
    }
  });

  test('of which a table cannot be read: it is named', async (t) => {
    const directory = createTempDirectory(t);
    mkdirSync(join(directory, 'postgrey.db'));
    const { errors } = await run('import', 'postgrey', directory, '--store', `${directory}/db`);
    assert.match(errors, /cannot read \S+\/postgrey\.db: it is a directory/);
  });
});

async function startHost(t: TestContext, options: readonly string[]): Promise<Postgrey> {
  const postgrey = await Postgrey.start(t, options);
  const at = Math.floor(Date.now() / 1000) - 100;
  await postgrey.ask([{ client: '198.51.100.7', from, to, at }]);
  return postgrey;
}
