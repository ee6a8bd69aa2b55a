import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CorrespondenceFormatError } from '../../../../src/greylist/byte-reader.js';
import { unpackSnappy } from '../../../../src/store/level/snappy.js';
import { fc } from '../../../support/properties.js';

const unpack = (hex: string, maxBytes = 1000): string =>
  unpackSnappy(Buffer.from(hex.replaceAll(' ', ''), 'hex'), maxBytes).toString('latin1');

const long = 'x'.repeat(61);
const hexOf = (text: string): string => Buffer.from(text).toString('hex');

describe('Snappy', () => {
  for (const [name, packed, expected] of [
    ['nothing', '00', ''],
    ['a literal', '03 08 616263', 'abc'],
    ['a literal whose length stands in one more byte', `3d f0 3c ${hexOf(long)}`, long],
    ['a literal whose length stands in two more bytes', `3d f4 3c00 ${hexOf(long)}`, long],
    ['a copy from near by', '07 08 616263 01 03', 'abcabca'],
    ['a copy', '06 08 616263 0a 0300', 'abcabc'],
    ['a copy from far away', '06 08 616263 0b 03000000', 'abcabc'],
    ['a copy that reaches into itself', '06 00 61 12 0100', 'aaaaaa'],
  ] as const) {
    test(`unpacks ${name}`, () => assert.equal(unpack(packed), expected));
  }

  for (const [name, packed] of [
    ['no length', ''],
    ['a length that is cut short', '80'],
    ['more than is wanted', 'e9 07'],
    ['less than it says', '04 08 616263'],
    ['a literal longer than it says', '02 08 616263'],
    ['a copy longer than it says', '05 08 616263 0a 0300'],
    ['a literal that is cut short', '03 08 6162'],
    ['a copy of nothing', '06 08 616263 0a 0000'],
    ['a copy from before the beginning', '06 08 616263 0a 0400'],
    ['a copy that is cut short', '06 08 616263 0a 03'],
  ] as const) {
    test(`refuses ${name}`, () => {
      assert.throws(() => unpack(packed), CorrespondenceFormatError);
    });
  }

  test('any bytes are unpacked or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          assert.ok(unpackSnappy(bytes, 100).length <= 100);
        } catch (error) {
          assert.ok(error instanceof CorrespondenceFormatError, String(error));
        }
      }),
    );
  });
});
