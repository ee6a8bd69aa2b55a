import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startLookups } from './lookups-rig.js';
import { ip } from './spf-rig.js';

const zone = 'list.test';
const warning = 'a DNS list does not work';

describe('DNS lists', () => {
  test('are asked for the octets in reverse', async (t) => {
    const { service, responder } = await startLookups(t, {
      '1.2.0.192.list.test': { A: ['127.0.0.2', '127.0.0.10'] },
    });
    const client = ip('192.0.2.1');
    const lookups = service.forRecipient(client);
    const listed = { known: true, value: ['127.0.0.2', '127.0.0.10'] };
    assert.deepEqual(await lookups.dnsList(zone, client), listed);
    assert.deepEqual(lookups.dnsList(`${zone}.`, client), listed);
    assert.deepEqual(responder.questions, ['A 1.2.0.192.list.test']);
  });

  test('are asked for the nibbles of IPv6 in reverse', async (t) => {
    const name = 'b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.list.test';
    const { service } = await startLookups(t, { [name]: { A: ['127.0.0.3'] } });
    const client = ip('4321:0:1:2:3:4:567:89ab');
    const answer = await service.forRecipient(client).dnsList(zone, client);
    assert.deepEqual(answer, { known: true, value: ['127.0.0.3'] });
  });

  test('that do not know a client have nothing', async (t) => {
    const { service } = await startLookups(t, { '2.2.0.192.list.test': {} });
    for (const client of [ip('192.0.2.1'), ip('192.0.2.2')]) {
      const answer = await service.forRecipient(client).dnsList(zone, client);
      assert.deepEqual(answer, { known: true, value: [] });
    }
    assert.equal(service.counters.kinds.dnsList.unknown, 0);
  });

  for (const [what, address, problem] of [
    ['refuses us', '127.255.255.254', /refuses to answer us \(127\.255\.255\.254\)/],
    ['answers everything with an address of its own', '203.0.113.9', /203\.0\.113\.9 is no answer/],
  ] as const)
    test(`that ${what} are unknown, and warned of once`, async (t) => {
      const { service, logger } = await startLookups(t, {
        '1.2.0.192.list.test': { A: ['127.0.0.2', address] },
        '2.2.0.192.list.test': { A: [address] },
      });
      for (const client of [ip('192.0.2.1'), ip('192.0.2.2')]) {
        const answer = await service.forRecipient(client).dnsList(zone, client);
        assert.ok(!answer.known);
        assert.match(answer.problem, problem);
      }
      const { fields } = logger.take(warning);
      assert.equal(fields['zone'], zone);
      assert.match(String(fields['problem']), problem);
      assert.deepEqual(service.counters.kinds.dnsList.unknown, 2);
    });

  test('that do not answer are unknown, without a warning', async (t) => {
    const { service } = await startLookups(t, { '1.2.0.192.list.test': 'servfail' });
    const client = ip('192.0.2.1');
    assert.deepEqual(await service.forRecipient(client).dnsList(zone, client), {
      known: false,
      problem: 'A 1.2.0.192.list.test: ESERVFAIL',
    });
  });
});
