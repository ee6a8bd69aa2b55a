import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import type { DnsEntries } from '../../support/dns-responder.js';
import { startLookups } from './lookups-rig.js';
import { ip } from './spf-rig.js';

const reverse = '7.113.0.203.in-addr.arpa';

async function nameOf(
  t: TestContext,
  entries: DnsEntries,
  client = '203.0.113.7',
): Promise<string | undefined> {
  const { service } = await startLookups(t, entries);
  const answer = await service.forRecipient(ip(client)).clientName(ip(client));
  assert.equal(service.counters.kinds.clientName.asked, 1);
  return answer.known ? answer.value : `? ${answer.problem}`;
}

describe('the name of a client', () => {
  test('is one that has its address', async (t) => {
    const entries = {
      [reverse]: { PTR: ['other.example.test', 'Mail.Example.Test'] },
      'other.example.test': { A: ['203.0.113.8'] },
      'mail.example.test': { A: ['203.0.113.8', '203.0.113.7'] },
    };
    assert.equal(await nameOf(t, entries), 'mail.example.test');
  });

  test('is found for IPv6', async (t) => {
    const zeros = '0.'.repeat(23);
    const entries = {
      [`1.${zeros}8.b.d.0.1.0.0.2.ip6.arpa`]: { PTR: ['six.example.test'] },
      'six.example.test': { AAAA: ['2001:db8:0::1'], A: ['203.0.113.7'] },
    };
    assert.equal(await nameOf(t, entries, '2001:db8::1'), 'six.example.test');
  });

  for (const [what, entries] of [
    ['there is none', {}],
    ['it has another address', { [reverse]: { PTR: ['a.test'] }, 'a.test': { A: ['192.0.2.1'] } }],
    ['it does not exist', { [reverse]: { PTR: ['a.test'] } }],
    ['it is an address', { [reverse]: { PTR: ['203.0.113.7'] } }],
  ] as const)
    test(`is none where ${what}`, async (t) => assert.equal(await nameOf(t, entries), undefined));

  test('is not known without an answer', async (t) => {
    assert.match(String(await nameOf(t, { [reverse]: 'servfail' })), /^\? PTR .*ESERVFAIL/);
    const entries = { [reverse]: { PTR: ['a.test', 'b.test'] }, 'a.test': 'servfail' } as const;
    assert.equal(await nameOf(t, entries), '? A a.test: ESERVFAIL');
  });
});
