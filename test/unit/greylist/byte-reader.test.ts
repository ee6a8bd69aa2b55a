import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import {
  ByteReader,
  CorrespondenceFormatError,
  damaged,
  ifReadable,
  newerFormat,
} from '../../../src/greylist/byte-reader.js';

function readerOf(hex: string): ByteReader {
  return new ByteReader(Buffer.from(hex, 'hex'));
}

const DAMAGED = { name: 'CorrespondenceFormatError', code: 'CORRESPONDENCE_DAMAGED' };

describe('ByteReader', () => {
  const numbers: readonly (readonly [hex: string, value: number])[] = [
    ['00', 0],
    ['7f', 127],
    ['8001', 128],
    ['ffffffff07', 0x7fffffff],
    ['8080808008', 0x80000000],
    ['88d8d39dfd31', 1717243800584],
    ['ffffffffffffff0f', Number.MAX_SAFE_INTEGER],
  ];
  for (const [hex, value] of numbers) {
    test(`reads ${value}`, () => {
      const reader = readerOf(hex);
      assert.equal(reader.readVarint(), value);
      reader.end();
    });
  }

  const faulty: readonly (readonly [what: string, read: () => unknown])[] = [
    ['a byte behind the end', () => readerOf('').readByte()],
    ['a number that is cut off', () => readerOf('80').readVarint()],
    ['a number beyond the safe integers', () => readerOf('8080808080808010').readVarint()],
    ['a number that does not end', () => readerOf('808080808080808001').readVarint()],
    ['more bytes than there are', () => readerOf('0102').readBytes(3)],
    ['a length that lies', () => readerOf('0102').readBytes(Number.MAX_SAFE_INTEGER)],
    [
      'bytes left over',
      () => {
        readerOf('00').end();
      },
    ],
  ];
  for (const [what, read] of faulty) {
    test(`complains about ${what}`, () => {
      assert.throws(read, DAMAGED);
      assert.throws(read, CorrespondenceFormatError);
    });
  }

  test('copies what it hands out', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const copy = new ByteReader(bytes).readBytes(2);
    bytes.fill(9);
    assert.deepEqual(copy, Uint8Array.of(1, 2));
  });
});

describe('what is decoded if it is readable', () => {
  const decodeFailing = (error: Error): unknown =>
    ifReadable((): never => {
      throw error;
    })(Uint8Array.of());

  test('is what the decoder says', () => {
    assert.equal(ifReadable((value) => value.length)(Uint8Array.of(7, 7)), 2);
  });

  for (const error of [damaged('it is short'), newerFormat('version 99')])
    test(`is nothing after ${error.code}`, () => {
      assert.equal(decodeFailing(error), undefined);
    });

  test('hides no bug', () => {
    const bug = new TypeError('a bug');
    assert.throws(() => decodeFailing(bug), bug);
  });
});
