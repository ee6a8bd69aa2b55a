import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CorrespondenceFormatError } from '../../../src/greylist/byte-reader.js';
import {
  decodeReply,
  encodeReply,
  parseReplyKey,
  replyKey,
} from '../../../src/greylist/reply-record.js';
import { fc } from '../../support/properties.js';

describe('an expected reply', () => {
  test('is read as it was written', () => {
    const instants = fc.maxSafeNat();
    fc.assert(
      fc.property(instants, (writtenAt) => {
        assert.deepEqual(decodeReply(encodeReply({ writtenAt })), { writtenAt });
      }),
    );
  });

  test('has a key that says whose it is, whatever is in it', () => {
    const part = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(part, part, (sender, recipient) => {
        assert.deepEqual(parseReplyKey(replyKey({ sender, recipient })), { sender, recipient });
      }),
    );
  });

  test('of any bytes is a record or an error of its own', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        try {
          assert.ok(Number.isSafeInteger(decodeReply(bytes).writtenAt));
        } catch (error) {
          assert.ok(error instanceof CorrespondenceFormatError);
        }
      }),
    );
  });
});
