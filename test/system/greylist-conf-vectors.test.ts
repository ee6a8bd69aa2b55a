import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { convertConfig } from '../../src/config/convert-config.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import type { Change } from '../support/filter-answer.js';
import { introduce, said } from './smtp-session.js';

/** One mail, as far as it is not like any other, and what becomes of it. */
interface Attempt {
  /** Seconds since the first one. */
  readonly at?: number;
  readonly ip?: string;
  readonly name?: string;
  readonly helo?: string;
  /** As the client writes it. */
  readonly from?: string;
  readonly to?: readonly string[];
  /** Macros of MAIL and RCPT. */
  readonly macros?: Readonly<Record<string, string>>;
  readonly fields?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
  /** What is said to each recipient, and of a message whose recipients pass: `250` if it goes on. */
  readonly told: string;
  /** How the value of X-Greylist begins. */
  readonly says?: string;
}

/** What milter-greylist does, by its description: a file, and what is said to who comes. */
interface Vector {
  readonly name: string;
  readonly conf: string;
  readonly attempts: readonly Attempt[];
}

const GO_AWAY = '551 5.7.1 Go away!';
const comeBackIn = (time: string): string =>
  `451 4.7.1 Greylisting in action, please come back in ${time}`;
const to = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `${name}@r.example`);

const VECTORS: readonly Vector[] = [
  {
    name: 'rcptcount: who was refused is not counted',
    conf: `racl blacklist rcpt bad@r.example
racl blacklist rcptcount >= 2 msg "many"
racl whitelist default`,
    attempts: [{ to: to('1', 'bad', '2', '3'), told: `250, ${GO_AWAY}, 250, 551 5.7.1 many; 250` }],
  },
  {
    name: 'rcptcount: who has to wait is not counted',
    conf: `racl blacklist rcptcount > 0
racl whitelist rcpt w@r.example
racl greylist default delay 10s`,
    attempts: [
      {
        to: to('1', '2', 'w', '3'),
        told: `${comeBackIn('00:00:10')}, ${comeBackIn('00:00:10')}, 250, ${GO_AWAY}; 250`,
      },
    ],
  },
  {
    name: 'rcptcount: begins anew with each mail, and counts who gets it in the end',
    conf: 'racl blacklist rcpt x@r.example\nracl whitelist default\ndacl blacklist rcptcount > 1',
    attempts: [
      { to: to('x', '1'), told: `${GO_AWAY}, 250; 250` },
      { to: to('1', '2'), told: `250, 250; ${GO_AWAY}` },
    ],
  },
  {
    name: 'ratelimit of data: the bytes of messages that nobody looks at',
    conf: `ratelimit "d" data 1k / 1h key "%i"
racl whitelist default
dacl blacklist ratelimit "d"`,
    attempts: [
      { told: '250; 250' },
      { body: 'a line of a message\r\n'.repeat(60), told: `250; ${GO_AWAY}` },
      { ip: '192.0.2.11', told: '250; 250' },
    ],
  },
  {
    name: 'domainexact: a dot before a name',
    conf: 'domainexact\nracl blacklist domain .example.net\nracl whitelist default',
    attempts: [
      { told: GO_AWAY },
      { name: 'example.net', told: '250; 250' },
      { name: 'badexample.net', told: '250; 250' },
    ],
  },
  {
    name: 'a text that shows its codes',
    conf: `racl blacklist from /^<b/ code "554" ecode "5.3.3" msg "%Xc %Xe"
racl greylist default msg "%Xc (%Xe) %R" delay 10s`,
    attempts: [
      { from: '<b@s.example>', told: '554 5.3.3 554 5.3.3' },
      { told: '451 4.7.1 451 (4.7.1) 00:00:10' },
    ],
  },
  {
    name: 'a code of 4xx leaves the text of who is blacklisted',
    conf: `racl continue from c@s.example msg "not now"
racl blacklist rcpt /^<b/ code "450"
racl blacklist default code "452" ecode "4.3.0" msg "later"`,
    attempts: [
      { from: '<c@s.example>', told: '450 4.7.1 not now' },
      { to: to('x'), told: '452 4.3.0 later' },
    ],
  },
  {
    name: 'a code of 4xx, and no text anywhere',
    conf: 'racl blacklist default code "450"',
    attempts: [{ told: '450 4.7.1 Go away!' }],
  },
  {
    name: 'a rule over several lines is known by its last one',
    conf: `racl continue default report "%cA %a"
racl blacklist \\
  from b@s.example \\
  msg "rule %a %A %cA"
racl whitelist default`,
    attempts: [
      { from: '<b@s.example>', told: '551 5.7.1 rule 5 5 5' },
      { told: '250; 250', says: '2 6' },
    ],
  },
];

/** What is said to one mail, and what is changed about it. */
async function offer(
  daemon: Awaited<ReturnType<typeof startTestDaemon>>,
  attempt: Attempt,
): Promise<{ readonly told: string; readonly changes: readonly Change[] }> {
  const { ip = '192.0.2.10', name = 'client.example.net', helo = name } = attempt;
  const { from = '<a@s.example>', to: recipients = ['b@r.example'], macros = {} } = attempt;
  const peer = await daemon.connect();
  await peer.negotiate();
  const family = ip.includes(':') ? '6' : '4';
  await introduce(peer, { address: ip, name, helo, family });
  peer.macros('M', macros);
  await peer.mail(from);
  const replies: string[] = [];
  for (const recipient of recipients) {
    peer.macros('R', macros);
    replies.push(plain(said(await peer.rcpt(`<${recipient}>`))));
  }
  if (!replies.includes('250')) return { told: replies.join(', '), changes: [] };
  await peer.data();
  for (const [field, value] of attempt.fields ?? []) await peer.header(field, ` ${value}`);
  await peer.eoh();
  await peer.body(attempt.body ?? 'hello\r\n');
  const { reply, changes } = await peer.eom();
  await peer.quit();
  return { told: `${replies.join(', ')}; ${plain(said(reply))}`, changes };
}

/** As the client sees it: what goes on is accepted, and the protocol doubles each percent sign. */
function plain(answer: string): string {
  return answer === 'continue' ? '250' : answer.replaceAll('%%', '%');
}

async function check(t: TestContext, { conf, attempts }: Vector, isConverted: boolean) {
  const own = `nospf\n${conf}\n`;
  const text = isConverted ? (await convertConfig('greylist.conf', {}, own)).text : own;
  const file = isConverted ? 'greymilter.yaml' : 'greylist.conf';
  const daemon = await startTestDaemon(t, { text, file });
  const startedAt = daemon.clock.now();
  for (const [index, attempt] of attempts.entries()) {
    daemon.clock.set(startedAt + (attempt.at ?? 0) * 1000);
    const { told, changes } = await offer(daemon, attempt);
    assert.equal(told, attempt.told, `attempt ${index + 1}`);
    if (attempt.says === undefined) continue;
    const said = changes.find((change) => 'name' in change && change.name === 'X-Greylist');
    const value = said !== undefined && 'value' in said ? said.value.trim() : 'nothing';
    assert.ok(value.startsWith(attempt.says), `attempt ${index + 1}: ${value}`);
  }
}

describe('a greylist.conf decides as its description says', () => {
  for (const vector of VECTORS) {
    test(vector.name, (t) => check(t, vector, false));
    test(`${vector.name}, converted`, (t) => check(t, vector, true));
  }
});
