import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { convertConfig } from '../../src/config/convert-config.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import type { Change } from '../support/filter-answer.js';
import { introduce, said } from './smtp-session.js';

/** One mail, as far as it is not like any other, and what becomes of it. */
export interface Attempt {
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
export interface Vector {
  readonly name: string;
  readonly conf: string;
  readonly attempts: readonly Attempt[];
}

/** What is said in the usual cases. */
export const GO_AWAY = '551 5.7.1 Go away!';
export const PASSES = '250; 250';
export const comeBackIn = (time: string): string =>
  `451 4.7.1 Greylisting in action, please come back in ${time}`;
/** Recipients by what stands before the @. */
export const to = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `${name}@r.example`);

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

/** Tries a file as it is, and converted to our own language. */
export function testVectors(vectors: readonly Vector[]): void {
  for (const vector of vectors) {
    test(vector.name, (t) => check(t, vector, false));
    test(`${vector.name}, converted`, (t) => check(t, vector, true));
  }
}
