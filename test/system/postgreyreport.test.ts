import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { postgreyreport } from '../../src/cli/logs/postgreyreport.js';
import { SenderChecks } from '../../src/reports/sender-checks.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { startDnsResponder } from '../support/dns-responder.js';
import { LOG_START } from '../support/logged.js';
import { mailLog, type LoggedMail } from '../support/mail-log.js';
import { Postgrey, skipWithoutPostgrey } from '../support/postgrey.js';
import { createTempDirectory } from '../support/temp-directory.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { deliver, recipient, sender } from './smtp-session.js';

/** What the real one can see: IPv4, a sender, names that are no pool's. */
const mails: readonly LoggedMail[] = [
  {
    client: '192.0.2.10',
    name: 'mx.good.example',
    from: 'a@good.example',
    tries: [0, 400],
    passes: true,
  },
  {
    client: '192.0.2.11',
    name: 'mx.late.example',
    from: 'b@late.example',
    tries: [10, 60],
    passes: false,
  },
  {
    client: '198.51.100.7',
    name: 'bot.one.example',
    from: 'Spam+x-12@One.example',
    tries: [20],
    passes: false,
  },
  {
    client: '198.51.100.9',
    name: 'bot.two.example',
    from: 'n-77-x@two.example',
    tries: [30, 40, 50],
    passes: false,
  },
  {
    client: '9.8.7.6',
    name: 'bot.three.example',
    from: 'c@three.example',
    tries: [70],
    passes: false,
  },
];

async function ours(args: object, log: string): Promise<string> {
  const output = new RecordingOutput();
  const surroundings = { input: Readable.from([log]), now: LOG_START + 86_400_000 };
  assert.equal(await postgreyreport({ 'time-zone': 'UTC', ...args }, output, surroundings), 0);
  assert.equal(output.errors, '');
  return output.printed;
}

describe("postgreyreport beside Debian's", { skip: skipWithoutPostgrey() }, () => {
  test('prints the same, whatever the columns', async (t) => {
    const postgrey = await Postgrey.start(t);
    const asked = mails.flatMap(({ client, from, tries, to = 'ann@local.example' }) =>
      tries.map((at) => ({ client, from, to, at: LOG_START / 1000 + at })),
    );
    const answers = await postgrey.ask(asked.toSorted((one, other) => one.at - other.at));
    assert.equal(answers.filter((answer) => answer === 'PREPEND').length, 1);
    // Its database is whole once it has ended.
    await postgrey.end('SIGTERM');
    const clients = join(createTempDirectory(t), 'clients');
    writeFileSync(clients, '# some\n/^bot\\.t/\n9.8\none.example\n');
    const log = mailLog(mails);
    for (const [words, args] of [
      [[], {}],
      [['--show_tries', '--show_time'], { show_tries: true, show_time: true }],
      [['--tab', '--show_tries'], { tab: true, show_tries: true }],
      [['--nosingle_line', '--show_tries'], { nosingle_line: true, show_tries: true }],
      [['--separate_by_ip=--\\n'], { separate_by_ip: '--\\n' }],
      [
        ['--separate_by_subnet==\\n', '--separate_by_ip=-\\n'],
        { separate_by_subnet: '=\\n', separate_by_ip: '-\\n' },
      ],
      [[`--skip_clients=${clients}`], { skip_clients: [clients] }],
      [[`--match_clients=${clients}`], { match_clients: [clients] }],
      [['--greylist-text=Nothing like it'], { 'greylist-text': 'Nothing like it' }],
    ] as const) {
      const { username } = userInfo();
      const more = [`--user=${username}`, `--dbdir=${postgrey.database}`];
      const theirs = spawnSync('postgreyreport', [...more, ...words], {
        input: log,
        encoding: 'utf8',
      });
      assert.equal(theirs.status, 0, theirs.stderr);
      const isOther = words.some((word) => word.startsWith('--greylist-text'));
      // Postgrey's own lines, which it does not read, have no such text.
      const read = isOther ? log.replace(/^.* mx postgrey.*\n/gm, '') : log;
      assert.equal(await ours(args, read), theirs.stdout, words.join(' '));
      if (!isOther) assert.notEqual(theirs.stdout, '');
    }
  });
});

describe('postgreyreport', () => {
  test('has IPv6 clients and null senders, and leaves out pools where it is told to', async () => {
    const log = mailLog([
      { client: '2001:db8::25', name: 'mx.six.example', from: '', tries: [0], passes: false },
      {
        client: '192.0.2.77',
        name: 'dyn-2-77.isp.example',
        from: 'x@y.example',
        tries: [5],
        passes: false,
      },
    ]);
    assert.equal(
      await ours({}, log),
      '     192.0.2.77 dyn-2-77.isp.example x@y.example ann@local.example\n' +
        '   2001:db8::25 mx.six.example <> ann@local.example\n',
    );
    assert.equal(
      await ours({ skip_pool: true }, log),
      '   2001:db8::25 mx.six.example <> ann@local.example\n',
    );
  });

  test('leaves out what has got through since, as the store says', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['greylist.delay=5m', 'trusted=[]'] });
    const store = join(daemon.directory, 'db');
    for (const wait of [0, 301_000]) {
      daemon.clock.advance(wait);
      await deliver(daemon);
    }
    assert.deepEqual(daemon.takeDecisions(), [
      `tempfail greylist-new <${recipient}>`,
      `accept greylist-passed <${recipient}>`,
    ]);
    await daemon.stop();
    const log = mailLog([
      {
        client: '192.0.2.1',
        name: 'mx.good.example',
        from: sender,
        to: recipient,
        tries: [0],
        passes: false,
      },
      {
        client: '192.0.2.11',
        name: 'mx.late.example',
        from: 'b@late.example',
        tries: [10],
        passes: false,
      },
    ]);
    assert.equal((await ours({}, log)).split('\n').length, 3);
    assert.equal(
      await ours({ store: `level:${store}` }, log),
      '     192.0.2.11 mx.late.example b@late.example ann@local.example\n',
    );
  });

  test('says what waits by the store alone, as it would by the log', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['greylist.delay=5m', 'trusted=[]'] });
    const clients = ['192.0.2.1', '198.51.100.7', '2001:db8::25'];
    for (const [index, address] of clients.entries()) {
      const family = address.includes(':') ? '6' : '4';
      const from = address.includes(':') ? '' : `Spam+x-12@${index}.example`;
      const client = { address, family, name: `mx${index}.client.example` };
      await deliver(daemon, { client, from });
      daemon.clock.advance(100_000);
      // Who tries it again before its time, and who gets through.
      if (index === 1) await deliver(daemon, { client, from });
      daemon.clock.advance(300_000);
      if (index === 0) await deliver(daemon, { client, from });
    }
    // The null sender is put off at DATA.
    assert.equal(daemon.takeDecisions().length, 5);
    const asked = { store: `level:${join(daemon.directory, 'db')}`, 'from-store': true };
    const now = daemon.clock.now();
    const said = async (args: object): Promise<string> => {
      const output = new RecordingOutput();
      const surroundings = { input: Readable.from([]), now };
      assert.equal(
        await postgreyreport({ 'time-zone': 'UTC', ...asked, ...args }, output, surroundings),
        0,
      );
      assert.equal(output.errors, '');
      return output.printed;
    };
    const all =
      `2    198.51.100.7 mx1.client.example spam@1.example ${recipient}\n` +
      `1    2001:db8::25 mx2.client.example <> ${recipient}\n`;
    // The filter that runs is asked, and the store once none does.
    assert.equal(await said({ show_tries: true }), all);
    await daemon.stop();
    assert.equal(await said({ show_tries: true }), all);
    assert.match(await said({ show_time: true, tab: true }), /^Jan +1 00:08:20\t198\.51\.100\.7\t/);
    assert.equal(await said({ delay: 100, show_tries: true }), all.split(/(?<=\n)/)[1]);
    // What is over by now does not wait any more.
    daemon.clock.advance(3 * 86_400_000);
    const later = new RecordingOutput();
    await postgreyreport(asked, later, { input: Readable.from([]), now: daemon.clock.now() });
    assert.equal(later.printed, '');
  });

  test('notes options that mean nothing here, and refuses what contradicts itself', async () => {
    const output = new RecordingOutput();
    const args = { user: 'postgrey', dbdir: '/var/lib/postgrey', 'time-zone': 'UTC' };
    await postgreyreport(args, output, { input: Readable.from([mailLog(mails)]) });
    assert.match(output.errors, /^note: --user .*\nnote: --dbdir has no meaning: .* see --store/);
    assert.notEqual(output.printed, '');
    const input = Readable.from([]);
    const both = { 'from-store': true, files: ['mail.log'] };
    await assert.rejects(postgreyreport(both, output, { input }), /leave out mail\.log/);
    await assert.rejects(
      postgreyreport({ delay: Number.NaN }, output, { input }),
      /--delay: write a number/,
    );
  });

  test('leaves out by --delay what was tried again after it', async () => {
    const log = mailLog([
      { client: '192.0.2.7', from: 'a@b.example', tries: [0, 300], passes: false },
      { client: '192.0.2.8', from: 'c@d.example', tries: [0, 299], passes: false },
    ]);
    const all = await ours({}, log);
    assert.equal(all.split('\n').length, 3);
    assert.equal(await ours({ delay: 300 }, log), all.split(/(?<=\n)/)[1]);
    assert.equal(await ours({ delay: 301 }, log), all);
  });

  test('asks a name server what DNS lists and domains say, and takes silence for no', async (t) => {
    const dns = await startDnsResponder(t, {
      '5.113.0.203.list.example': { A: ['127.0.0.2'] },
      'mx.example': { MX: ['10 in.mx.example'], A: ['198.51.100.200'] },
      'in.mx.example': { A: ['192.0.2.30'], AAAA: ['2001:db8::30'] },
      'six.example': { AAAA: ['2001:db8::25'] },
      'broken.example': 'servfail',
      '8.113.0.203.list.example': 'servfail',
    });
    const resolver = new Resolver({ timeout: 5000, tries: 2 });
    resolver.setServers([dns.address]);
    const log = mailLog(
      [
        ['192.0.2.30', 'a@mx.example'],
        ['192.0.2.31', 'b@mx.example'],
        ['198.51.100.200', 'c@mx.example'],
        ['198.51.100.9', 'd@mx.example'],
        ['2001:db8::25', 'e@six.example'],
        ['203.0.113.5', 'f@listed.example'],
        ['203.0.113.8', 'g@broken.example'],
        ['203.0.113.9', ''],
      ].map(([client = '', from = '']) => ({ client, from, tries: [0], passes: false })),
    );
    const output = new RecordingOutput();
    const args = {
      ...{ check_sender: 'mx,mx/24,a,a/24', skip_dnsbl: ['list.example'], tab: true },
      'time-zone': 'UTC',
    };
    const surroundings = {
      input: Readable.from([log]),
      now: LOG_START + 86_400_000,
      checks: new SenderChecks(resolver),
    };
    await postgreyreport(args, output, surroundings);
    assert.deepEqual(
      output.printed.split('\n').map((line) => line.split('\t').slice(0, 2).join(' ')),
      [
        ...['MX 192.0.2.30', 'MX/24 192.0.2.31', 'A/24 198.51.100.9', 'A 198.51.100.200'],
        ...[' 203.0.113.8', ' 203.0.113.9', 'A 2001:db8::25', ''],
      ],
    );
    // Each question once, however many ask it.
    assert.equal(dns.questions.filter((asked) => asked === 'MX mx.example').length, 1);
  });
});
