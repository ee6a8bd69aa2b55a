import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { maskedCrc32c } from '../../../../src/store/level/crc32c.js';
import {
  encodeBlock,
  encodeHandle,
  endOf,
  FOOTER_BYTES,
  isSound,
  readEntries,
  readFooter,
  readHandles,
} from '../../../../src/store/level/table-format.js';
import { fc } from '../../../support/properties.js';

/** A block with what follows it. */
function sealed(content: string, packing = 0): Buffer {
  const bytes = Buffer.concat([
    Buffer.from(content.replaceAll(' ', ''), 'hex'),
    Buffer.of(packing, 0, 0, 0, 0),
  ]);
  bytes.writeUInt32LE(maskedCrc32c(bytes, 0, bytes.length - 4), bytes.length - 4);
  return bytes;
}

/** A metaindex of eight bytes at 100, an index of nine behind it, and then this. */
function footer(handles = '64 08 71 09', magic = '57fb808b247547db'): Buffer {
  const bytes = Buffer.alloc(FOOTER_BYTES);
  bytes.write(handles.replaceAll(' ', ''), 'hex');
  bytes.write(magic, 40, 'hex');
  return bytes;
}

describe('the footer of a table', () => {
  const at = 127;

  test('names two blocks', () => {
    const metaindex = { offset: 100, size: 8 };
    assert.deepEqual(readFooter(footer(), at), { metaindex, index: { offset: 113, size: 9 } });
    assert.equal(endOf(metaindex), 113);
  });

  for (const [name, bytes] of [
    ['another magic', footer('64 08 71 09', '57fb808b247547da')],
    ['something behind the handles', footer('64 08 71 09 00 01')],
    ['an index that does not end where it begins', footer('64 08 71 08')],
    ['a metaindex that does not end where the index begins', footer('64 07 71 09')],
    ['a number without end', footer('ff'.repeat(40))],
    ['too few bytes', footer().subarray(1)],
  ] as const) {
    test(`with ${name} is none`, () => assert.equal(readFooter(bytes, at), undefined));
  }

  test('with any other bit is none', () => {
    for (let bit = 0; bit < FOOTER_BYTES * 8; bit++) {
      const bytes = footer();
      bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      assert.equal(readFooter(bytes, at), undefined, `bit ${bit}`);
    }
  });
});

describe('a block of an index', () => {
  // Two entries with a key and a handle each, the second key sharing a byte with the first, and two restarts.
  const entries = '00 02 02 6162 00 0a 01 01 03 63 8f00 64';
  const restarts = '00000000 07000000 02000000';
  const handles = [
    { offset: 0, size: 10 },
    { offset: 15, size: 100 },
  ];

  test('names blocks', () => assert.deepEqual(readHandles(sealed(entries + restarts)), handles));

  test('names them when it is packed', () => {
    const content = (entries + restarts).replaceAll(' ', '');
    const bytes = content.length / 2;
    const literal = [bytes, (bytes - 1) << 2].map((each) => each.toString(16)).join('');
    assert.deepEqual(readHandles(sealed(literal + content, 1)), handles);
  });

  test('may be empty', () => assert.deepEqual(readHandles(sealed('00000000 01000000')), []));

  for (const [name, block] of [
    ['is packed in an unknown way', sealed(entries + restarts, 2)],
    ['is packed and cannot be unpacked', sealed('05 00', 1)],
    ['is too short', sealed('0000')],
    ['has an entry that is cut short', sealed('00 02 02 6162 00 00000000 01000000')],
    ['begins with a key that goes on with one before', sealed('01 00 02 000a 00000000 01000000')],
    ['has more restarts than there is room for', sealed('00 00 02 000a 00000000 0200000b')],
    ['names half a block', sealed('00 00 01 00 00000000 01000000')],
  ] as const) {
    test(`that ${name} names none`, () => assert.equal(readHandles(block), undefined));
  }

  test('of any bytes names blocks or none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(2), (bytes, packing) => {
        readHandles(sealed(Buffer.from(bytes).toString('hex'), packing));
      }),
    );
  });

  test('has keys that go on with one another', () => {
    const found = readEntries(sealed(entries + restarts)) ?? assert.fail();
    assert.deepEqual(
      found.map(({ key }) => String(key)),
      ['ab', 'ac'],
    );
  });

  test('is written as it can be read', () => {
    const handle = fc.record({ offset: fc.nat(), size: fc.nat() }, { noNullPrototype: true });
    const key = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(fc.tuple(key, handle), { maxLength: 20 }), (named) => {
        const written = named.map(([each, of]) => ({ key: each, value: encodeHandle(of) }));
        const block = encodeBlock(written);
        assert.deepEqual(
          readEntries(block)?.map((each) => each.key),
          written.map((each) => each.key),
        );
        assert.deepEqual(
          readHandles(block),
          named.map(([, of]) => of),
        );
      }),
    );
  });

  test('is sound as it was written only', () => {
    const block = sealed(entries + restarts);
    assert.ok(isSound(block));
    for (let bit = 0; bit < block.length * 8; bit++) {
      const bytes = Buffer.from(block);
      bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      assert.ok(!isSound(bytes), `bit ${bit}`);
      assert.equal(readHandles(bytes), undefined, `bit ${bit}`);
    }
  });
});
