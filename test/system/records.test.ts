import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { runCommandLine } from '../../src/cli/command-line.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { runGreymilter } from '../support/daemon-process.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { openSession, sendMail } from './smtp-session.js';

const header = '{"format":"greymilter","version":1}\n';

/** A line of an export: a source that has passed, or waits. */
function line(sender: string, client = '192.0.2.7', passed = true): string {
  const day = (n: number): string => new Date(Date.now() + n * 86_400_000).toISOString();
  const source = {
    address: client,
    prefix: 24,
    firstSeenAt: day(-1),
    lastSeenAt: day(0),
    attempts: 2,
    ...(passed && { passedAt: day(0) }),
    expiresAt: day(passed ? 36 : 1),
  };
  return `${JSON.stringify({ kind: 'pair', sender, recipient: 'r@b.example', sources: [source] })}\n`;
}

async function run(...args: readonly string[]): Promise<RecordingOutput & { code: number }> {
  const output = new RecordingOutput();
  const code = await runCommandLine(args, output);
  return Object.assign(output, { code });
}

function prepare(t: Parameters<typeof createTempDirectory>[0], text: string) {
  const directory = createTempDirectory(t);
  const file = join(directory, 'in.jsonl');
  writeFileSync(file, text);
  return { directory, file, store: join(directory, 'db') };
}

describe('import', () => {
  test('takes an export into a store that is made for it, and says what became of it', async (t) => {
    const { file, store } = prepare(t, `${header}${line('a@x.example')}${line('b@x.example')}?\n`);
    const first = await run('import', file, '--store', store);
    assert.equal(first.code, 0);
    assert.equal(
      first.printed,
      'taken           2  were not here\n' +
        'merged          0  united with what was here\n' +
        'already there   0  nothing new in them\n' +
        'expired         0  would be forgotten by now\n' +
        'not understood  1  left out\n' +
        'left out: 1 × is no JSON\n',
    );
    assert.equal(first.errors, 'line 4: is no JSON\n');
    assert.match(
      (await run('import', file, '--store', store)).printed,
      /^taken +0.*\n.*\nalready there +2 /s,
    );
  });

  test('shows ten of the lines that are not understood, all if asked, all in a report', async (t) => {
    const { directory, file, store } = prepare(t, header + '{}\n'.repeat(30));
    const count = (text: string): number => text.split('\n').length - 1;
    const report = join(directory, 'report');
    const few = await run('import', file, '--store', store, '--report', report);
    assert.deepEqual([count(few.errors), count(readFileSync(report, 'utf8'))], [10, 30]);
    assert.equal(statSync(report).mode & 0o777, 0o600);
    assert.equal(count((await run('import', file, '--store', store, '--verbose')).errors), 30);
    const nowhere = join(directory, 'none/report');
    assert.equal((await run('import', file, '--store', store, '--report', nowhere)).code, 73);
  });

  test('says on a terminal how far it is, beside no other line, and nothing of it in the end', async (t) => {
    const { file, store } = prepare(t, `${header}${line('a@x.example')}?\n{}\n`);
    const output = Object.assign(new RecordingOutput(), { isTerminal: true });
    assert.equal(await runCommandLine(['import', file, '--store', store], output), 0);
    assert.match(output.errors, /\r[1-3] lines? \.\.\.\r\u001b\[K/);
    assert.doesNotMatch(output.errors, /\.\.\.(?!\r)/, 'what follows begins on a line of its own');
    assert.match(output.errors, /line 3: is no JSON\n/);
  });

  test('what ends early is taken as far as it goes, and fails', async (t) => {
    const { directory, store } = prepare(t, '');
    const dump = join(directory, 'dump.sql');
    writeFileSync(dump, 'x'.repeat(2_000_000));
    const long = await run('import', 'sqlgrey', dump, '--store', store);
    assert.deepEqual([long.code, /more than|no CSV|no table/.test(long.errors)], [65, true]);
    for (const [args, code] of [
      [['import', join(directory, 'gone')], 65],
      [['import', join(directory, 'in.jsonl')], 65],
      [['import', 'sqlgrey', dump, '--delay', 'soon'], 64],
      [['import', 'postgrey', directory, '--ipv4cidr', '99'], 64],
      [['import'], 64],
    ] as const)
      assert.equal((await run(...args, '--store', store)).code, code, args.join(' '));
  });

  test('reads standard input, and a cut dump to its end', async (t) => {
    const { store } = prepare(t, '');
    const now = Math.floor(Date.now() / 1000);
    const dump = `VERSION=3\nformat=print\nHEADER=END\n 192.0.2.0/a@x.example/r@b.example\n ${now - 900},${now}\n`;
    const { code, stdout, stderr } = await runGreymilter(
      ['import', 'postgrey', '-', '--store', store],
      { input: dump },
    );
    assert.equal(code, 65);
    assert.match(stdout, /^taken +1 /);
    assert.match(stderr, /^greymilter: the dump ends in line 5, before DATA=END/);
  });

  test('reads standard input where several files may stand, and beside them', async (t) => {
    const { directory, store } = prepare(t, '');
    const now = Math.floor(Date.now() / 1000);
    const table = (recipient: string): string =>
      `sender_name,sender_domain,src,rcpt,first_seen\na,x.example,192.0.2.1,${recipient},${now}\n`;
    const file = join(directory, 'connect.csv');
    writeFileSync(file, table('file@b.example'));
    const options = { input: table('input@b.example') };
    const sqlgrey = ['import', 'sqlgrey', '--store', store];
    assert.match((await runGreymilter([...sqlgrey, '-'], options)).stdout, /^taken +1 /);
    const both = await runGreymilter([...sqlgrey, file, '-'], options);
    assert.match(both.stdout, /^taken +1 .*\n.*\nalready there +1 /);
  });
});

describe('import of several files', () => {
  const names = 'sender_name,sender_domain,src,rcpt,first_seen\n';

  test('says of which one a line is, and which one is no table', async (t) => {
    const { directory, store } = prepare(t, '');
    const [good, bad] = [join(directory, 'connect.csv'), join(directory, 'notes.txt')];
    writeFileSync(good, `${names}a,x.example,nowhere,b@b.example,1\n`);
    writeFileSync(bad, 'hello\n');
    const both = await run('import', 'sqlgrey', good, bad, '--store', store);
    assert.equal(both.code, 65);
    assert.ok(both.errors.includes(`line 2 of ${good}: no row of SQLgrey: `), both.errors);
    assert.ok(both.errors.includes(`greymilter: ${bad}: this is no table of SQLgrey`), both.errors);
    const alone = await run('import', 'sqlgrey', good, '--store', store);
    assert.match(alone.errors, /^line 2: /);
  });
});

describe('export', () => {
  test('writes a file that another store takes as it is', async (t) => {
    const { directory, file, store } = prepare(
      t,
      header + line('a@x.example') + line('b@x.example', '192.0.3.1', false),
    );
    await run('import', file, '--store', store);
    const out = join(directory, 'out.jsonl');
    assert.equal((await run('export', '--store', store, '--output', out)).code, 0);
    assert.equal(statSync(out).mode & 0o777, 0o600);
    const lines = readFileSync(out, 'utf8').split('\n').slice(1).sort();
    assert.deepEqual(lines, readFileSync(file, 'utf8').split('\n').slice(1).sort());
    assert.ok(!existsSync(`${out}.part`));
    const { code, stdout } = await runGreymilter(['export', '--store', store]);
    assert.deepEqual([code, stdout.split('\n').slice(1).sort()], [0, lines]);
  });

  test('fails where there is nothing, or no room for it', async (t) => {
    const { directory, file, store } = prepare(t, header);
    const nothing = await run('export', '--store', store);
    assert.equal(nothing.code, 69);
    assert.match(nothing.errors, /is not a greymilter store: there is no such directory/);
    await run('import', file, '--store', store);
    const nowhere = await run('export', '--store', store, '--output', join(directory, 'none/out'));
    assert.equal(nowhere.code, 73);
  });
});

describe('list, lookup and forget', () => {
  test('in a store that nobody has open, which they leave as it is until they forget', async (t) => {
    const { file, store } = prepare(
      t,
      header +
        line('a@x.example') +
        line('b@y.example', '198.51.100.7', false) +
        line('\u001b[31m@z.example'),
    );
    await run('import', file, '--store', store);
    const before = readdirSync(store);
    const all = await run('list', '--store', store);
    assert.equal(all.printed.split('\n').length, 5);
    assert.match(all.printed, /^state +client +sender +recipient +first +last +until\n/);
    assert.match(all.printed, /^pending +198\.51\.100\.7\/24 +b@y\.example +r@b\.example +\d{4}-/m);
    assert.ok(all.printed.includes('\\u001b[31m@z.example'));
    const one = await run('list', '--store', store, '--limit', '1', '--json');
    assert.equal(one.printed.split('\n').length, 2);
    const found = await run('lookup', '192.0.2.99', 'A@X.example', 'r@b.example', '--store', store);
    assert.deepEqual([found.code, /^passed /m.test(found.printed)], [0, true]);
    const missing = await run(
      'lookup',
      '192.0.2.99',
      'n@x.example',
      'r@b.example',
      '--store',
      store,
    );
    assert.deepEqual([missing.code, missing.printed], [1, '']);
    assert.deepEqual(readdirSync(store), before);

    const dry = await run('forget', '--from', '@x.example', '--dry-run', '--store', store);
    assert.deepEqual([dry.code, dry.printed], [0, '1 record would be forgotten\n']);
    const asked = await run('forget', '--from', '@x.example', '--store', store);
    assert.equal(asked.code, 64);
    assert.match(asked.errors, /Forget 1 record\? Nobody can be asked here: say --yes/);
    const done = await run('forget', '--from', '@x.example', '--yes', '--json', '--store', store);
    assert.deepEqual([done.code, done.printed], [0, '{"found":1,"forgotten":1}\n']);
    assert.equal((await run('forget', '--from', '@x.example', '--yes', '--store', store)).code, 1);
    for (const args of [
      ['forget', '--yes'],
      ['list', '--client', 'mx.example'],
      ['list', '--state', 'known'],
      ['lookup', 'mx.example', 'a@b', 'c@d'],
      ['list', '--from', 'a@b', '--from', 'c@d'],
    ])
      assert.equal((await run(...args, '--store', store)).code, 64, args.join(' '));
  });

  test('of a running filter', async (t) => {
    const clock = createManualClock(Math.floor(Date.now() / 1000) * 1000);
    const daemon = await startTestDaemon(t, { clock });
    const peer = await daemon.connect();
    await openSession(peer);
    await sendMail(peer, { from: 'a@x.example', to: ['r@b.example', 's@b.example'] });
    const store = join(daemon.directory, 'db');
    const listed = await run('list', '--store', store, '--to', 's@b.example');
    assert.match(listed.printed, /^pending +192\.0\.2\.1\/24 +a@x\.example +s@b\.example/m);
    const found = await run('lookup', '192.0.2.1', 'a@x.example', 'r@b.example', '--store', store);
    assert.equal(found.code, 0);
    const { code } = await run(
      'lookup',
      '192.0.2.1',
      'n@x.example',
      'r@b.example',
      '--store',
      store,
    );
    assert.equal(code, 1);
    const gone = await run('forget', '--to', 'r@b.example', '--yes', '--store', store);
    assert.equal(gone.printed, '1 of 1 record forgotten\n');
    const bad = await run('list', '--client', 'mx.example', '--store', store);
    assert.deepEqual([bad.code, bad.errors.includes('is no address and no network')], [64, true]);
    daemon.takeDecisions();
    await sendMail(peer, { from: 'a@x.example', to: ['r@b.example', 's@b.example'] });
    assert.deepEqual(daemon.takeDecisions(), [
      'tempfail greylist-new <r@b.example>',
      'tempfail greylist-early <s@b.example>',
    ]);
    peer.drop();

    const out = join(daemon.directory, 'out.jsonl');
    assert.equal((await run('export', '--store', store, '--output', out)).code, 0);
    assert.equal(readFileSync(out, 'utf8').trim().split('\n').length, 3);
    assert.match((await run('import', out, '--store', store)).printed, /^already there +2 /m);
  });

  test('of a filter without an admin socket: what to do is said', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['listen.admin=null'] });
    // A lock keeps out other processes only.
    const store = join(daemon.directory, 'db');
    const { code, stderr } = await runGreymilter(['list', '--store', store]);
    assert.equal(code, 69);
    assert.match(
      stderr,
      /has the store .* open, and nobody answers at .*db\.sock: name its configuration/,
    );
  });
});
