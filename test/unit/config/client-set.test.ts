import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { formatClientSet, parseClientSet } from '../../../src/config/client-set.js';
import { parseIpAddress } from '../../../src/mail/ip-address.js';
import { networkContains } from '../../../src/mail/network.js';

function read(text: string) {
  const parsed = parseClientSet(text);
  assert.ok('ok' in parsed, text);
  return parsed.ok;
}

function contains(text: string, address: string): boolean {
  const ip = parseIpAddress(address);
  assert.ok(ip);
  return read(text).networks.some((network) => networkContains(network, ip));
}

describe('networks that are read, and how they are written', () => {
  const cases: readonly (readonly [text: string, canonical: string])[] = [
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['192.0.2.1', '192.0.2.1/32'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['2001:db8::1', '2001:db8::1/128'],
    ['loopback', 'loopback'],
    ['private', 'private'],
  ];
  for (const [text, canonical] of cases) {
    test(text, () => {
      assert.equal(formatClientSet(read(text)), canonical);
      assert.deepEqual(read(canonical), read(text));
    });
  }
});

test('loopback and private are the networks that they say', () => {
  for (const address of ['127.0.0.1', '127.255.255.255', '::1']) {
    assert.equal(contains('loopback', address), true, address);
    assert.equal(contains('private', address), false, address);
  }
  const inside = ['10.1.2.3', '172.16.0.1', '172.31.9.9', '192.168.1.1', '169.254.3.4', 'fd00::1'];
  for (const address of [...inside, 'fe80::1', 'febf::1']) {
    assert.equal(contains('private', address), true, address);
  }
  for (const address of ['11.0.0.1', '172.32.0.1', '192.169.0.1', 'fe00::1', 'fec0::1', '::2']) {
    assert.equal(contains('private', address), false, address);
    assert.equal(contains('loopback', address), false, address);
  }
});

describe('networks that are refused', () => {
  const forms =
    'write loopback, private, an address, or a network such as 192.0.2.0/24 or 2001:db8::/32';
  for (const text of ['', 'mx.example.org', '192.0.2.0/33', '192.0.2/24', 'Private', 'toString']) {
    test(JSON.stringify(text), () =>
      assert.deepEqual(parseClientSet(text), { problem: 'is not a network', hint: forms }),
    );
  }

  test('an address with a prefix, as it is unclear which of the two was meant', () => {
    assert.deepEqual(parseClientSet('192.0.2.1/24'), {
      problem: 'is an address with a prefix',
      hint: 'write 192.0.2.0/24 for the network or 192.0.2.1 for the address',
    });
    assert.deepEqual(parseClientSet('2001:db8::1/32'), {
      problem: 'is an address with a prefix',
      hint: 'write 2001:db8::/32 for the network or 2001:db8::1 for the address',
    });
  });
});

describe('the words', () => {
  const loopback = ['127.0.0.1', '127.255.255.254', '::1', '::ffff:127.0.0.1'];
  const neither = [
    '126.255.255.255',
    '128.0.0.1',
    '::2',
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '169.253.0.1',
    '169.255.0.0',
    'fbff::1',
    'fe00::1',
    'fe7f::1',
    'fec0::1',
    '2001:db8::1',
  ];
  const privateOnes = [
    '10.0.0.0',
    '10.255.255.255',
    '172.16.0.0',
    '172.31.255.255',
    '192.168.0.0',
    '192.168.255.255',
    '169.254.1.1',
    'fc00::',
    'fdff:ffff::1',
    'fe80::1',
    'febf::1',
    '::ffff:10.1.2.3',
  ];

  const cases: readonly (readonly [readonly string[], isLoopback: boolean, isPrivate: boolean])[] =
    [
      [loopback, true, false],
      [privateOnes, false, true],
      [neither, false, false],
    ];
  for (const [texts, isLoopback, isPrivate] of cases) {
    for (const text of texts) {
      test(`${text}: loopback ${String(isLoopback)}, private ${String(isPrivate)}`, () => {
        assert.equal(contains('loopback', text), isLoopback);
        assert.equal(contains('private', text), isPrivate);
      });
    }
  }
});
