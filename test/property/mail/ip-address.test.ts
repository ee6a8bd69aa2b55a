import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { describe, test } from 'node:test';

import {
  commonPrefixLength,
  ipAddressFromBytes,
  parseIpAddress,
} from '../../../src/mail/ip-address.js';
import { fc } from '../../support/properties.js';

/** Text over the alphabet of addresses: much of it nearly one. */
const addressLike = fc.string({
  unit: fc.constantFrom('0', '1', '25', '255', 'a', 'F', ':', '::', '.', '%', 'ffff', ':0'),
  maxLength: 18,
});

const anyBytes = fc.oneof(
  fc.uint8Array({ minLength: 4, maxLength: 4 }),
  fc.uint8Array({ minLength: 16, maxLength: 16 }),
  // Groups of zeros, as real addresses have them.
  fc
    .array(fc.constantFrom(0, 0, 0, 1, 0xabcd), { minLength: 8, maxLength: 8 })
    .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]))),
);

describe('IP addresses', () => {
  test('are accepted just where node:net sees an address', () => {
    fc.assert(
      fc.property(fc.oneof(addressLike, fc.ipV4(), fc.ipV6(), fc.string()), (text) => {
        // A zone may have any name here; node:net knows few characters.
        const known = text.replace(/%.+$/su, '%eth0');
        assert.equal(parseIpAddress(text) !== undefined, isIP(known) !== 0);
      }),
      { numRuns: 500 },
    );
  });

  test('have a canonical text that reads back as the same address', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const address = ipAddressFromBytes(bytes);
        assert.deepEqual(parseIpAddress(address.text), address);
        assert.equal(isIP(address.text), address.family);
      }),
      { numRuns: 500 },
    );
  });

  test('have the text that the URL parser, which follows RFC 5952 too, gives them', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const address = parseIpAddress(text);
        if (address?.family === 6) {
          assert.equal(`[${address.text}]`, new URL(`http://[${text}]/`).hostname);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('share as many bits as a comparison bit by bit finds', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(127), (bytes, flipped) => {
        const a = ipAddressFromBytes(bytes);
        const changed = a.bytes.slice();
        const bit = flipped % (changed.length * 8);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
        const b = ipAddressFromBytes(changed);
        assert.equal(commonPrefixLength(a, b), a.family === b.family ? bit : -1);
        assert.equal(commonPrefixLength(a, a), a.bytes.length * 8);
      }),
      { numRuns: 500 },
    );
  });
});
