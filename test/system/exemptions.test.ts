import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Reason } from '../../src/greylist/decision.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import {
  openSession,
  recipient,
  sendContent,
  sender,
  tryRecipient,
  waitFor,
  type Client,
} from './smtp-session.js';

interface Case {
  readonly what: string;
  readonly reason: Reason;
  readonly client?: Client;
  readonly mailMacros?: Readonly<Record<string, string>>;
  readonly rcptMacros?: Readonly<Record<string, string>>;
  readonly overrides?: readonly string[];
}

const cases: readonly Case[] = [
  { what: 'a login', reason: 'authenticated', mailMacros: { '{auth_authen}': 'joe@example.org' } },
  { what: "Postfix's sendmail command", reason: 'local', client: { port: 0 } },
  { what: 'sendmail -bs on a pipe', reason: 'local', client: { family: 'U' } },
  {
    what: 'a Unix socket',
    reason: 'local',
    client: { family: 'L', port: 0, address: '/run/mail.sock' },
  },
  { what: 'XCLIENT without an address', reason: 'local', client: { address: 'unknown' } },
  {
    what: 'a daemon for our own users in Postfix',
    reason: 'local',
    client: { macros: { '{daemon_name}': 'ORIGINATING' } },
  },
  {
    what: 'a daemon for our own users in Sendmail',
    reason: 'local',
    client: { macros: { '{daemon_name}': 'MSA' } },
  },
  { what: 'WHITE', reason: 'access-map', rcptMacros: { '{greylist}': 'WHITE' } },
  { what: 'RELAY', reason: 'access-map', rcptMacros: { '{greylist}': 'RELAY' } },
  { what: 'OK', reason: 'access-map', rcptMacros: { '{greylist}': 'ok' } },
  { what: 'loopback', reason: 'trusted', client: { address: '127.0.0.1' } },
  { what: 'IPv6 loopback', reason: 'trusted', client: { address: '::1', family: '6' } },
  { what: 'a private network', reason: 'trusted', client: { address: '10.1.2.3' } },
  { what: 'a network that is trusted', reason: 'trusted', overrides: ['trusted=[192.0.2.0/24]'] },
];

describe('never greylisted', () => {
  for (const { what, reason, client, mailMacros, rcptMacros, overrides } of cases) {
    test(`${reason}: ${what}`, async (t) => {
      const daemon = await startTestDaemon(t, { overrides: overrides ?? [] });
      const peer = await daemon.connect();
      await openSession(peer, client);
      peer.macros('M', mailMacros ?? {});
      await peer.mail(`<${sender}>`);
      assert.equal(await tryRecipient(peer, recipient, rcptMacros), 'continue');
      const { eom, headers } = await sendContent(peer);
      assert.deepEqual([eom, headers], ['continue', []]);
      assert.deepEqual(daemon.takeDecisions(), [`accept ${reason} <${recipient}>`]);
    });
  }
});

describe('greylisted like everybody', () => {
  const waiting: readonly Omit<Case, 'reason'>[] = [
    { what: 'an empty login', mailMacros: { '{auth_authen}': '' } },
    { what: 'another daemon', client: { macros: { '{daemon_name}': 'MTA' } } },
    { what: 'another entry of the access map', rcptMacros: { '{greylist}': 'REJECT' } },
    {
      what: 'loopback if it is not trusted',
      client: { address: '127.0.0.1' },
      overrides: ['trusted=[]'],
    },
    { what: 'a client beside the trusted network', overrides: ['trusted=[192.0.2.128/25]'] },
  ];
  for (const { what, client, mailMacros, rcptMacros, overrides } of waiting) {
    test(what, async (t) => {
      const daemon = await startTestDaemon(t, { overrides: overrides ?? [] });
      const peer = await daemon.connect();
      await openSession(peer, client);
      peer.macros('M', mailMacros ?? {});
      await peer.mail(`<${sender}>`);
      assert.equal(await tryRecipient(peer, recipient, rcptMacros), waitFor(180));
    });
  }
});

test('an entry of the access map is for its recipient alone', async (t) => {
  const daemon = await startTestDaemon(t);
  const peer = await daemon.connect();
  await openSession(peer);
  await peer.mail(`<${sender}>`);
  assert.equal(await tryRecipient(peer, 'a@example.org', { '{greylist}': 'WHITE' }), 'continue');
  assert.equal(await tryRecipient(peer, 'b@example.org'), waitFor(180));
});

test('a login is over with its message', async (t) => {
  const daemon = await startTestDaemon(t);
  const peer = await daemon.connect();
  await openSession(peer);
  peer.macros('M', { '{auth_authen}': 'joe' });
  await peer.mail(`<${sender}>`);
  assert.equal(await tryRecipient(peer, recipient), 'continue');
  peer.macros('M', {});
  await peer.mail(`<${sender}>`);
  assert.equal(await tryRecipient(peer, recipient), waitFor(180));
});
