import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createLookups, type LookupService } from '../../src/lookups/create-lookups.js';
import { parseEnvelopeAddress } from '../../src/mail/envelope-address.js';
import { parseIpAddress, type IpAddress } from '../../src/mail/ip-address.js';
import { skipWithoutDnsServer, startDnsServer, type DnsServer } from '../support/dns-server.js';
import { createManualClock } from '../support/manual-clock.js';

/** Too long for one packet, so that the resolver has to come again over TCP. */
const longPolicy = `v=spf1 ${Array.from({ length: 120 }, (_, index) => `ip4:10.0.${index}.0/24 `).join('')}-all`;

const zones = {
  'example.test': [
    '@ TXT "v=spf1 mx include:_spf.partner.test -all"',
    '@ MX 10 mail',
    '@ MX 20 backup.partner.test.',
    'mail A 192.0.2.1',
    'mail AAAA 2001:db8::1',
    'alias CNAME mail',
    'null MX 0 .',
    `long TXT ${(longPolicy.match(/.{1,200}/g) ?? []).map((part) => `"${part}"`).join(' ')}`,
    ...Array.from({ length: 201 }, (_, index) => `many A 10.0.0.${index}`),
    'far TXT "v=spf1 include:elsewhere.invalid -all"',
  ].join('\n'),
  'partner.test': '_spf TXT "v=spf1 ip4:198.51.100.0/24 -all"\nbackup A 198.51.100.7',
  'list.test': '2.0.0.127 A 127.0.0.2\n',
};

function ip(text: string): IpAddress {
  const address = parseIpAddress(text);
  assert.ok(address);
  return address;
}

describe('lookups with a real name server', { skip: skipWithoutDnsServer() }, () => {
  const clock = createManualClock();
  const cleanUps: (() => void | Promise<void>)[] = [];
  let server: DnsServer;
  let service: LookupService;

  before(async () => {
    server = await startDnsServer({ after: (stop) => cleanUps.unshift(stop) }, zones);
    const options = { resolvers: [server.address], timeoutMs: 5000, geoFiles: [], clock };
    service = await createLookups({ ...options, usesSpf: true });
  });
  after(async () => {
    service.close();
    for (const cleanUp of cleanUps) await cleanUp();
  });

  const spf = async (client: string, from: string): Promise<string> => {
    const sender = parseEnvelopeAddress(from);
    const answer = await service
      .forRecipient(ip(client))
      .spf({ client: ip(client), sender, helo: undefined });
    return answer.known ? `${answer.value.result} ${answer.value.term ?? ''}` : answer.problem;
  };

  test('SPF goes through exchangers and included policies', async () => {
    const from = 'user@example.test';
    assert.equal(await spf('192.0.2.1', from), 'pass mx:example.test/32');
    assert.equal(await spf('2001:db8::1', from), 'pass mx:example.test//128');
    assert.equal(
      await spf('198.51.100.9', from),
      'pass include:_spf.partner.test ip4:198.51.100.0/24',
    );
    assert.equal(await spf('203.0.113.1', from), 'fail all');
    assert.equal(await spf('192.0.2.1', 'user@none.example.test'), 'none ');
  });

  test('SPF reads policies that need TCP', async () => {
    assert.equal(await spf('10.0.119.5', 'user@long.example.test'), 'pass ip4:10.0.119.0/24');
  });

  test('SPF does not know where a server refuses to answer', async () => {
    const found = await spf('192.0.2.1', 'user@far.example.test');
    assert.equal(found, 'TXT elsewhere.invalid: EREFUSED');
  });

  test('no name has hundreds of addresses that we would keep', async () => {
    const client = ip('10.0.0.1');
    const answer = await service.forRecipient(client).mailExchangers('many.example.test');
    assert.deepEqual(answer, {
      known: false,
      problem: 'A many.example.test: 201 records are too many',
    });
  });

  test('mail exchangers have their addresses, aliases and null MX included', async () => {
    const exchangersOf = async (domain: string): Promise<readonly string[]> => {
      const answer = await service.forRecipient(undefined).mailExchangers(domain);
      assert.ok(answer.known);
      return answer.value.map(({ text }) => text);
    };
    const mail = ['192.0.2.1', '2001:db8::1'];
    assert.deepEqual(await exchangersOf('example.test'), [...mail, '198.51.100.7']);
    assert.deepEqual(await exchangersOf('alias.example.test'), mail);
    assert.deepEqual(await exchangersOf('null.example.test'), []);
    assert.deepEqual(await exchangersOf('gone.example.test'), []);
  });

  test('a client that gets listed while it waits is found, once what is remembered is over', async () => {
    const client = ip('192.0.2.99');
    const lookups = service.forRecipient(client);
    assert.deepEqual(await lookups.dnsList('list.test', ip('127.0.0.2')), {
      known: true,
      value: ['127.0.0.2'],
    });
    assert.deepEqual(await lookups.dnsList('list.test', client), { known: true, value: [] });
    await server.setZone('list.test', '99.2.0.192 A 127.0.0.4');
    clock.advance(60_000);
    assert.deepEqual(await service.forRecipient(client).dnsList('list.test', client), {
      known: true,
      value: ['127.0.0.4'],
    });
  });
});
