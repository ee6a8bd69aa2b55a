import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { NetworkCounts } from '../../../src/daemon/stores/network-counts.js';
import { ipAddressFromBytes, type IpAddress } from '../../../src/mail/ip-address.js';
import { networkOf } from '../../../src/mail/network.js';
import { fc } from '../../support/properties.js';

const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 });
/** Never one of IPv4 in the form of IPv6. */
const ipv6 = fc.uint8Array({ minLength: 15, maxLength: 15 }).map((rest) => [0x20, ...rest]);
const anyAddress = fc.oneof(ipv4, ipv6).map((bytes) => ipAddressFromBytes(Uint8Array.from(bytes)));

function networkTextOf(address: IpAddress): string {
  return networkOf(address, address.family === 4 ? 24 : 48).text;
}

/** An address of the network with this number, IPv4 or IPv6. */
function addressOf(network: number, host: number): IpAddress {
  const [high, low] = [(network >> 8) & 0xff, network & 0xff];
  return ipAddressFromBytes(
    network % 2 === 0
      ? Uint8Array.of(10 + (network >> 16), high, low, host)
      : Uint8Array.of(
          0x20,
          1,
          0xd,
          network >> 16,
          high,
          low,
          ...new Array<number>(9).fill(0),
          host,
        ),
  );
}

describe('the counts of networks', () => {
  test('are never too low, and right in all, whatever is added and removed', () => {
    const steps = fc.array(fc.record({ address: anyAddress, isAdded: fc.boolean() }), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(steps, (taken) => {
        const counts = new NetworkCounts();
        const real = new Map<string, number>();
        let total = 0;
        for (const { address, isAdded } of taken) {
          const network = networkTextOf(address);
          const before = real.get(network) ?? 0;
          // Nobody removes what is not there.
          if (!isAdded && before === 0) continue;
          if (isAdded) counts.add(address);
          else counts.remove(address);
          real.set(network, before + (isAdded ? 1 : -1));
          total += isAdded ? 1 : -1;
          assert.ok(counts.of(address) >= (real.get(network) ?? 0));
        }
        assert.equal(counts.total, total);
      }),
      { numRuns: 25 },
    );
  });

  test('are hardly too high, with more networks than numbers', () => {
    const counts = new NetworkCounts();
    const networks = 100_000;
    const of = (network: number): number => 1 + (network % 7);
    for (let network = 0; network < networks; network++) {
      for (let host = 0; host < of(network); host++) counts.add(addressOf(network, host));
    }
    let excessive = 0;
    for (let network = 0; network < networks; network++) {
      const excess = counts.of(addressOf(network, 200)) - of(network);
      assert.ok(excess >= 0);
      if (excess > counts.excess) excessive += 1;
    }
    assert.ok(excessive <= networks / 80, `${excessive} of ${networks}`);
    for (let network = 0; network < networks; network++) {
      for (let host = 0; host < of(network); host++) counts.remove(addressOf(network, host));
    }
    assert.equal(counts.total, 0);
    assert.equal(counts.of(addressOf(1, 1)), 0, 'nothing is left behind');
  });

  test('are those of IPv4 /24 and of IPv6 /48, one address or another', () => {
    const counts = new NetworkCounts();
    const address = (...bytes: readonly number[]): IpAddress =>
      ipAddressFromBytes(
        Uint8Array.from([...bytes, ...new Array<number>(16).fill(0)].slice(0, 16)),
      );
    counts.add(ipAddressFromBytes(Uint8Array.of(192, 0, 2, 1)));
    counts.add(address(0x20, 1, 0xd, 0xb8, 0, 1, 2));
    assert.equal(counts.of(ipAddressFromBytes(Uint8Array.of(192, 0, 2, 255))), 1);
    assert.equal(counts.of(ipAddressFromBytes(Uint8Array.of(192, 0, 3, 1))), 0);
    assert.equal(counts.of(address(0x20, 1, 0xd, 0xb8, 0, 1, 3)), 1);
    assert.equal(counts.of(address(0x20, 1, 0xd, 0xb8, 0, 2, 2)), 0);
  });

  test('do not go below nothing', () => {
    const counts = new NetworkCounts();
    counts.remove(addressOf(1, 1));
    assert.deepEqual([counts.total, counts.of(addressOf(1, 1))], [0, 0]);
  });
});
