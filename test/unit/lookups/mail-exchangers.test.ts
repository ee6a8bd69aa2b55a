import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DnsEntries } from '../../support/dns-responder.js';
import type { CleanUp } from '../../support/temp-directory.js';
import { startLookups } from './lookups-rig.js';
import { ip } from './spf-rig.js';

async function exchangersOf(t: CleanUp, domain: string, entries: DnsEntries): Promise<unknown> {
  const { service } = await startLookups(t, entries, { timeoutMs: 500 });
  const answer = await service.forRecipient(ip('192.0.2.1')).mailExchangers(domain);
  return answer.known ? answer.value.map(({ text }) => text) : answer.problem;
}

describe('mail exchangers', () => {
  test('are looked up with all their addresses', async (t) => {
    const found = await exchangersOf(t, 'd.test', {
      'd.test': { MX: ['20 b.test', '10 a.test', '30 a.test'], A: ['192.0.2.9'] },
      'a.test': { A: ['192.0.2.1', '192.0.2.2'], AAAA: ['2001:db8::1'] },
      'b.test': { A: ['192.0.2.2'] },
    });
    assert.deepEqual(found, ['192.0.2.1', '192.0.2.2', '2001:db8::1']);
  });

  test('are the domain itself where it has none', async (t) => {
    const entries = { 'd.test': { A: ['192.0.2.9'], AAAA: ['2001:db8::9'] } };
    assert.deepEqual(await exchangersOf(t, 'd.test', entries), ['192.0.2.9', '2001:db8::9']);
  });

  test('are nobody by the null MX (RFC 7505)', async (t) => {
    const entries = { 'd.test': { MX: ['0 .'], A: ['192.0.2.9'] } };
    assert.deepEqual(await exchangersOf(t, 'd.test', entries), []);
  });

  test('are nobody for a domain that does not exist, and for none', async (t) => {
    assert.deepEqual(await exchangersOf(t, 'gone.test', {}), []);
    assert.deepEqual(await exchangersOf(t, '', {}), []);
    assert.deepEqual(await exchangersOf(t, '[nonsense]', {}), []);
  });

  test('are the address of an address literal', async (t) => {
    assert.deepEqual(await exchangersOf(t, '[192.0.2.7]', {}), ['192.0.2.7']);
    assert.deepEqual(await exchangersOf(t, '[IPv6:2001:db8::7]', {}), ['2001:db8::7']);
  });

  test('are unknown if one of the questions fails', async (t) => {
    assert.equal(await exchangersOf(t, 'd.test', { 'd.test': 'servfail' }), 'MX d.test: ESERVFAIL');
    const entries: DnsEntries = {
      'd.test': { MX: ['10 a.test', '20 b.test'] },
      'a.test': { A: ['192.0.2.1'] },
      'b.test AAAA': 'silence',
    };
    const found = await exchangersOf(t, 'd.test', entries);
    assert.match(String(found), /^AAAA b\.test: no answer in/);
  });

  test('are the ten most preferred', async (t) => {
    const names = Array.from({ length: 12 }, (_, index) => `m${index}.test`);
    const found = await exchangersOf(t, 'd.test', {
      'd.test': { MX: names.map((name, index) => `${index} ${name}`) },
      ...Object.fromEntries(names.map((name, index) => [name, { A: [`192.0.2.${index}`] }])),
    });
    assert.deepEqual(
      found,
      Array.from({ length: 10 }, (_, index) => `192.0.2.${index}`),
    );
  });
});
