import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PayloadReader } from '../../../../src/protocols/milter/payload-reader.js';
import { fromHex } from '../../../support/packet-builder.js';

/** A payload in the middle of a buffer, so that reading beyond it would find other bytes. */
function readerOf(hex: string): PayloadReader {
  const payload = fromHex(hex);
  const buffer = Buffer.concat([fromHex('ffff'), payload, fromHex('414200ff')]);
  return new PayloadReader(buffer, 2, 2 + payload.length);
}

describe('PayloadReader', () => {
  test('reads numbers, strings and the rest in turn', () => {
    const reader = readerOf('41 0102 deadbeef 666f6f00 0900');
    assert.equal(reader.readByte(), 0x41);
    assert.equal(reader.readUint16(), 0x0102);
    assert.equal(reader.readUint32(), 0xdeadbeef);
    assert.equal(reader.readString(), 'foo');
    assert.equal(reader.remaining, 2);
    assert.deepEqual(reader.readRest(), fromHex('0900'));
    assert.equal(reader.remaining, 0);
  });

  const short = [
    { name: 'a byte', hex: '', read: (reader: PayloadReader) => reader.readByte() },
    { name: 'two bytes', hex: '01', read: (reader: PayloadReader) => reader.readUint16() },
    { name: 'four bytes', hex: '010203', read: (reader: PayloadReader) => reader.readUint32() },
  ];
  for (const { name, hex, read } of short) {
    test(`does not read ${name} beyond the end`, () => {
      assert.throws(() => read(readerOf(hex)), {
        name: 'MilterProtocolError',
        code: 'MILTER_PAYLOAD_TOO_SHORT',
      });
    });
  }

  const strings = [
    { name: 'ends at its NUL', hex: '61620063', text: 'ab', remaining: 1 },
    {
      name: 'ends with the payload where its NUL is missing',
      hex: '6162',
      text: 'ab',
      remaining: 0,
    },
    { name: 'is empty before a NUL', hex: '0061', text: '', remaining: 1 },
    { name: 'is empty where nothing is left', hex: '', text: '', remaining: 0 },
    { name: 'may be UTF-8', hex: 'c3a400', text: 'ä', remaining: 0 },
    { name: 'stays latin-1 where it is no UTF-8', hex: 'e42000', text: 'ä ', remaining: 0 },
  ];
  for (const { name, hex, text, remaining } of strings) {
    test(`a string ${name}`, () => {
      const reader = readerOf(hex);
      assert.equal(reader.readString(), text);
      assert.equal(reader.remaining, remaining);
    });
  }

  test('the last string of a buffer needs no NUL', () => {
    assert.equal(new PayloadReader(Buffer.from('ab'), 1, 2).readString(), 'b');
    assert.equal(new PayloadReader(Buffer.from('ab'), 2, 2).readString(), '');
  });

  test('the rest as latin-1 keeps every byte and is a copy', () => {
    const bytes = fromHex('00 c3a4 ff');
    const reader = new PayloadReader(bytes, 0, bytes.length);
    const rest = reader.readRestAsLatin1();
    bytes.fill(0);
    assert.equal(rest, '\0\xc3\xa4\xff');
    assert.equal(reader.remaining, 0);
  });

  test('the rest is a view', () => {
    const bytes = fromHex('0102');
    const rest = new PayloadReader(bytes, 0, 2).readRest();
    bytes[0] = 9;
    assert.deepEqual(rest, fromHex('0902'));
  });
});
