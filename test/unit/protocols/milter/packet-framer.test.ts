import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PacketFramer } from '../../../../src/protocols/milter/packet-framer.js';
import { fromHex, packet, uint32 } from '../../../support/packet-builder.js';

/** `H 61620a`: the command letter and the payload of the packet that `next` has found. */
function shown(framer: PacketFramer): string {
  const payload = framer.buffer.subarray(framer.payloadStart, framer.payloadEnd);
  return `${String.fromCharCode(framer.command)} ${payload.toString('hex')}`.trimEnd();
}

function allOf(framer: PacketFramer): string[] {
  const found: string[] = [];
  while (framer.next()) found.push(shown(framer));
  return found;
}

describe('PacketFramer', () => {
  test('finds several packets in one chunk', () => {
    const framer = new PacketFramer(100);
    framer.push(fromHex('00000001 54 00000003 48 6100 00000001 41'));
    assert.deepEqual(allOf(framer), ['T', 'H 6100', 'A']);
    assert.equal(framer.bufferedBytes, 0);
  });

  test('finds packets that are spread over chunks, at every pair of cuts', () => {
    const stream = fromHex('00000003 48 6100 00000001 54 00000004 42 010203');
    for (let first = 0; first <= stream.length; first++) {
      for (let second = first; second <= stream.length; second++) {
        const framer = new PacketFramer(100);
        const found: string[] = [];
        for (const [from, to] of [
          [0, first],
          [first, second],
          [second, stream.length],
        ]) {
          framer.push(Buffer.from(stream.subarray(from, to)));
          found.push(...allOf(framer));
        }
        assert.deepEqual(found, ['H 6100', 'T', 'B 010203'], `cut at ${first} and ${second}`);
      }
    }
  });

  test('a packet that arrives whole is a view of its chunk', () => {
    const framer = new PacketFramer(100);
    const chunk = packet('B', 'abc');
    framer.push(chunk);
    assert.equal(framer.next(), true);
    assert.equal(framer.buffer, chunk);
  });

  test('what was found stays as it is while more arrives', () => {
    const framer = new PacketFramer(100);
    framer.push(Buffer.concat([packet('B', 'abc'), packet('B', 'de').subarray(0, 3)]));
    framer.next();
    const view = framer.buffer.subarray(framer.payloadStart, framer.payloadEnd);
    framer.push(packet('B', 'de').subarray(3));
    framer.push(packet('B', 'fghi'));
    assert.equal(view.toString(), 'abc');
    assert.deepEqual(allOf(framer), ['B 6465', 'B 66676869']);
  });

  test('copies into a buffer that has room left', () => {
    const framer = new PacketFramer(1000);
    const stream = Buffer.concat([packet('B', 'x'.repeat(40)), packet('T'), packet('H', 'y\0')]);
    const found: string[] = [];
    for (const byte of stream) {
      framer.push(Buffer.of(byte));
      found.push(...allOf(framer));
    }
    assert.deepEqual(found, [`B ${'78'.repeat(40)}`, 'T', 'H 7900']);
  });

  const lengths = [
    { name: 'zero', length: 0, code: 'MILTER_PACKET_EMPTY' },
    { name: 'one above the limit', length: 101, code: 'MILTER_PACKET_TOO_LONG' },
    { name: 'with the highest bit', length: 0x80000000, code: 'MILTER_PACKET_TOO_LONG' },
    { name: 'of all ones', length: 0xffffffff, code: 'MILTER_PACKET_TOO_LONG' },
  ];
  for (const { name, length, code } of lengths) {
    test(`refuses a length ${name} before its payload arrives`, () => {
      const framer = new PacketFramer(100);
      framer.push(uint32(length));
      assert.throws(() => framer.next(), { name: 'MilterProtocolError', code });
    });
  }

  test('takes a length of exactly the limit', () => {
    const framer = new PacketFramer(100);
    framer.push(packet('B', 'x'.repeat(99)));
    assert.deepEqual(allOf(framer), [`B ${'78'.repeat(99)}`]);
  });

  test('counts what does not belong to a packet yet', () => {
    const framer = new PacketFramer(100);
    framer.push(packet('H', 'abc\0').subarray(0, 7));
    assert.equal(framer.next(), false);
    assert.equal(framer.bufferedBytes, 7);
    framer.clear();
    assert.equal(framer.bufferedBytes, 0);
  });

  test('holds on to no chunk between packets', () => {
    const framer = new PacketFramer(100);
    const chunk = packet('T');
    framer.push(chunk);
    assert.deepEqual(allOf(framer), ['T']);
    assert.equal(framer.buffer.length, 0);
    assert.equal(framer.next(), false);
  });

  test('an empty chunk changes nothing', () => {
    const framer = new PacketFramer(100);
    framer.push(Buffer.alloc(0));
    assert.equal(framer.next(), false);
    framer.push(packet('T').subarray(0, 2));
    framer.push(Buffer.alloc(0));
    framer.push(packet('T').subarray(2));
    assert.deepEqual(allOf(framer), ['T']);
  });

  test('a length word that claims much costs no memory before its bytes arrive', () => {
    const framer = new PacketFramer(1024 * 1024);
    framer.push(uint32(1024 * 1024));
    framer.push(Buffer.of(0x42));
    assert.equal(framer.next(), false);
    assert.ok(framer.buffer.length <= 256);
  });
});
