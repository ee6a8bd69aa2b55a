import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Attempt } from '../../../src/greylist/attempt.js';
import { NULL_SENDER, parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { parseNetwork, type Network } from '../../../src/mail/network.js';
import { exemptionOf, parseExemption, type Exemption } from '../../../src/rules/exemption.js';

const attempt: Attempt = {
  id: 'q1',
  via: 'milter',
  clientAddress: parseIpAddress('192.0.2.1'),
  clientPort: 40_000,
  clientName: 'mail.client.example',
  helo: 'mail.client.example',
  sender: NULL_SENDER,
  recipient: parseEnvelopeAddress('<bob@example.org>'),
  login: undefined,
  daemonName: 'mx.example.org',
  accessMap: undefined,
};

const trusted: readonly Network[] = ['127.0.0.0/8', '198.51.100.0/24', '2001:db8::/32']
  .map(parseNetwork)
  .filter((network) => network !== undefined);

type Case = readonly [what: string, more: Partial<Attempt>, expected: Exemption | undefined];

const cases: readonly Case[] = [
  ['a client from elsewhere', {}, undefined],
  ['a client whose MTA tells neither port nor daemon', noPort(), undefined],
  ['a login', { login: 'joe' }, 'authenticated'],
  ['an empty login', { login: '' }, undefined],
  ['no client address', { clientAddress: undefined }, 'local'],
  ['port 0', { clientPort: 0 }, 'local'],
  ['a daemon for our own users in Postfix', { daemonName: 'ORIGINATING' }, 'local'],
  ['a daemon for our own users in Sendmail', { daemonName: 'MSA' }, 'local'],
  ['a daemon of another name', { daemonName: 'MTA' }, undefined],
  ['a daemon whose name only begins so', { daemonName: 'MSA2' }, undefined],
  ['WHITE', { accessMap: 'WHITE' }, 'access-map'],
  ['RELAY', { accessMap: 'RELAY' }, 'access-map'],
  ['OK', { accessMap: 'OK' }, 'access-map'],
  ['ok in lower case', { accessMap: 'ok' }, 'access-map'],
  ['another word', { accessMap: 'REJECT' }, undefined],
  ['an empty word', { accessMap: '' }, undefined],
  ['a trusted network', { clientAddress: parseIpAddress('198.51.100.7') }, 'trusted'],
  ['a trusted network, IPv6', { clientAddress: parseIpAddress('2001:db8::7') }, 'trusted'],
];

function noPort(): Partial<Attempt> {
  return { clientPort: undefined, daemonName: undefined };
}

describe('an attempt that passes without a rule', () => {
  for (const [what, more, expected] of cases) {
    test(`${what}: ${expected ?? 'none'}`, () =>
      assert.equal(exemptionOf({ ...attempt, ...more }, trusted), expected));
  }

  test('with nobody trusted', () => {
    const loopback = { ...attempt, clientAddress: parseIpAddress('127.0.0.1') };
    assert.equal(exemptionOf(loopback, []), undefined);
    assert.equal(exemptionOf(loopback, trusted), 'trusted');
  });
});

test('what says most about the client is told first', () => {
  const all: Attempt = {
    ...attempt,
    login: 'joe',
    clientPort: 0,
    accessMap: 'OK',
    clientAddress: parseIpAddress('127.0.0.1'),
  };
  assert.equal(exemptionOf(all, trusted), 'authenticated');
  assert.equal(exemptionOf({ ...all, login: undefined }, trusted), 'local');
  assert.equal(exemptionOf({ ...all, login: undefined, clientPort: 1 }, trusted), 'access-map');
});

describe('what a setting turns on and off', () => {
  const all: Attempt = {
    ...attempt,
    login: 'joe',
    certSubject: '/CN=mx',
    clientPort: 0,
    accessMap: 'OK',
  };

  test('nobody is exempt but those that it names', () => {
    assert.equal(exemptionOf(all, [], []), undefined);
    assert.equal(exemptionOf(all, [], ['tls']), 'tls');
    assert.equal(exemptionOf(attempt, [], ['tls']), undefined);
    assert.equal(exemptionOf(all, [], ['local', 'authenticated']), 'local');
    assert.equal(exemptionOf({ ...all, clientAddress: undefined }, trusted, []), undefined);
  });

  test('is read by its words', () => {
    assert.deepEqual(parseExemption('tls'), { ok: 'tls' });
    assert.ok('problem' in parseExemption('spf'));
  });
});
