import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ipAddressFromBytes } from '../../../src/mail/ip-address.js';
import type { IpAddress } from '../../../src/mail/ip-address.js';
import { networkContains, networkOf, parseNetwork } from '../../../src/mail/network.js';
import { fc } from '../../support/properties.js';

/** Few distinct bytes, so that addresses often share long prefixes. */
const byte = fc.constantFrom(0, 1, 127, 128, 254, 255);

const address = fc
  .oneof(
    fc.array(byte, { minLength: 4, maxLength: 4 }),
    fc.array(byte, { minLength: 16, maxLength: 16 }),
  )
  .map((bytes) => ipAddressFromBytes(Uint8Array.from(bytes)));

function bitsOf(ip: IpAddress): string {
  return [...ip.bytes].map((value) => value.toString(2).padStart(8, '0')).join('');
}

describe('networks', () => {
  test('contain what a comparison of written-out bits says', () => {
    fc.assert(
      fc.property(address, address, fc.nat(128), (inside, other, wanted) => {
        const prefix = Math.min(wanted, inside.bytes.length * 8);
        const network = networkOf(inside, prefix);
        const expected =
          inside.family === other.family &&
          bitsOf(inside).slice(0, prefix) === bitsOf(other).slice(0, prefix);
        assert.equal(networkContains(network, other), expected);
        assert.equal(networkContains(network, inside), true);
      }),
      { numRuns: 500 },
    );
  });

  test('are the same however they are written', () => {
    fc.assert(
      fc.property(address, fc.nat(128), (inside, wanted) => {
        const network = networkOf(inside, wanted);
        assert.deepEqual(parseNetwork(network.text), network);
        assert.deepEqual(parseNetwork(`${inside.text}/${network.prefix}`), network);
        assert.match(bitsOf(network).slice(network.prefix), /^0*$/);
      }),
      { numRuns: 500 },
    );
  });

  test('are never made of other text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('1', '0', '.', ':', '/', 'x') }), (text) => {
        const network = parseNetwork(text);
        if (network !== undefined) assert.equal(parseNetwork(network.text)?.text, network.text);
      }),
      { numRuns: 500 },
    );
  });
});
