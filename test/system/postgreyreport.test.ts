import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { postgreyreport } from '../../src/cli/logs/postgreyreport.js';
import { startTestDaemon } from '../support/daemon-harness.js';
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
});
