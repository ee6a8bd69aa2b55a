import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { ipAddressFromBytes } from '../../../../src/mail/ip-address.js';
import { networkContains, networkOf } from '../../../../src/mail/network.js';
import { createNetworkSet } from '../../../../src/rules/sets/network-set.js';
import { fc } from '../../../support/properties.js';
import { finish } from '../../../../src/rules/steps.js';

/** Few distinct bytes, so that networks often lie in each other and touch. */
const byte = fc.constantFrom(0, 1, 127, 128, 254, 255);

const address = fc
  .oneof(
    fc.array(byte, { minLength: 4, maxLength: 4 }),
    fc.array(byte, { minLength: 16, maxLength: 16 }),
  )
  .map((bytes) => ipAddressFromBytes(Uint8Array.from(bytes)));

const network = fc
  .tuple(address, fc.nat(128))
  .map(([inside, prefix]) => networkOf(inside, Math.min(prefix, inside.bytes.length * 8)));

describe('a set of networks', () => {
  test('finds what looking at each of them finds: the narrowest, and of two alike the first', () => {
    fc.assert(
      fc.property(fc.array(network, { maxLength: 12 }), address, (networks, asked) => {
        const entries = networks.map((one, index) => ({
          value: { network: one },
          place: String(index),
        }));
        const [closest] = entries
          .filter(({ value }) => networkContains(value.network, asked))
          .sort((a, b) => b.value.network.prefix - a.value.network.prefix);
        assert.equal(finish(createNetworkSet(entries)).find(asked)?.place, closest?.place);
      }),
      { numRuns: 1000 },
    );
  });
});
