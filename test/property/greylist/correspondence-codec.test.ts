import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { CorrespondenceFormatError } from '../../../src/greylist/byte-reader.js';
import {
  decodeCorrespondence,
  encodeCorrespondence,
} from '../../../src/greylist/correspondence-codec.js';
import { anyCorrespondence } from './arbitraries.js';
import { fc } from '../../support/properties.js';

/** Decodes, and accepts a refusal only if it is the one error that may come. */
function decodesOrRefuses(bytes: Uint8Array): void {
  try {
    const record = decodeCorrespondence(bytes);
    assert.deepEqual(decodeCorrespondence(encodeCorrespondence(record)), record);
  } catch (error) {
    assert.ok(error instanceof CorrespondenceFormatError, String(error));
    assert.match(error.code, /^CORRESPONDENCE_(DAMAGED|NEWER_FORMAT)$/);
  }
}

describe('the stored form of a correspondence', () => {
  test('reads back as what was written', () => {
    fc.assert(
      fc.property(anyCorrespondence, (record) => {
        const bytes = encodeCorrespondence(record);
        assert.deepEqual(decodeCorrespondence(bytes), record);
        // The same out of the middle of a larger buffer, as a store hands it out.
        const inside = Buffer.concat([Buffer.of(1, 2), bytes, Buffer.of(3)]).subarray(2, -1);
        assert.deepEqual(decodeCorrespondence(inside), record);
      }),
      { numRuns: 300 },
    );
  });

  test('ends random bytes in a record or in its error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(0xff), (bytes, head) => {
        decodesOrRefuses(bytes);
        decodesOrRefuses(Uint8Array.of(1, head, 0, ...bytes));
      }),
      { numRuns: 500 },
    );
  });

  test('ends damage in a record or in its error, and is never taken for complete when cut', () => {
    fc.assert(
      fc.property(anyCorrespondence, fc.nat(), fc.nat(0xff), (record, position, value) => {
        const bytes = encodeCorrespondence(record);
        const at = position % bytes.length;
        const cut = bytes.slice(0, at);
        assert.throws(() => decodeCorrespondence(cut), { code: 'CORRESPONDENCE_DAMAGED' });
        bytes[at] = value;
        decodesOrRefuses(bytes);
      }),
      { numRuns: 300 },
    );
  });
});
