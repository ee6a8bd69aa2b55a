import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { createLookups } from '../../../src/lookups/create-lookups.js';
import { NULL_SENDER, parseEnvelopeAddress } from '../../../src/mail/envelope-address.js';
import type { Lookups } from '../../../src/rules/lookups.js';
import { createManualClock } from '../../support/manual-clock.js';
import { writeMmdb } from '../../support/mmdb-writer.js';
import { createTempDirectory } from '../../support/temp-directory.js';
import { startLookups } from './lookups-rig.js';
import { ip } from './spf-rig.js';

const client = ip('192.0.2.1');
const sender = parseEnvelopeAddress('user@example.test');

describe('lookups', () => {
  test('answer all that rules ask, and count it', async (t) => {
    const path = join(createTempDirectory(t), 'geo.mmdb');
    writeFileSync(path, writeMmdb({ '192.0.2.0/24': { country: { iso_code: 'DE' } } }));
    const { service } = await startLookups(
      t,
      {
        '1.2.0.192.list.test': { A: ['127.0.0.2'] },
        '1.2.0.192.in-addr.arpa': { PTR: ['example.test'] },
        'example.test': { TXT: ['v=spf1 a -all'], A: ['192.0.2.1'] },
      },
      { geoFiles: [path], usesSpf: true },
    );
    const lookups = service.forRecipient(client);
    const listed = await lookups.dnsList('list.test', client);
    assert.deepEqual(listed, { known: true, value: ['127.0.0.2'] });
    assert.deepEqual(await lookups.spf({ client, sender, helo: undefined }), {
      known: true,
      value: { result: 'pass', domain: 'example.test', term: 'a:example.test/32', prefix: 32 },
    });
    assert.deepEqual(await lookups.mailExchangers('example.test'), {
      known: true,
      value: [client],
    });
    assert.deepEqual(await lookups.clientName(client), { known: true, value: 'example.test' });
    assert.deepEqual(lookups.geo(client), {
      known: true,
      value: { country: 'DE', asn: undefined, organisation: undefined },
    });
    // Nobody has configured whom to ask.
    const nobody = { known: false, problem: 'no such servers are configured' } as const;
    const question = { base: '', scope: 'base', filter: '(a=*)', attributes: [] } as const;
    assert.deepEqual(lookups.url({ name: 'x', url: 'http://127.0.0.1/' }), nobody);
    assert.deepEqual(lookups.ldap(question), nobody);
    const unsigned = await lookups.dkim({ headers: [], body: new Uint8Array() });
    assert.deepEqual(unsigned, { known: true, value: [] });
    for (const [kind, { asked, unknown }] of Object.entries(service.counters.kinds))
      assert.deepEqual([asked, unknown], [1, kind === 'url' || kind === 'ldap' ? 1 : 0], kind);
    // The list, the policy, A, MX and AAAA of the domain, and the name; A was known by then, twice.
    assert.equal(service.counters.dns.asked, 6);
    assert.equal(service.counters.dns.cached, 2);
  });

  test('have one time for all questions of a recipient', async (t) => {
    const { service, responder } = await startLookups(
      t,
      { 'example.test': 'silence', '1.2.0.192.list.test': 'silence' },
      { timeoutMs: 1000, usesSpf: true },
    );
    const lookups = service.forRecipient(client);
    const spf = await lookups.spf({ client, sender, helo: undefined });
    assert.ok(!spf.known);
    // The timer that has ended it may have been a moment early.
    await pause(20);
    const asked = responder.questions.length;
    assert.deepEqual(lookups.dnsList('list.test', client), {
      known: false,
      problem: 'A 1.2.0.192.list.test: no time was left to ask',
    });
    assert.equal(responder.questions.length, asked);
    assert.equal(service.counters.kinds.spf.unknown, 1);
    assert.equal(service.counters.kinds.dnsList.unknown, 1);
    // The next recipient has its own.
    responder.set({ '1.2.0.192.list.test': { A: ['127.0.0.2'] } });
    const next = await service.forRecipient(client).dnsList('list.test', client);
    assert.deepEqual(next, { known: true, value: ['127.0.0.2'] });
  });

  test('know for a minute what SPF says of a sender and a client', async (t) => {
    const { service, responder, clock } = await startLookups(t, {
      'example.test': { TXT: ['v=spf1 ip4:192.0.2.1 -all'] },
    });
    const ask = (from: string, address: string): ReturnType<Lookups['spf']> =>
      service.forRecipient(client).spf({
        client: ip(address),
        sender: parseEnvelopeAddress(from),
        helo: 'mail.test',
      });
    const pass = await ask('user@example.test', '192.0.2.1');
    assert.deepEqual(ask('user@example.test', '192.0.2.1'), pass);
    const fail = await ask('user@example.test', '192.0.2.2');
    assert.ok(pass.known && fail.known);
    assert.deepEqual([pass.value.result, fail.value.result], ['pass', 'fail']);
    assert.equal(responder.questions.length, 1);
    clock.advance(60_000);
    assert.ok(ask('user@example.test', '192.0.2.1') instanceof Promise);
  });

  test('do not remember that SPF could not be asked', async (t) => {
    const { service, responder } = await startLookups(t, { 'example.test': 'servfail' });
    const question = { client, sender, helo: undefined };
    assert.ok(!(await service.forRecipient(client).spf(question)).known);
    responder.set({ 'example.test': { TXT: ['v=spf1 -all'] } });
    assert.ok((await service.forRecipient(client).spf(question)).known);
  });

  test('without a database do not know where anybody is', async (t) => {
    const { service } = await startLookups(t, {});
    assert.deepEqual(service.forRecipient(undefined).geo(client), {
      known: false,
      problem: 'no GeoIP database is configured',
    });
  });

  test('ask by SPF for the HELO name where there is no sender', async (t) => {
    const { service } = await startLookups(t, { 'mail.test': { TXT: ['v=spf1 ?all'] } });
    const lookups = service.forRecipient(client);
    assert.deepEqual(await lookups.spf({ client, sender: NULL_SENDER, helo: 'Mail.test' }), {
      known: true,
      value: { result: 'neutral', domain: 'mail.test', term: 'all', prefix: undefined },
    });
  });

  test('are not made ready with a database that is missing', async () => {
    const options = { resolvers: [], timeoutMs: 1, clock: createManualClock() };
    await assert.rejects(createLookups({ ...options, geoFiles: ['/nowhere/geo.mmdb'] }), {
      name: 'LookupError',
      code: 'GEO_UNREADABLE',
    });
  });
});
