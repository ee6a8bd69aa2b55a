import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, test, type TestContext } from 'node:test';
import { runCommandLine } from '../../../../src/cli/command-line.js';
import { ProgressBar, progressLine } from '../../../../src/cli/terminal/progress-bar.js';
import { replay } from '../../../../src/cli/logs/replay.js';
import { report } from '../../../../src/cli/logs/report.js';
import { percent, shortTime } from '../../../../src/cli/terminal/short-time.js';
import { tune } from '../../../../src/cli/logs/tune.js';
import { foundFiles } from '../../../support/found-files.js';
import { LOG_START, postgreyLine } from '../../../support/logged.js';
import { dayOfMail, mailLog } from '../../../support/mail-log.js';
import { createTempDirectory } from '../../../support/temp-directory.js';
import { RecordingOutput } from '../recording-output.js';

const NOW = LOG_START + 10 * 86_400_000;
const utc = { 'time-zone': 'UTC' };
const log = mailLog(dayOfMail());

async function run(
  command: (output: RecordingOutput, input: Readable) => Promise<number>,
  text = log,
) {
  const output = new RecordingOutput();
  const exitCode = await command(output, Readable.from([text]));
  return { exitCode, said: output.printed, errors: output.errors };
}

const reporting = (args: object, text?: string) =>
  run((output, input) => report({ ...utc, ...args }, output, input, NOW), text);

describe('report', () => {
  test('says who came back, and who did not', async () => {
    const { exitCode, said, errors } = await reporting({});
    assert.deepEqual([exitCode, errors], [0, '']);
    assert.match(said, /^from +2026-11-20 00:00:00\nto +2026-11-23 00:00:00\n/);
    assert.match(said, /put off for the first time +101\n/);
    assert.match(said, /came back +60 \(59 %\)\n +after +5m 10s in the median/);
    assert.match(said, /never came back +40 \(40 %\)\n/);
    assert.match(said, /not known yet +1 \(1\.0 %\)\n/);
    assert.match(said, /^2026-11-20 +185 +100 +60 +0 +40 +0 +0$/m);
    assert.match(said, /^198\.51\.100\.0\/24 +60 +60 +0 +0 +0 +5m 10s$/m);
    assert.match(said, /^bot\.example +40 +0 +0 +40 +0 +-$/m);
  });

  test('says whose lines are understood where there are none of them', async () => {
    const text =
      'Nov 20 00:00:01 mx sm-mta[7]: 6AL3LULK004711: Milter: to=<you@example.org>, ' +
      'reject=451 4.7.1 Greylisted, please try again in 180 seconds\n';
    const { exitCode, errors } = await reporting({}, text);
    assert.equal(exitCode, 1);
    assert.match(
      errors,
      /^greymilter: none of 1 line tells of greylisting\nnote: .*Postfix.*Sendmail/,
    );
  });

  test('lists mails as they end, as text, CSV or JSON', async () => {
    const mail = mailLog([
      { client: '192.0.2.1', from: '=a,"b"@c.example', tries: [0, 310], passes: true },
    ]);
    const { said } = await reporting({ list: 'returned' }, mail);
    assert.equal(
      said,
      '2026-11-20 00:00:00 192.0.2.1 - <=a,"b"@c.example> <ann@local.example> returned after 5m 10s, 2 attempts\n',
    );
    const csv = (await reporting({ list: 'all', csv: true }, mail)).said;
    assert.deepEqual(csv.split('\n'), [
      'time,client,name,helo,from,to,attempts,ending,passed_after_seconds,reason,rule',
      `2026-11-20T00:00:00.000Z,192.0.2.1,,h.example,"'=a,""b""@c.example",ann@local.example,2,returned,310,greylist-new,`,
      '',
    ]);
    const json: unknown = JSON.parse((await reporting({ list: 'all', json: true }, mail)).said);
    assert.deepEqual(json, {
      ...{ time: '2026-11-20T00:00:00.000Z', client: '192.0.2.1', from: '<=a,"b"@c.example>' },
      helo: 'h.example',
      ...{ to: '<ann@local.example>', attempts: 2, ending: 'returned', passedAfter: 310 },
      ...{ retries: [], reason: 'greylist-new' },
    });
    assert.equal((await reporting({ list: 'never' }, mail)).said, '');
  });

  test('counts by what is wanted', async () => {
    const { said } = await reporting({ by: ['recipient', 'client-domain'], top: 2 });
    assert.deepEqual(
      said.split('\n').map((line) => line.split(/ {2,}/)[0]),
      [
        ...['recipient', 'ann@local.example', 'u0@local.example', ''],
        ...['client-domain', 'shop.example', '-', ''],
      ],
    );
    const untold = (await reporting({ by: ['rule'], top: 1, csv: true })).said;
    assert.match(untold, /\n-,101,/);
    const csv = (await reporting({ by: ['sender-domain'], top: 1, csv: true })).said;
    assert.equal(
      csv,
      'sender_domain,first,returned,elsewhere,never,open,waited_seconds\nbot.example,40,0,0,40,0,0\n',
    );
    const json: unknown = JSON.parse((await reporting({ by: ['rule'], json: true })).said);
    assert.deepEqual(json, {
      by: 'rule',
      groups: [
        { key: '-', first: 101, returned: 60, elsewhere: 0, never: 40, open: 1, waitedS: 18_600 },
      ],
      mayMiss: 0,
    });
  });

  test('has days, and all of it as JSON', async () => {
    assert.match(
      (await reporting({ days: true })).said,
      /^day .*\n2026-11-20 .*\n2026-11-23 .*\n$/,
    );
    assert.match(
      (await reporting({ csv: true })).said,
      /^day,decisions,put_off,passed,refused,first.*\n2026-11-20,185,125,0,0,100,60,0,40,0,18600\n/,
    );
    // Our own output.
    const all = JSON.parse((await reporting({ json: true })).said) as {
      readonly wait: object;
      readonly total: { readonly decisions: number };
    };
    assert.deepEqual(all.wait, { median: 310, p95: 310, sum: 18_600 });
    assert.equal(all.total.decisions, 186);
  });

  test('says what it left out', async () => {
    const shadow = postgreyLine(0, 'action=pass, reason=new (shadow)');
    const learn = postgreyLine(0, 'action=pass, reason=new (learn)');
    const { errors } = await reporting({}, `${shadow}${learn}action=pass, reason=x\n`);
    assert.match(errors, /^note: left out: 1 line not understood\n/);
    assert.match(errors, /of shadow mode: 1 decision;/);
    assert.match(errors, /of learn mode: 1 decision;/);
  });

  test('has nothing to say of other logs', async () => {
    const { exitCode, said, errors } = await reporting({}, 'a\nb\n');
    assert.deepEqual([exitCode, said], [1, '']);
    assert.match(errors, /none of 2 lines/);
  });

  for (const [name, args, expected] of [
    ['two views', { by: ['rule'], days: true }, /one of them/],
    ['two forms', { csv: true, json: true }, /one of them/],
    ['two tables', { by: ['rule', 'name'], csv: true }, /one table/],
    ['half a row', { top: 0.5 }, /whole number/],
    ['no zone', { 'time-zone': 'Atlantis' }, /no such zone/],
    ['no date', { until: 'today' }, /write a date/],
    ['a day that is in no calendar', { until: '2026-02-30' }, /write a date/],
    ['no pattern', { 'greylist-text': '(' }, /no regular expression/],
  ] as const) {
    test(`refuses ${name}`, async () => assert.rejects(reporting(args), expected));
  }

  test('dates without a year are not after --until', async () => {
    const { said } = await reporting({ until: '2025-12-01' });
    assert.match(said, /^from +2025-11-20/);
  });
});

describe('tune', () => {
  const tuning = (args: object, text?: string) =>
    run((output, input) => tune({ ...utc, ...args }, output, input, NOW), text);

  test('shows what delays do, and which to have', async () => {
    const { exitCode, said } = await tuning({});
    assert.equal(exitCode, 0);
    assert.match(said, /^mail that came back +60\nmail that never did +40, of which 25 tried/);
    assert.match(said, /^ 5m +- 7m +60 +#{40}$/m);
    assert.match(said, /^ +1m +0 % +5m 10s +5m 10s +100 %$/m);
    assert.match(said, /^ +2m +100 % +5m 10s +5m 10s +100 %$/m);
    assert.match(said, /^ +10m +100 % +>= 10m +>= 10m +0 %$/m);
    assert.match(said, /^# 2m to 5m: /m);
    assert.match(said, /^# 2m stops 100 % of second tries, 1m stops 0 %\.$/m);
    assert.match(said, /^# 5m makes mail wait 5m 10s in the median, 7m at least 7m\.$/m);
    assert.match(said, /^greylist:\n {2}delay: 120s$/m);
    assert.match(said, /sender-authenticated: \['@shop\.example'\]/);
  });

  test('says what it leaves out, where nothing else is there', async () => {
    const learn = postgreyLine(0, 'action=pass, reason=new (learn)');
    const learnt = await tuning({}, `${learn}${learn}`);
    assert.equal(learnt.exitCode, 1);
    assert.match(
      learnt.errors,
      /^greymilter: no mail was put off .* logs; 2 decisions of learn and shadow mode left out, in which nobody is put off$/m,
    );
    const { errors } = await tuning({}, postgreyLine(0, 'action=pass, reason=x'));
    assert.match(errors, /are both in the logs$/m);
  });

  test('gives advice that the configuration takes', async (t) => {
    const path = join(createTempDirectory(t), 'greymilter.yaml');
    const { said } = await tuning({});
    writeFileSync(path, said.slice(said.indexOf('# 2m')));
    const output = new RecordingOutput();
    assert.equal(await runCommandLine(['check-config', path], output), 0, output.errors);
  });

  test('tries other delays, and prints JSON', async () => {
    const { said } = await tuning({ delay: ['90s', '1h'], json: true });
    // Our own output.
    const { effects, ofModes } = JSON.parse(said) as {
      readonly effects: readonly {
        readonly delayS: number;
        readonly unseen: number;
        readonly atLeast: boolean;
      }[];
      readonly ofModes: number;
    };
    assert.deepEqual(
      effects.map(({ delayS, unseen, atLeast }) => [delayS, unseen, atLeast]),
      [
        [90, 0, false],
        [3600, 60, true],
      ],
    );
    assert.equal(ofModes, 0);
  });

  test('has no advice beyond the delay that was in force, and says that this is why', async () => {
    const { exitCode, said } = await tuning({ delay: ['1h'] });
    assert.equal(exitCode, 0);
    assert.match(
      said,
      /^No advice: .* before even the shortest of these delays was over\. Try shorter ones/m,
    );
  });

  test('has none either where that is so of more than a twentieth of the mail', async () => {
    const late = Array.from({ length: 54 }, (_, index) => ({
      ...{ client: '198.51.100.7', from: `late${index}@shop.example` },
      ...{ tries: [index, index + 4000], passes: true },
    }));
    const withEarly = (early: number) =>
      mailLog([...dayOfMail().filter(({ passes }, index) => !passes || index < early), ...late]);
    const { said } = await tuning({ delay: ['1h'] }, withEarly(6));
    assert.match(said, /^No advice: of the mail that came back, more than a twentieth was let/m);
    assert.match((await tuning({ delay: ['1h'] }, withEarly(2))).said, /^# 1h: /m);
  });

  test('says when there is too little', async () => {
    const few = mailLog([
      { client: '192.0.2.1', from: 'a@b.example', tries: [0, 310], passes: true },
    ]);
    const { said } = await tuning({}, few);
    assert.match(said, /No advice: it takes 50 mails that came back \(1 are here\)/);
    const shadow = postgreyLine(0, 'action=pass, reason=new (shadow)');
    assert.equal((await tuning({}, shadow)).exitCode, 1);
  });

  for (const delay of ['soon', '0s']) {
    test(`refuses a delay of ${delay}`, async () =>
      assert.rejects(tuning({ delay: [delay] }), /--delay/));
  }
});

describe('replay', () => {
  const replaying = (args: object, text?: string) =>
    run((output, input) => replay({ ...utc, ...args }, output, input, NOW), text);

  test('says what would have been', async () => {
    const { exitCode, said, errors } = await replaying({ set: ['greylist.delay=90s'], list: true });
    assert.deepEqual([exitCode, errors], [0, '']);
    assert.match(
      said,
      /^2026-11-20 .* <spam0@bot\.example> .* would-get-through: never, here 1m 40s$/m,
    );
    assert.match(said, /^as it was +60 +59 %$/m);
    assert.match(said, /^never got through, and would have +25 +25 %$/m);
    assert.match(said, /^hours of delay +5\.2 +5\.2$/m);
    assert.match(said, /^tempfail greylist-early +accept greylist-passed +25$/m);
  });

  test('says what it cannot know', async () => {
    const set = ['greylist.delay=20m', 'greylist.mode=enforce'];
    const { said } = await replaying({ set });
    assert.match(said, /^delayed for longer +60/m);
    assert.match(said, /^>= is at least: 60 mails got through earlier/m);
    assert.match(said, /hours of delay +5\.2 +>= 20\.0/);
  });

  test('says that message-rules and lookups were not asked', async (t) => {
    const path = join(createTempDirectory(t), 'greymilter.yaml');
    writeFileSync(
      path,
      `rules: [{name: a, when: {dnsbl: {zones: [list.example]}}, then: reject}]
message-rules: [{name: b, when: {size: {over: 1MiB}}, then: reject}]
`,
    );
    const known = postgreyLine(0, 'action=pass, reason=triplet found');
    const { said } = await replaying({ config: path }, known);
    assert.match(said, /unknown were: dnsList 1\./);
    assert.match(said, /message-rules were not asked/);
    assert.match(said, /Known from before the log, and taken to be so here: 1\./);
  });

  test('prints JSON', async () => {
    const { said } = await replaying({ set: ['greylist.delay=90s'], list: true, json: true });
    const lines = said
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    assert.equal(lines.length, 26);
    assert.deepEqual(lines[0], {
      ...{ time: '2026-11-20T00:00:00.000Z', client: '203.0.0.9', from: '<spam0@bot.example>' },
      ...{ to: '<u0@local.example>', change: 'would-get-through', replayed: 100, atLeast: false },
    });
  });

  test('wants a configuration, and a log', async () => {
    await assert.rejects(replaying({}), /Which configuration/);
    assert.equal((await replaying({ set: ['greylist.delay=90s'] }, 'x\n')).exitCode, 1);
  });
});

describe('the commands that read logs', () => {
  test('take files from the command line', async (t) => {
    const path = logFile(t);
    for (const [args, expected] of [
      [['report', path], /came back/],
      [['tune', path], /second tries stopped/],
      [['replay', '--set', 'greylist.delay=90s', path], /as it was/],
      [['postgreyreport', path], /spam0@bot/],
    ] as const) {
      const output = new RecordingOutput();
      const more = ['--time-zone', 'UTC', '--until', '2026-11-28'];
      assert.equal(await runCommandLine([...args, ...more], output), 0, output.errors);
      assert.match(output.printed, expected);
    }
    const output = new RecordingOutput();
    assert.equal(await runCommandLine(['report', `${path}.gone`], output), 65);
  });

  test('show on a terminal how far they are, and nothing of it in the end', () => {
    const output = Object.assign(new RecordingOutput(), { isTerminal: true });
    const bar = new ProgressBar(1000, output);
    bar.add(470);
    assert.equal(output.errors, `\r[${'#'.repeat(14)}${'.'.repeat(16)}]  47 %`);
    bar.end();
    assert.match(output.errors, /\r +\r$/);
    assert.equal(progressLine(2), `[${'#'.repeat(30)}] 100 %`);
    const unknown = Object.assign(new RecordingOutput(), { isTerminal: true });
    const other = new ProgressBar(Number.NaN, unknown);
    other.add(470);
    other.end();
    assert.equal(unknown.errors, '');
  });

  test('say times and shares briefly', () => {
    const times = [0, 59, 60, 61, 3600, 3660, 90_000, 172_800].map(shortTime);
    assert.deepEqual(times, ['0s', '59s', '1m', '1m 1s', '1h', '1h 1m', '1d 1h', '2d']);
    assert.deepEqual(
      [percent(0, 0), percent(0, 9), percent(1, 200), percent(1, 3)],
      ['-', '0 %', '0.5 %', '33 %'],
    );
  });

  // Written by others; not part of the project.
  const found = foundFiles('maillog');
  test('read what others have put on the web', { skip: found === undefined }, async () => {
    for (const file of readdirSync(found ?? '').filter((name) => name.endsWith('.log'))) {
      const text = readFileSync(join(found ?? '', file), 'utf8');
      for (const command of [report, tune]) {
        const { exitCode, errors } = await run(
          (output, input) => command(utc, output, input, NOW),
          text,
        );
        assert.ok(exitCode <= 1, `${file}: ${errors}`);
      }
      const set = ['greylist.delay=10m'];
      const { exitCode } = await run(
        (output, input) => replay({ ...utc, set }, output, input, NOW),
        text,
      );
      assert.ok(exitCode <= 1, file);
    }
  });
});

function logFile(t: TestContext): string {
  const directory = join(createTempDirectory(t), 'log');
  mkdirSync(directory);
  const path = join(directory, 'mail.log');
  writeFileSync(path, log);
  return path;
}
