import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ipAddressFromBytes, parseIpAddress } from '../../../src/mail/ip-address.js';
import type { IpAddress } from '../../../src/mail/ip-address.js';
import { networkContains, networkOf, parseNetwork } from '../../../src/mail/network.js';
import type { Network } from '../../../src/mail/network.js';

function addressOf(text: string): IpAddress {
  const address = parseIpAddress(text);
  assert.ok(address !== undefined, text);
  return address;
}

function networkFrom(text: string): Network {
  const network = parseNetwork(text);
  assert.ok(network !== undefined, text);
  return network;
}

describe('parseNetwork', () => {
  const accepted: readonly (readonly [text: string, canonical: string])[] = [
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['192.0.2.77/24', '192.0.2.0/24'],
    ['192.0.2.77/29', '192.0.2.72/29'],
    ['192.0.2.77', '192.0.2.77/32'],
    ['192.0.2.77/32', '192.0.2.77/32'],
    ['255.255.255.255/0', '0.0.0.0/0'],
    ['2001:DB8:FFFF::/33', '2001:db8:8000::/33'],
    ['2001:db8::1', '2001:db8::1/128'],
    ['::/0', '::/0'],
    ['IPv6:2001:db8::/32', '2001:db8::/32'],
    ['::ffff:192.0.2.0/120', '192.0.2.0/24'],
    ['::ffff:192.0.2.1', '192.0.2.1/32'],
    ['::ffff:0:0/96', '0.0.0.0/0'],
  ];
  for (const [text, canonical] of accepted) {
    test(`reads ${text}`, () => {
      const network = networkFrom(text);
      assert.equal(network.text, canonical);
      assert.equal(network.prefix, Number(canonical.split('/')[1]));
    });
  }

  const refused = [
    '',
    '/',
    '192.0.2.0/',
    '192.0.2.0/33',
    '192.0.2.0/-1',
    '192.0.2.0/024',
    '192.0.2.0/2 4',
    '192.0.2.0/255.255.255.0',
    '192.0.2/24',
    '2001:db8::/129',
    '2001:db8::/1000',
    '192.0.2.0/24/24',
    '::ffff:192.0.2.0/95',
    '::ffff:192.0.2.0/24',
    'example.net',
    'example.net/24',
  ];
  for (const text of refused) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      assert.equal(parseNetwork(text), undefined);
    });
  }
});

describe('networkOf', () => {
  test('clears the bits behind the prefix and leaves the address alone', () => {
    const address = addressOf('203.0.113.255');
    assert.equal(networkOf(address, 25).text, '203.0.113.128/25');
    assert.equal(address.text, '203.0.113.255');
    assert.equal(address.bytes[3], 255);
  });

  test('leaves an address alone whose bytes are a Buffer', () => {
    const address = ipAddressFromBytes(Buffer.of(203, 0, 113, 255));
    assert.equal(networkOf(address, 8).text, '203.0.0.0/8');
    assert.equal(address.bytes[3], 255);
  });

  test('takes a prefix beyond the address for the address alone', () => {
    assert.equal(networkOf(addressOf('203.0.113.7'), 64).text, '203.0.113.7/32');
  });
});

describe('networkContains', () => {
  const cases: readonly (readonly [network: string, address: string, expected: boolean])[] = [
    ['192.0.2.0/24', '192.0.2.0', true],
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.128/25', '192.0.2.127', false],
    ['0.0.0.0/0', '203.0.113.7', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '203.0.113.7', false],
    ['2001:db8::/32', '2001:db8:ffff::', true],
    ['2001:db8::/32', '2001:db9::', false],
    ['192.0.2.0/24', '::ffff:192.0.2.9', true],
  ];
  for (const [network, address, expected] of cases) {
    test(`${network} ${expected ? 'contains' : 'does not contain'} ${address}`, () => {
      assert.equal(networkContains(networkFrom(network), addressOf(address)), expected);
    });
  }
});
