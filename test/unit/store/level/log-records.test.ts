import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { maskedCrc32c } from '../../../../src/store/level/crc32c.js';
import { LOG_BLOCK_BYTES, LogRecords } from '../../../../src/store/level/log-records.js';

const [full, first, middle, last] = [1, 2, 3, 4];

function part(kind: number, content: string): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(6), Buffer.of(kind), Buffer.from(content)]);
  bytes.writeUInt32LE(maskedCrc32c(bytes, 6), 0);
  bytes.writeUInt16LE(content.length, 4);
  return bytes;
}

/** What a log of these blocks holds: records, and where in its block each bad part stands. */
function read(...blocks: readonly Buffer[]): readonly unknown[] {
  const log = new LogRecords();
  return blocks.flatMap((block) => {
    const { records, badAt } = log.take(block);
    return [...records.map(String), ...(badAt === undefined ? [] : [badAt])];
  });
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
}

const one = part(full, 'one');
const two = part(full, 'two');

describe('the records of a log', () => {
  test('are told in their order', () => {
    assert.deepEqual(read(Buffer.concat([one, two, part(full, '')])), ['one', 'two', '']);
  });

  test('are put together of their parts, also of several blocks', () => {
    const blocks = [part(first, 'a'), part(middle, 'b'), Buffer.concat([part(last, 'c'), two])];
    assert.deepEqual(read(...blocks), ['abc', 'two']);
  });

  test('the rest of a block that is too small for a part is nothing', () => {
    assert.deepEqual(read(Buffer.concat([one, Buffer.alloc(6)]), two), ['one', 'two']);
  });

  for (const at of [0, 3, 6, 7, 9]) {
    test(`a bit of byte ${at} of a part is another: it is bad`, () => {
      assert.deepEqual(read(Buffer.concat([one, flipped(two, at), one])), ['one', one.length]);
    });
  }

  test('a part without its beginning is bad', () => {
    assert.deepEqual(read(Buffer.concat([one, part(last, 'c')])), ['one', one.length]);
    assert.deepEqual(read(part(middle, 'b')), [0]);
  });

  test('a part of an unknown kind is bad', () => {
    assert.deepEqual(read(part(5, '')), [0]);
    assert.deepEqual(read(Buffer.concat([part(first, 'a'), part(0, ''), one])), [8]);
    assert.deepEqual(read(Buffer.concat([part(first, 'a'), part(5, '')])), [8]);
  });

  test('what the end of the file cuts short is still being written', () => {
    assert.deepEqual(read(Buffer.concat([one, two.subarray(0, -1)])), ['one']);
    assert.deepEqual(read(Buffer.concat([one, two.subarray(0, 5)])), ['one']);
  });

  test('what the end of a whole block cuts short is bad', () => {
    const filler = part(full, 'x'.repeat(LOG_BLOCK_BYTES - 7 - 9));
    const block = Buffer.concat([filler, two.subarray(0, 9)]);
    assert.equal(block.length, LOG_BLOCK_BYTES);
    assert.equal(read(block).at(-1), LOG_BLOCK_BYTES - 9);
  });
});
