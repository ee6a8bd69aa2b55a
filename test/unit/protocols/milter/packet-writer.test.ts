import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodePacket, encodeUint32 } from '../../../../src/protocols/milter/packet-writer.js';
import { fromHex } from '../../../support/packet-builder.js';

describe('encodePacket', () => {
  const cases = [
    { name: 'no payload', packet: encodePacket('c'), hex: '00000001 63' },
    { name: 'one string', packet: encodePacket('+', 'a\0'), hex: '00000003 2b 6100' },
    {
      name: 'bytes and text',
      packet: encodePacket('i', Buffer.of(0, 1), 'b'),
      hex: '00000004 69 0001 62',
    },
    { name: 'text is UTF-8', packet: encodePacket('h', 'ä'), hex: '00000003 68 c3a4' },
    { name: 'an empty part', packet: encodePacket('b', ''), hex: '00000001 62' },
  ];
  for (const { name, packet, hex } of cases) {
    test(name, () => {
      assert.deepEqual(packet, fromHex(hex));
    });
  }
});

describe('encodeUint32', () => {
  const cases = [
    { value: 0, hex: '00000000' },
    { value: 0x12345678, hex: '12345678' },
    { value: 0xffffffff, hex: 'ffffffff' },
    { value: -1, hex: 'ffffffff' },
  ];
  for (const { value, hex } of cases) {
    test(`${value} is ${hex}`, () => {
      assert.deepEqual(encodeUint32(value), fromHex(hex));
    });
  }
});
