import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ByteReader } from '../../../src/greylist/byte-reader.js';
import { ByteWriter } from '../../../src/greylist/byte-writer.js';
import { fc } from '../../support/properties.js';

describe('ByteWriter', () => {
  test('what it writes is read back, whatever its size', () => {
    const writer = new ByteWriter();
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.uint8Array({ maxLength: 3000 }),
        fc.string({ unit: 'binary', maxLength: 3000 }),
        (count, bytes, text) => {
          writer.clear();
          writer.writeVarint(count);
          writer.writeVarint(bytes.length);
          writer.writeBytes(bytes);
          writer.writeText(text);
          const reader = new ByteReader(writer.toBytes());
          assert.equal(reader.readVarint(), count);
          assert.deepEqual(Buffer.from(reader.readBytes(reader.readVarint())), Buffer.from(bytes));
          assert.equal(Buffer.from(reader.readBytes(reader.readVarint())).toString(), text);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('grows with what is written', () => {
    const writer = new ByteWriter();
    const bytes = Uint8Array.from({ length: 5000 }, (_value, index) => index % 251);
    for (let times = 0; times < 3; times++) writer.writeBytes(bytes);
    assert.deepEqual(Buffer.from(writer.toBytes()), Buffer.concat([bytes, bytes, bytes]));
  });

  test('what it has given away does not change with the next record', () => {
    const writer = new ByteWriter();
    writer.writeByte(7);
    const first = writer.toBytes();
    writer.clear();
    writer.writeByte(8);
    assert.deepEqual([...first, ...writer.toBytes()], [7, 8]);
  });
});
