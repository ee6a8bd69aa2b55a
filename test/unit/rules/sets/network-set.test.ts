import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { parseIpAddress } from '../../../../src/mail/ip-address.js';
import type { IpAddress } from '../../../../src/mail/ip-address.js';
import { parseNetwork } from '../../../../src/mail/network.js';
import { createNetworkSet } from '../../../../src/rules/sets/network-set.js';
import { finish } from '../../../../src/rules/steps.js';

function entryOf(text: string, index: number) {
  const network = parseNetwork(text);
  assert.ok(network, text);
  return { value: { network }, place: `line ${index + 1}` };
}

function addressOf(text: string): IpAddress {
  const address = parseIpAddress(text);
  assert.ok(address, text);
  return address;
}

/** An address that counts how often one of its bytes is looked at. */
function watched(text: string): { readonly address: IpAddress; readonly reads: () => number } {
  const { family, bytes } = addressOf(text);
  let count = 0;
  const watchedBytes = new Proxy(bytes, {
    get: (target, key) => {
      if (typeof key === 'string' && /^\d+$/.test(key)) count++;
      const value: unknown = Reflect.get(target, key, target);
      return value;
    },
  });
  return { address: { family, bytes: watchedBytes, text }, reads: () => count };
}

describe('a set of networks', () => {
  const set = finish(
    createNetworkSet(
      [
        '192.0.2.0/24',
        '192.0.2.128/25',
        '192.0.2.129/32',
        '192.0.2.0/24',
        '0.0.0.0/2',
        '255.255.255.0/24',
        '2001:db8::/32',
        '2001:db8:0:1::/64',
        '2001:db8:ffff:ffff::/64',
        'ffff::/16',
      ].map(entryOf),
    ),
  );

  for (const [address, place] of [
    ['192.0.2.1', 'line 1'],
    ['192.0.2.127', 'line 1'],
    ['192.0.2.128', 'line 2'],
    ['192.0.2.129', 'line 3'],
    ['192.0.2.130', 'line 2'],
    ['192.0.2.255', 'line 2'],
    ['192.0.3.0', undefined],
    ['192.0.1.255', undefined],
    ['0.0.0.0', 'line 5'],
    ['63.255.255.255', 'line 5'],
    ['64.0.0.0', undefined],
    ['255.255.255.255', 'line 6'],
    ['2001:db8::1', 'line 7'],
    ['2001:db8:0:1::1', 'line 8'],
    ['2001:db8:0:2::', 'line 7'],
    ['2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', 'line 9'],
    ['2001:db9::', undefined],
    ['2001:db7:ffff:ffff:ffff:ffff:ffff:ffff', undefined],
    ['ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'line 10'],
    ['::', undefined],
  ] as const)
    test(`finds for ${address} ${place ?? 'nothing'}`, () => {
      assert.equal(set.find(addressOf(address))?.place, place);
    });

  test('counts its entries, also those that say the same', () => assert.equal(set.size, 10));

  test('of everything finds everything, and of nothing nothing', () => {
    const all = finish(createNetworkSet(['0.0.0.0/0', '::/0'].map(entryOf)));
    assert.equal(all.find(addressOf('255.0.0.1'))?.place, 'line 1');
    assert.equal(all.find(addressOf('ff::1'))?.place, 'line 2');
    assert.equal(finish(createNetworkSet([])).find(addressOf('192.0.2.1')), undefined);
  });

  for (const [family, textOf, address, bytes] of [
    ['IPv4', (i: number) => `10.${i >> 8}.${i & 255}.0/24`, '10.9.9.9', 4],
    ['IPv6', (i: number) => `2001:db8:${i.toString(16)}::/48`, '2001:db8:909::9', 16],
  ] as const)
    test(`of 10,000 ${family} networks is halved with each look`, () => {
      const texts = Array.from({ length: 10_000 }, (_, index) => textOf(index * 2));
      const large = finish(createNetworkSet(texts.map(entryOf)));
      const { address: asked, reads } = watched(address);
      large.find(asked);
      // 10,000 networks with gaps are 20,000 stretches, fewer than 2 to the power of 15.
      assert.ok(reads() > 0 && reads() <= 15 * bytes, `${reads()} reads`);
    });
});
