import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';

import { runCommandLine } from '../../src/cli/command-line.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { deliver } from './smtp-session.js';

const DAY = 24 * 60 * 60_000;

const STYLE = `
trusted: []
greylist:
  style: milter-greylist
  delay: 30m
  network: {ipv4: 32, ipv6: 128}
  sender: {form: milter-greylist}
  recipient: {form: milter-greylist}
  client-autowhite: off
  replies: off
  probe-senders: {match: []}
`;

function dumpAt(now: number): string {
  const at = (seconds: number): string => String(Math.floor(now / 1000) + seconds);
  return `# milter-greylist databases, dumped by milter-greylist-4.6.4
192.0.2.10\t<Alice@s.example>\t<bob@r.example>\t${at(60)} # soon
192.0.2.11\t<a@[198.51.100.9]>\t<bob@r.example>\t${at(3600)} AUTO # an hour
192.0.2.12\t<>\t<bob@r.example>\t${at(-1)} AUTO # over
what is this
`;
}

async function run(...args: readonly string[]): Promise<RecordingOutput & { code: number }> {
  const output = new RecordingOutput();
  const code = await runCommandLine(args, output);
  return Object.assign(output, { code });
}

describe('import milter-greylist', () => {
  test('brings who hung up in the tarpit, whom a rule then tells apart', async (t) => {
    const directory = createTempDirectory(t);
    const [file, config] = [join(directory, 'greylist.db'), join(directory, 'greylist.conf')];
    const soon = Math.floor(Date.now() / 1000) + 60;
    writeFileSync(file, `192.0.2.10\t<A@s.example>\t<b@r.example>\t${soon}\t0 TARPIT # x\n`);
    writeFileSync(config, 'nospf\nracl "patience" whitelist tarpit 5s\nracl greylist default\n');
    const options = ['--config', config, '--store', join(directory, 'db')];
    const imported = await run('import', 'milter-greylist', file, ...options, '--json');
    assert.match(imported.printed, /"taken":1,.*"refused":0/);
    for (const [client, found] of [
      ['192.0.2.10', /does not match +patience .* gave up when it had to wait$/m],
      ['192.0.2.11', /matches +patience .* has not been made to wait yet; then accept$/m],
    ] as const) {
      const mail = ['--client', client, '--from', 'A@s.example', '--to', 'b@r.example'];
      const explained = await run('explain', ...mail, ...options);
      assert.match(explained.printed, found);
    }
  });

  test('brings a dump file into a store, twice the same, and export writes it again', async (t) => {
    const directory = createTempDirectory(t);
    const [file, config] = [join(directory, 'greylist.db'), join(directory, 'greymilter.yaml')];
    writeFileSync(file, dumpAt(Date.now()));
    const store = `store: {url: 'level:${join(directory, 'db')}'}\nlisten: {admin: null}\n`;
    writeFileSync(config, STYLE + store);
    const first = await run('import', 'milter-greylist', file, '--config', config, '--json');
    assert.equal(first.code, 0);
    const { reasons, remarks, ...counts } = JSON.parse(first.printed) as Record<string, unknown>;
    assert.deepEqual(counts, { taken: 2, merged: 0, unchanged: 0, expired: 1, refused: 1 });
    assert.deepEqual([reasons, remarks], [{ 'no record of milter-greylist': 1 }, {}]);
    assert.match(first.errors, /line 5: no record of milter-greylist: what is this/);
    const again = await run('import', 'milter-greylist', file, '--config', config);
    assert.match(again.printed, /already there +2 /);
    const out = join(directory, 'out.db');
    const options = ['--format', 'milter-greylist', '--output', out, '--config', config];
    assert.equal((await run('export', ...options)).code, 0);
    const lines = readFileSync(out, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('192'));
    assert.deepEqual(lines.map((line) => line.replace(/\d{9,}.*/, '')).sort(), [
      '192.0.2.10\t<Alice@s.example>\t<bob@r.example>\t',
      '192.0.2.11\t<a@[198.51.100.9]>\t<bob@r.example>\t',
    ]);
  });

  test('refuses what is no dump file', async (t) => {
    const directory = createTempDirectory(t);
    const file = join(directory, 'x');
    writeFileSync(file, 'hello\n');
    const store = ['--store', join(directory, 'db'), '--set', 'listen.admin=null'];
    const told = await run('import', 'milter-greylist', file, ...store);
    assert.equal(told.code, 65);
    assert.match(told.errors, /this is no dump file of milter-greylist/);
    const missing = await run('import', 'milter-greylist', `${file}.not`, ...store);
    assert.equal(missing.code, 65);
  });
});

describe('store.import', () => {
  test('is taken over at the first start, and only then', async (t) => {
    const clock = createManualClock();
    const directory = createTempDirectory(t);
    const file = join(directory, 'greylist.db');
    writeFileSync(file, dumpAt(clock.now()));
    const daemon = await startTestDaemon(t, {
      clock,
      text: `${STYLE}store: {import: {milter-greylist: ${file}}}\n`,
    });
    const told = (what: string) => daemon.logger.entries.filter(({ message }) => message === what);
    assert.deepEqual(told('store.import is taken over')[0]?.fields, {
      ...{ file, taken: 2, merged: 0, unchanged: 0, expired: 1, refused: 1 },
    });
    const known = { from: 'a@[198.51.100.9]', to: ['bob@r.example'] };
    const client = { address: '192.0.2.11' };
    assert.deepEqual((await deliver(daemon, { ...known, client })).rcpt, ['continue']);
    const waiting = { from: 'Alice@s.example', to: ['bob@r.example'] };
    clock.advance(60_000);
    const passed = await deliver(daemon, { ...waiting, client: { address: '192.0.2.10' } });
    assert.deepEqual(passed.rcpt, ['continue']);
    await daemon.stop();
    writeFileSync(file, dumpAt(clock.now() + DAY));
    await daemon.start();
    assert.equal(told('store.import is taken over').length, 1);
  });

  test('may be missing, and is looked for again', async (t) => {
    const clock = createManualClock();
    const file = join(createTempDirectory(t), 'greylist.db');
    const text = `${STYLE}store: {import: {milter-greylist: ${file}}}\n`;
    const daemon = await startTestDaemon(t, { clock, text });
    assert.ok(
      daemon.logger.entries.some(({ message }) => message.startsWith('store.import is not')),
    );
    await daemon.stop();
    writeFileSync(file, dumpAt(clock.now()));
    await daemon.start();
    assert.ok(
      daemon.logger.entries.some(({ message }) => message === 'store.import is taken over'),
    );
  });

  for (const [what, content] of [
    ['something else', 'hello\n'],
    ['a directory', undefined],
  ] as const) {
    test(`does not keep the filter from its start if it is ${what}`, async (t) => {
      const directory = createTempDirectory(t);
      const file = content === undefined ? directory : join(directory, 'x');
      if (content !== undefined) writeFileSync(file, content);
      const text = `${STYLE}store: {import: {milter-greylist: ${file}}}\n`;
      const daemon = await startTestDaemon(t, { text });
      assert.equal((await deliver(daemon)).rcpt.length, 1);
      daemon.logger.take('store.import could not be taken over');
    });
  }
});
