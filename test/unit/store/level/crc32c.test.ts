import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { crc32c, findChecksum, maskedCrc32c } from '../../../../src/store/level/crc32c.js';
import { fc } from '../../../support/properties.js';

/** Bit by bit, as the polynomial says. */
function bitByBit(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) === 0 ? 0 : 0x82f63b78);
  }
  return ~crc >>> 0;
}

describe('CRC-32C', () => {
  // The first four stand in RFC 3720 B.4.
  for (const [name, bytes, expected] of [
    ['zeros', Buffer.alloc(32), 0x8a9136aa],
    ['ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
    ['rising bytes', Buffer.from(Array.from({ length: 32 }, (_, at) => at)), 0x46dd794e],
    ['falling bytes', Buffer.from(Array.from({ length: 32 }, (_, at) => 31 - at)), 0x113fdb5c],
    ['the digits', Buffer.from('123456789'), 0xe3069283],
    ['nothing', Buffer.alloc(0), 0],
  ] as const) {
    test(`of ${name}`, () => assert.equal(crc32c(bytes), expected));
  }

  test('of any part of any bytes is what the polynomial says', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.nat(30),
        fc.nat(30),
        (bytes, from, less) => {
          const to = Math.max(from, bytes.length - less);
          assert.equal(crc32c(bytes, from, to), bitByBit(bytes.subarray(from, to)));
        },
      ),
    );
  });

  test('is stored turned, and with a constant added', () => {
    // 0xe3069283 turned right by 15 bits is 0x2507c60d.
    assert.equal(maskedCrc32c(Buffer.from('123456789')), 0xc78ab0e5);
  });

  test('is found behind what it is of', () => {
    const [before, content] = [Buffer.from('before'), Buffer.from('content')];
    const stored = Buffer.alloc(4);
    stored.writeUInt32LE(maskedCrc32c(content));
    const bytes = Buffer.concat([before, content, stored, before]);
    const from = before.length;
    assert.equal(findChecksum(bytes, from), from + content.length);
    assert.equal(findChecksum(bytes, from + 1), undefined);
    assert.equal(findChecksum(bytes.subarray(0, from + content.length + 4), from), 13);
    assert.equal(findChecksum(bytes.subarray(0, from + content.length + 3), from), undefined);
    assert.equal(findChecksum(Buffer.alloc(0), 0), undefined);
  });
});
