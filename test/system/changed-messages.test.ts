import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import type { Change } from '../support/filter-answer.js';
import { waitUntil } from '../support/wait-until.js';
import { startWebServer } from '../support/web-server.js';

const base = 'trusted: []\ngreylist: {header: never}\n';

interface Mail {
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: readonly string[];
  readonly to?: readonly string[];
  readonly from?: string;
}

/** What is told at RCPT, and what becomes of the message. */
async function deliver(
  daemon: TestDaemon,
  { headers = [['Subject', 'hello']], body = ['line\r\n'], to = ['<bob@example.org>'], from }: Mail,
): Promise<{ readonly rcpt: readonly string[]; readonly changes: readonly Change[] }> {
  const peer = await daemon.connect();
  await peer.negotiate();
  peer.macros('C', { j: 'mx.example.org', '{if_addr}': '192.0.2.25' });
  await peer.connectEvent('mail.client.example', '203.0.113.7');
  await peer.helo('mail.client.example');
  await peer.mail(from ?? '<alice@client.example>');
  const rcpt: string[] = [];
  for (const address of to) {
    const reply = await peer.rcpt(address);
    rcpt.push(reply?.kind === 'replycode' ? reply.text : (reply?.kind ?? 'nothing'));
  }
  await peer.data();
  for (const [name, value] of headers) await peer.header(name, value);
  await peer.eoh();
  for (const chunk of body) await peer.body(chunk);
  const { changes } = await peer.eom();
  peer.drop();
  return { rcpt, changes };
}

const accepting = (settings: string): string =>
  `${base}rules: [{then: accept}]\nmessage-rules:\n  - {then: accept, ${settings}}\n`;

/** The new body; undefined if it stays. */
function bodyOf(changes: readonly Change[]): string | undefined {
  const parts = changes.flatMap((change) =>
    change.kind === 'replaceBody' ? [change.body.toString('utf8')] : [],
  );
  return parts.length === 0 ? undefined : parts.join('');
}

describe('a footer', () => {
  for (const [what, mail, expected] of [
    [
      'behind a last line that is whole',
      { body: ['a\r\n'] },
      'a\r\n--\r\nfrom mail.client.example\r\n',
    ],
    ['behind one that is not', { body: ['a', 'b'] }, 'ab\r\n--\r\nfrom mail.client.example\r\n'],
    ['in an empty body', { body: [] }, '--\r\nfrom mail.client.example\r\n'],
    [
      'not behind several parts',
      { headers: [['Content-Type', 'multipart/mixed; boundary=x']] },
      undefined,
    ],
    ['not in base64', { headers: [['Content-Transfer-Encoding', 'Base64']] }, undefined],
    ['not where the body is larger than what is kept', { body: ['x'.repeat(70_000)] }, undefined],
  ] as const)
    test(what, async (t) => {
      const text = accepting('footer: "--\\nfrom {helo}"');
      const daemon = await startTestDaemon(t, { text });
      assert.equal(bodyOf((await deliver(daemon, mail)).changes), expected);
    });

  test('is encoded as the body is', async (t) => {
    const daemon = await startTestDaemon(t, { text: accepting('footer: "a=é \\n"') });
    const headers = [['Content-Transfer-Encoding', 'quoted-printable']] as const;
    assert.equal(bodyOf((await deliver(daemon, { headers })).changes), 'line\r\na=3D=C3=A9=20\r\n');
  });
});

describe('a subject tag', () => {
  for (const [subject, expected] of [
    ['hello', { kind: 'changeHeader', name: 'Subject', index: 1, value: '[x] hello' }],
    [
      '=?utf-8?q?h=C3=A9?=',
      { kind: 'changeHeader', name: 'Subject', index: 1, value: '[x] =?utf-8?q?h=C3=A9?=' },
    ],
    ['Re: [x] hello', undefined],
    [undefined, { kind: 'addHeader', name: 'Subject', value: '[x]' }],
  ] as const)
    test(`before ${subject ?? 'no subject'}`, async (t) => {
      const daemon = await startTestDaemon(t, { text: accepting("subject-tag: '[x]'") });
      const headers = subject === undefined ? [] : ([['subject', subject]] as const);
      const { changes } = await deliver(daemon, { headers });
      assert.deepEqual(
        changes.map((change) => ({ ...change })),
        expected === undefined ? [] : [expected],
      );
    });
});

describe('header fields', () => {
  test('stand where they are to stand, with what their texts show', async (t) => {
    const daemon = await startTestDaemon(t, {
      text: `${base}rules:
  - name: seen
    when: {client-name: '/^mail\\.(\\w+)/'}
    then: accept
    headers: {X-A: '{group:1} by {rule} {rule-line}', X-B: {value: '{recipient}', at: 1}}
`,
    });
    assert.deepEqual(
      (await deliver(daemon, {})).changes.map((change) => ({ ...change })),
      [
        { kind: 'insertHeader', index: 1, name: 'X-B', value: 'bob@example.org' },
        { kind: 'addHeader', name: 'X-A', value: 'client by seen 4' },
      ].toSorted((a, b) => a.kind.localeCompare(b.kind)),
    );
  });

  test('a rule words the header that tells of a delay', async (t) => {
    const daemon = await startTestDaemon(t, {
      text: `trusted: []
greylist: {header: always}
rules: [{then: accept, report: 'let in by {version-line}'}]
`,
    });
    const [header] = (await deliver(daemon, {})).changes;
    assert.ok(header?.kind === 'addHeader');
    assert.match(
      header.value,
      /^let in by greymilter-\S+ \(mx\.example\.org \[192\.0\.2\.25\]\); Tue, 01 Jan 2030 00:00:00 \+0000 \(UTC\)$/,
    );
  });
});

describe('a web server words the header that tells of a delay', () => {
  for (const [style, header, values] of [
    ['greymilter', 'always', ['seen {by} the server']],
    ['milter-greylist', 'always', ['seen {by} the server']],
    ['greymilter', 'not-delayed', ['seen {by} the server']],
    ['milter-greylist', 'delayed', []],
    ['milter-greylist', 'never', []],
  ] as const)
    test(`in the style of ${style}, where it is ${header}`, async (t) => {
      const web = await startWebServer(t, (_request, response) => {
        response.end('milterGreylistReport: seen {by} the server\n');
      });
      const daemon = await startTestDaemon(t, {
        text: `trusted: []
greylist: {style: ${style}, header: ${header}}
lookups: {timeout: 8s, urls: {words: {url: '${web.url}/', timeout: 8s}}}
rules: [{when: {url: words}, then: accept, report: 'of the rule'}]
`,
      });
      const { changes } = await deliver(daemon, {});
      assert.deepEqual(
        changes.map((change) => (change.kind === 'addHeader' ? change.value : change.kind)),
        values,
      );
    });
});

describe('properties', () => {
  test('pass from rule to rule, and from recipient to recipient, but to no other message', async (t) => {
    const daemon = await startTestDaemon(t, {
      text: `${base}rules:
  - {then: continue, set: {count: {add: 1}, mine: {to: '{property:mine}x', scope: recipient}}}
  - {then: reject, when: {property: {count: {over: 1}}}, text: '{property:count} {property:mine}'}
  - {then: accept}
`,
    });
    const to = ['<a@example.org>', '<b@example.org>'];
    const expected = ['continue', '550 5.7.1 2 x'];
    assert.deepEqual((await deliver(daemon, { to })).rcpt, expected);
    const peer = await daemon.connect();
    await peer.negotiate();
    await peer.connectEvent('mail.client.example', '203.0.113.7');
    for (const from of ['<x@client.example>', '<y@client.example>']) {
      await peer.mail(from);
      const first = await peer.rcpt('<a@example.org>');
      assert.equal(first?.kind, 'continue');
      peer.abort();
    }
  });
});

describe('a long reply', () => {
  test('has several lines', async (t) => {
    const words = 'word '.repeat(200).trim();
    const daemon = await startTestDaemon(t, {
      text: `${base}rules: [{then: reject, text: '${words}'}]\n`,
    });
    const [reply = ''] = (await deliver(daemon, {})).rcpt;
    const lines = reply.split('\r\n');
    assert.equal(lines.length, 3);
    assert.ok(lines.slice(0, -1).every((line) => line.startsWith('550-5.7.1 word')));
    assert.ok(lines.at(-1)?.startsWith('550 5.7.1 word'));
    assert.equal(lines.map((line) => line.slice(10)).join(' '), words);
  });
});

describe('records of activity', () => {
  test('are written for each decision, at the end of the message for who passes', async (t) => {
    const daemon = await startTestDaemon(t, { text: base });
    const file = join(daemon.directory, 'activity');
    writeFileSync(file, 'old\n');
    const rules = `rules:
  - {name: no, when: {recipient: no@}, then: reject, text: 'not {recipient}'}
  - {name: yes, when: {recipient: [a@, b@]}, then: accept}
activity:
  to: 'append:${file}'
  format: "{verdict} {recipient} {rule} {code} {enhanced} {reply} {remaining}\\n"
`;
    await daemon.reload({ text: base + rules });
    await deliver(daemon, {
      to: ['<a@example.org>', '<no@example.org>', '<b@example.org>', '<new@example.org>'],
    });
    await daemon.reload({ text: base });
    const lines = () => readFileSync(file, 'utf8').split('\n');
    await waitUntil(() => lines().length > 5, 'records');
    assert.deepEqual(lines(), [
      'old',
      'reject no@example.org no 550 5.7.1 not no@example.org 00:00:00',
      'tempfail new@example.org  451 4.7.1 Greylisted, please try again in 180 seconds 00:03:00',
      'accept b@example.org yes    00:00:00',
      'accept a@example.org yes    00:00:00',
      '',
    ]);
  });
});

describe('records of activity of a message that is greylisted at its end', () => {
  test('are written', async (t) => {
    const daemon = await startTestDaemon(t, { text: base });
    const file = join(daemon.directory, 'activity');
    const rules = `rules: [{name: all, then: accept}]
message-rules: [{name: guard, when: {size: {over: 1}}, then: greylist, delay: 10s}]
activity: {to: 'append:${file}', format: "{verdict} {recipient} {rule} {code} {remaining}\\n"}
`;
    await daemon.reload({ text: base + rules });
    await deliver(daemon, { to: ['<a@example.org>'] });
    await daemon.reload({ text: base });
    const lines = () => readFileSync(file, 'utf8').split('\n');
    await waitUntil(() => lines().length > 1, 'records');
    assert.deepEqual(lines(), ['tempfail a@example.org guard 451 00:00:10', '']);
  });
});

describe('a rule that forgets a client', () => {
  test('forgets its triplets alone, and writes what it is told', async (t) => {
    const rules = `rules:
  - when: {sender: '@trap.example'}
    then: reject
    forget: client
    log-text: '{client-address} came as {sender} %s'
`;
    const daemon = await startTestDaemon(t, { text: base + rules });
    const to = ['<a@example.org>', '<b@example.org>'];
    await deliver(daemon, { to });
    daemon.clock.advance(5 * 60_000);
    await deliver(daemon, { from: '<x@trap.example>', to });
    const told = () =>
      daemon.logger.entries.filter(({ message }) => message === 'client forgotten');
    await waitUntil(() => told().length > 0, 'forgetting');
    const [first] = told();
    assert.deepEqual([first?.fields['client'], first?.fields['removed']], ['203.0.113.7', 2]);
    const lines = daemon.logger.entries.filter(({ message }) => message.includes('came as'));
    assert.equal(lines[0]?.message, '203.0.113.7 came as x@trap.example %s');
    daemon.takeDecisions();
    await deliver(daemon, { to: ['<a@example.org>'] });
    assert.deepEqual(daemon.takeDecisions(), ['tempfail greylist-new <a@example.org>']);
  });
});
