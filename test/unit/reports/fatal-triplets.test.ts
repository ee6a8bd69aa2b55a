import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseIpAddress, type IpAddress } from '../../../src/mail/ip-address.js';
import { FatalTriplets } from '../../../src/reports/fatal-triplets.js';
import { SenderChecks } from '../../../src/reports/sender-checks.js';
import { logged, passed } from '../../support/logged.js';

describe('what never got through', () => {
  test('is in order of addresses, without what did, as Postgrey has it', () => {
    const triplets = new FatalTriplets();
    for (const decision of [
      logged(0, { client: '2001:db8::1', from: '' }),
      logged(1, { client: '198.51.100.20', from: 'Bounce+x-12@A.example', name: undefined }),
      logged(2, { client: '198.51.100.20', from: 'Bounce+y@A.example', name: undefined }),
      logged(3, { client: '9.9.9.9' }),
      logged(4, { client: '192.0.2.1' }),
      passed(5, { client: '192.0.2.9' }),
      logged(6, { client: undefined }),
      logged(7, { reason: 'rule' }),
    ]) {
      triplets.add(decision);
    }
    assert.deepEqual(
      triplets.fatal().map(({ address, name, sender, from, tries, lastAt }) => {
        return [address.text, name, sender, from, tries, lastAt - logged(0).at];
      }),
      [
        ['9.9.9.9', 'mx.sender.example', 'joe@sender.example', 'joe@sender.example', 1, 3000],
        ['198.51.100.20', 'unknown', 'bounce@a.example', 'Bounce+x-12@A.example', 2, 2000],
        ['2001:db8::1', 'mx.sender.example', '', '', 1, 0],
      ],
    );
  });
});

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  assert.ok(parsed !== undefined);
  return parsed;
}

describe("whether a client is the sender's", () => {
  const asked: string[] = [];
  const answer = <T>(name: string, table: Readonly<Record<string, T>>): Promise<T> => {
    asked.push(name);
    const found = table[name];
    return found === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(found);
  };
  // The names of node:dns; a server of ours answers in the system tests of lookups.
  const checks = new SenderChecks({
    resolveMx: (name) => answer(name, { 'a.example': [{ exchange: 'mx.a.example', priority: 1 }] }),
    resolve4: (name: string) =>
      answer<string[]>(name, {
        'mx.a.example': ['192.0.2.1'],
        'a.example': ['198.51.100.1'],
        '9.2.0.192.list.example': ['127.0.0.2'],
      }) as never,
    resolve6: (name: string) =>
      answer<string[]>(name, { 'mx.a.example': ['2001:db8::1'] }) as never,
  });
  const all = ['mx', 'mx/24', 'a', 'a/24'];

  for (const [client, wanted, expected] of [
    ['192.0.2.1', all, 'MX'],
    ['2001:db8::1', all, 'MX'],
    ['192.0.2.77', all, 'MX/24'],
    ['198.51.100.1', all, 'A'],
    ['198.51.100.2', all, 'A/24'],
    ['198.51.100.2', ['a'], ''],
    ['203.0.113.1', all, ''],
  ] as const) {
    test(`${client} by ${wanted.join()}`, async () =>
      assert.equal(await checks.check('joe@a.example', address(client), wanted), expected));
  }

  test('the null sender has no domain', async () =>
    assert.equal(await checks.check('', address('192.0.2.1'), all), ''));

  test('asks each question once', () => assert.equal(asked.length, 5));

  test('a list has it, or none has', async () => {
    assert.ok(await checks.isListed(address('192.0.2.9'), ['other.example', 'list.example']));
    assert.ok(!(await checks.isListed(address('2001:db8::1'), ['list.example'])));
    assert.ok(asked.includes(`${'1.'.padEnd(48, '0.')}8.b.d.0.1.0.0.2.list.example`));
  });
});
