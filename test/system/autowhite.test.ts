import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';

import { AdminClient } from '../../src/admin/admin-client.js';
import { runCommandLine } from '../../src/cli/command-line.js';
import { runGreymilter } from '../support/daemon-process.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { startDnsResponder } from '../support/dns-responder.js';
import { createManualClock } from '../support/manual-clock.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { openSession, sendMail } from './smtp-session.js';

async function start(t: TestContext, overrides: readonly string[] = []) {
  // The commands that open the store themselves go by the time of day.
  const clock = createManualClock(Math.floor(Date.now() / 1000) * 1000);
  const daemon = await startTestDaemon(t, { clock, overrides });
  const store = join(daemon.directory, 'db');
  return {
    daemon,
    store,
    mail: async (from: string, address = '192.0.2.1'): Promise<string | undefined> => {
      const peer = await daemon.connect();
      await openSession(peer, { address });
      await sendMail(peer, { from, to: ['r@b.example'] });
      peer.drop();
      return daemon.takeDecisions()[0]?.split(' <')[0];
    },
    autowhite: async (...args: readonly string[]) => {
      const output = new RecordingOutput();
      const code = await runCommandLine(['autowhite', ...args, '--store', store], output);
      return Object.assign(output, { code });
    },
  };
}

const passes = 'accept client-autowhite';
const waits = 'tempfail greylist-new';

describe('autowhite, of a running filter', () => {
  test('adds an exception, lists it, and takes it away, and logs both', async (t) => {
    const { daemon, mail, autowhite } = await start(t);
    assert.equal(await mail('a@x.example'), waits);
    const added = await autowhite('add', '192.0.2.0/24', '--for', '90d');
    assert.equal(added.code, 0, added.errors);
    assert.match(
      added.printed,
      /^Does not wait from now on:\nclient +sender +added +until\n192\.0\.2\.0\/24 +all +\S+Z +\S+Z\n$/,
    );
    assert.equal(await mail('b@x.example'), passes);
    assert.equal(await mail(''), passes);
    assert.equal(await mail('b@x.example', '192.0.3.1'), waits);
    const listed = await autowhite('list', '--json');
    const { client, addedAt, expiresAt } = JSON.parse(listed.printed) as Record<string, string>;
    assert.equal(client, '192.0.2.0/24');
    assert.equal(Date.parse(expiresAt ?? '') - Date.parse(addedAt ?? ''), 90 * 86_400_000);
    daemon.clock.advance(90 * 86_400_000);
    assert.equal(await mail('c@x.example'), waits);
    assert.equal((await autowhite('list')).printed, 'There are no exceptions\n');
    await autowhite('add', '192.0.2.1');
    assert.equal(await mail('d@x.example'), passes);
    const removed = await autowhite('remove', '192.0.2.1');
    assert.deepEqual([removed.code, removed.printed], [0, 'The exception is gone\n']);
    assert.equal(await mail('e@x.example'), waits);
    assert.equal((await autowhite('remove', '192.0.2.1', '--json')).code, 1);
    const said = daemon.logger.entries.filter(({ message }) => message.startsWith('exception '));
    assert.deepEqual(
      said.map(({ message, fields }) => `${message} ${String(fields['client'])}`),
      ['exception added 192.0.2.0/24', 'exception added 192.0.2.1', 'exception removed 192.0.2.1'],
    );
  });

  test('for one sender, a domain, or the null sender of a client', async (t) => {
    const { mail, autowhite } = await start(t, ['greylist.client-autowhite=off']);
    await autowhite('add', '192.0.2.1', '--from', 'A@X.example');
    await autowhite('add', '192.0.2.1', '--from', '@Y.example');
    await autowhite('add', '192.0.2.2', '--from', '<>');
    for (const [from, address, decision] of [
      ['a@x.example', '192.0.2.1', passes],
      ['b@x.example', '192.0.2.1', waits],
      ['b@y.example', '192.0.2.1', passes],
      ['', '192.0.2.1', waits],
      ['', '192.0.2.2', passes],
      ['a@x.example', '192.0.2.2', waits],
    ] as const)
      assert.equal(await mail(from, address), decision, `${from} ${address}`);
    assert.match(
      (await autowhite('list')).printed,
      /^192\.0\.2\.1 +@y\.example [^]*^192\.0\.2\.1 +a@x\.example [^]*^192\.0\.2\.2 +<> /m,
    );
    assert.equal((await autowhite('remove', '192.0.2.1', '--from', '@y.EXAMPLE')).code, 0);
    assert.equal(await mail('c@y.example'), waits);
  });

  test('by SPF is for a sender from wherever it may come, and has nobody else looked up', async (t) => {
    const spf = (text: string) => ({ TXT: [`v=spf1 ${text}`] });
    const dns = await startDnsResponder(t, {
      'x.example': spf('ip4:198.51.100.0/24 -all'),
      'y.example': spf('+all'),
      'z.example': spf('ip4:198.51.100.0/24 -all'),
    });
    const { daemon, store, mail, autowhite } = await start(t, [
      `lookups.resolvers=["${dns.address}"]`,
      ...['lookups.timeout=8s', 'limits.answer=9s'],
      'greylist.identity=[network]',
      'greylist.client-autowhite=off',
    ]);
    const added = await autowhite('add', '--from', '@X.example', '--spf');
    assert.equal(added.code, 0, added.errors);
    assert.match(added.printed, /^by SPF +@x\.example +\S+Z +\S+Z$/m);
    await autowhite('add', '--from', '@y.example', '--spf');
    assert.equal(await mail('a@z.example', '198.51.100.1'), waits);
    assert.equal(await mail('', '198.51.100.1'), waits);
    assert.deepEqual(dns.questions, []);
    assert.equal(await mail('a@x.example', '198.51.100.1'), passes);
    assert.equal(await mail('b@x.example', '198.51.100.77'), passes);
    assert.equal(await mail('a@x.example', '192.0.2.1'), waits);
    assert.equal(await mail('a@y.example', '192.0.2.1'), waits);
    assert.deepEqual([...new Set(dns.questions)], ['TXT x.example', 'TXT y.example']);
    const [first = ''] = (await autowhite('list', '--json')).printed.split('\n');
    const { spf: isBySpf, sender, client } = JSON.parse(first) as Record<string, unknown>;
    assert.deepEqual([isBySpf, sender, client], [true, '@x.example', undefined]);
    const out = join(daemon.directory, 'out.jsonl');
    const output = new RecordingOutput();
    assert.equal(await runCommandLine(['export', '--store', store, '--output', out], output), 0);
    const removed = await autowhite('remove', '--from', '@x.example', '--spf');
    assert.deepEqual([removed.code, removed.printed], [0, 'The exception is gone\n']);
    assert.equal(await mail('c@x.example', '198.51.100.1'), waits);
    assert.equal(await runCommandLine(['import', out, '--store', store], output), 0);
    assert.match((await autowhite('list')).printed, /^by SPF +@x\.example /m);
  });

  test('does not let in whom a rule refuses', async (t) => {
    const rule = 'rules=[{name: no, when: {client: 192.0.2.1}, then: reject}]';
    const { mail, autowhite } = await start(t, [rule]);
    await autowhite('add', '192.0.2.1');
    assert.equal(await mail('a@x.example'), 'reject rule');
  });

  test('outlives the daemon, an export and an import', async (t) => {
    const { daemon, store, mail, autowhite } = await start(t);
    await autowhite('add', '192.0.2.1');
    await daemon.stop();
    await daemon.start();
    assert.equal(await mail('a@x.example'), passes);
    const out = join(daemon.directory, 'out.jsonl');
    const output = new RecordingOutput();
    assert.equal(await runCommandLine(['export', '--store', store, '--output', out], output), 0);
    const other = await start(t);
    const args = ['import', out, '--store', other.store];
    assert.equal(await runCommandLine(args, output), 0);
    assert.match((await other.autowhite('list')).printed, /^192\.0\.2\.1 +all /m);
  });

  test('takes nothing that makes no sense', async (t) => {
    const { daemon, autowhite } = await start(t);
    for (const args of [
      [],
      ['add'],
      ['add', 'mx.example'],
      ['add', '192.0.2.1', '--for', '5'],
      ['add', '192.0.2.1', '--for', '0s'],
      ['add', '192.0.2.1', '--for', '99999d'],
      ['add', '0.0.0.0/0'],
      ['add', '128.0.0.0/7', '--from', '@x.example'],
      ['add', '::/0', '--from', '@x.example'],
      ['add', '192.0.2.1', '--from', 'x.example'],
      ['remove', 'mx.example'],
      ['add', '192.0.2.1', '--from', '@x.example', '--spf'],
      ['add', '--from', '@x.example'],
      ['add', '--spf'],
      ['add', '--spf', '--from', '<>'],
      ['remove', '--spf'],
    ])
      assert.equal((await autowhite(...args)).code, 64, args.join(' '));
    const admin = new AdminClient(join(daemon.directory, 'db.sock'));
    t.after(() => admin.close());
    for (const query of [
      '',
      '?client=192.0.2.1',
      '?client=x&for-seconds=9',
      '?client=192.0.2.1&for-seconds=1&x=1',
      '?spf=true&for-seconds=1',
      '?spf=true&sender=%3C%3E&for-seconds=1',
      '?spf=yes&sender=@x.example&for-seconds=1',
      '?spf=true&client=192.0.2.1&sender=@x.example&for-seconds=1',
      '?sender=@x.example&for-seconds=1',
      '?client=2000::/15&sender=@x.example&for-seconds=1',
    ])
      await assert.rejects(admin.post(`/v1/exceptions${query}`), { code: 'ADMIN_BAD_REQUEST' });
    const tooLong = await autowhite('add', '192.0.2.1', '--for', '99999d');
    assert.match(tooLong.errors, /--for 99999d is longer than 18300 days/);
    const everybody = await autowhite('add', '0.0.0.0/0', '--from', '@x.example');
    assert.match(everybody.errors, /0\.0\.0\.0\/0 is wider than \/8.*there is SPF/);
    for (const network of ['10.0.0.0/8', '2002::/16'])
      assert.equal((await autowhite('add', network)).code, 0, network);
    await assert.rejects(admin.delete('/v1/exceptions/x'), { code: 'ADMIN_NOT_FOUND' });
  });
});

test('autowhite, of a store that nobody has open', async (t) => {
  const { daemon, store, mail, autowhite } = await start(t);
  await daemon.stop();
  const { code, stdout } = await runGreymilter(['autowhite', 'add', '192.0.2.1', '--store', store]);
  assert.equal(code, 0);
  assert.match(stdout, /^192\.0\.2\.1 +all /m);
  assert.match((await autowhite('list')).printed, /^192\.0\.2\.1 +all /m);
  const output = new RecordingOutput();
  const mailOf = ['--client', '192.0.2.1', '--from', 'a@x.example', '--to', 'r@b.example'];
  await runCommandLine(
    ['explain', ...mailOf, '--store', store, '--set', 'greylist.providers=greylist'],
    output,
  );
  assert.match(output.printed, /^result +accept \(client-autowhite\)$/m);
  await daemon.start();
  assert.equal(await mail('a@x.example'), passes);
  await daemon.stop();
  assert.equal((await autowhite('remove', '192.0.2.1')).code, 0);
  assert.equal((await autowhite('list')).printed, 'There are no exceptions\n');
});
