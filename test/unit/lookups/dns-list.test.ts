import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startLookups } from './lookups-rig.js';
import { parseNetwork, type Network } from '../../../src/mail/network.js';
import { ip } from './spf-rig.js';

const zone = 'list.test';
const network = (text: string): Network => {
  const parsed = parseNetwork(text);
  assert.ok(parsed);
  return parsed;
};
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

  test('answer what is meant, whatever it is', async (t) => {
    const { service } = await startLookups(t, {
      '1.2.0.192.list.test': { A: ['10.1.2.3', '203.0.113.9'] },
      '2.2.0.192.list.test': { A: ['127.255.255.254'] },
    });
    const meant = [network('10.1.0.0/16'), network('127.255.255.254/32')];
    for (const [client, value] of [
      [ip('192.0.2.1'), ['10.1.2.3', '203.0.113.9']],
      [ip('192.0.2.2'), ['127.255.255.254']],
    ] as const) {
      const answer = await service.forRecipient(client).dnsList(zone, client, meant);
      assert.deepEqual(answer, { known: true, value });
    }
  });

  test('that answer what is not meant, and what no list does, are unknown', async (t) => {
    const { service, logger } = await startLookups(t, {
      '1.2.0.192.list.test': { A: ['10.2.0.1'] },
    });
    const client = ip('192.0.2.1');
    const answer = await service
      .forRecipient(client)
      .dnsList(zone, client, [network('10.1.0.0/16')]);
    assert.equal(answer.known, false);
    logger.take(warning);
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
