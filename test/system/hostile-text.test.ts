import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { runCommandLine } from '../../src/cli/command-line.js';
import type { Decision } from '../../src/greylist/decision.js';
import { jsonFormat } from '../../src/telemetry/json-format.js';
import { milterGreylistFormat } from '../../src/telemetry/milter-greylist-format.js';
import { postgreyFormat, withSyslogHead } from '../../src/telemetry/postgrey-format.js';
import { forSyslog } from '../../src/telemetry/syslog-format.js';
import { textFormat } from '../../src/telemetry/text-format.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { askNobody } from '../support/daemon-process.js';
import { waitUntil } from '../support/wait-until.js';
import { RecordingOutput } from '../unit/cli/recording-output.js';
import { deliver } from './smtp-session.js';

/** What might break a line, drive a terminal, hide, or turn what stands beside it; NUL ends a text of a milter. */
const evil =
  '\u001b]0;owned\u0007\u001b[2J\u009b31m\r\nX-Spam: no\r\n\u0085\u2028\u2029\u202e\u2066\u200b' +
  '\ufeff\u3164\u00a0\u{e0041}\u007f verdict=accept" to=<x, action=pass';
const from = `"${evil}a"@x.example`;
const to = `"${evil}b"@example.org`;
const client = { helo: `${evil}helo`, name: `${evil}.x.example`, macros: { i: evil } };

const text = `
listen: {admin: 'unix:ADMIN'}
greylist:
  header: always
  header-text: 'X-Greylist: {status} {host} {sender} {helo} {recipient} {property:p}'
  reply: {text: 'no {name} {from} {to} {host} {id} {helo} {property:p}'}
activity: {to: 'file:ACTIVITY', format: "{sender} {recipient} {helo} {property:p}\\n"}
rules:
  - {name: keeps, then: continue, set: {p: '{sender}{helo}'}}
log: {level: debug}
`;

/** Whatever a terminal, a pager, a splitter of lines or a reader could fall for. */
const HARMFUL = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}|\p{Default_Ignorable_Code_Point}/u;

function assertHarmless(what: string, printed: string): void {
  assert.notEqual(printed, '', what);
  for (const line of printed.split('\n')) assert.doesNotMatch(line, HARMFUL, what);
}

/** Mail of somebody hostile that is put off, and comes back; tells what the filter said of it. */
async function correspond(daemon: TestDaemon): Promise<readonly string[]> {
  const refused = await deliver(daemon, { client, from, to: [to] });
  daemon.clock.advance(300_000);
  const passed = await deliver(daemon, { client, from, to: [to] });
  assert.deepEqual(passed.rcpt, ['continue']);
  return [...refused.rcpt, ...passed.headers];
}

async function start(t: TestContext): Promise<TestDaemon> {
  const daemon = await startTestDaemon(t);
  const files = { ADMIN: 'admin.sock', ACTIVITY: 'activity' };
  const written = Object.entries(files).reduce(
    (so, [word, name]) => so.replace(word, join(daemon.directory, name)),
    text,
  );
  await daemon.reload({ text: written });
  return daemon;
}

const at = '2026-11-21T04:55:00.123Z';
const head = { host: 'mx', tag: 'postgrey', pid: 1 };

/** All that a decision may be written as. */
const styles: readonly (readonly [name: string, write: (decision: Decision) => string])[] = [
  ['text', (decision) => textFormat.decision(at, decision)],
  ['json', (decision) => jsonFormat.decision(at, decision)],
  ['postgrey', (decision) => postgreyFormat.decision(at, decision)],
  ['milter-greylist', (decision) => milterGreylistFormat.decision(at, decision)],
  ['syslog', (decision) => forSyslog(textFormat).decision(at, decision)],
  ['syslog of postgrey', (decision) => withSyslogHead(postgreyFormat, head).decision(at, decision)],
];

describe('what a hostile client says', () => {
  test('is harmless in replies, headers and records of activity', async (t) => {
    const daemon = await start(t);
    const [reply = '', ...headers] = await correspond(daemon);
    const lines = reply.split('\r\n');
    assert.match(reply, /^451-4\.7\.1 no /);
    for (const [index, line] of lines.entries()) {
      assert.match(
        line,
        index === lines.length - 1 ? /^451 4\.7\.1 [ -~]+$/ : /^451-4\.7\.1 [ -~]+$/,
      );
      // RFC 5321 section 4.5.3.1.5 has 512 octets with the line's end.
      assert.ok(line.length <= 510, line);
    }
    assert.equal(headers.length, 1);
    assert.match(headers[0] ?? '', /^X-Greylist: [ -~]{1,986}$/);
    const activity = join(daemon.directory, 'activity');
    await waitUntil(
      () => readFileSync(activity, 'utf8').split('\n').length === 3,
      'both are recorded',
    );
    assert.doesNotMatch(readFileSync(activity, 'utf8'), /(?!\n)[\p{Cc}\p{Zl}\p{Zp}]/u);
  });

  for (const [name, write] of styles)
    test(`is one harmless line of a log: ${name}`, async (t) => {
      const daemon = await start(t);
      await correspond(daemon);
      assert.equal(daemon.decisions.length, 2);
      for (const decision of daemon.decisions) assertHarmless(name, write(decision));
    });

  test('is harmless in what the commands print', async (t) => {
    const daemon = await start(t);
    await correspond(daemon);
    const log = join(daemon.directory, 'log');
    const lines = daemon.decisions.map((decision, index) =>
      textFormat.decision(new Date(Date.UTC(2026, 0, 1) + index * 300_000).toISOString(), decision),
    );
    writeFileSync(log, `${lines.join('\n')}\n`);
    const { sender, recipient } = daemon.decisions[0]?.attempt ?? assert.fail();
    const triplet = ['192.0.2.1', sender.text, recipient.text];
    const store = ['--store', join(daemon.directory, 'db')];
    const mail = ['--client', '192.0.2.1', '--from', from, '--to', to, '--helo', client.helo];
    for (const [isAnswered, args] of [
      [true, ['list', ...store]],
      [true, ['list', '--json', ...store]],
      [true, ['lookup', ...triplet, ...store]],
      [true, ['lookup', ...triplet, '--json', ...store]],
      [true, ['status', ...store]],
      [true, ['status', '--json', ...store]],
      [true, ['explain', ...mail, ...store, ...askNobody]],
      [true, ['explain', ...mail, '--json', ...store, ...askNobody]],
      [true, ['report', log]],
      [true, ['report', log, '--json']],
      [true, ['tune', log]],
      [true, ['replay', log, '--set', 'greylist.delay=60s', ...askNobody]],
      [true, ['replay', log, '--json', '--set', 'greylist.delay=60s', ...askNobody]],
      [false, ['report', `${log}${evil}`]],
      [false, ['list', `--${evil}`]],
      [false, ['check-config', `${log}${evil}`]],
      [false, ['check-config', '--set', `greylist.delay=${evil}`]],
    ] as const) {
      const output = new RecordingOutput();
      const code = await runCommandLine(args, output);
      const what = `${args.slice(0, 2).join(' ')}: ${code} ${output.errors}`;
      assert.equal(output.errors === '', isAnswered, what);
      assertHarmless(what, isAnswered ? output.printed : output.errors);
    }
  });
});
