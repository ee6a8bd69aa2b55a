import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PacketOutput } from '../../../../src/protocols/milter/packet-output.js';
import { packet, uint16, uint32 } from '../../../support/packet-builder.js';

const letter = (text: string): number => text.charCodeAt(0);

describe('packets on their way out', () => {
  test('are built in place, and leave in one piece', () => {
    const out = new PacketOutput();
    assert.equal(out.isEmpty, true);
    out.begin(letter('X'));
    out.byte(7);
    out.uint16(49_740);
    out.uint32(0xffffffff);
    out.string('grün');
    out.text('\xfc', 'latin1');
    out.bytes(Buffer.from('small'));
    out.end();
    out.begin(letter('Q'));
    out.end();
    assert.equal(out.packetBytes, 1);
    const first = packet(
      'X',
      Uint8Array.of(7),
      uint16(49_740),
      uint32(0xffffffff),
      'grün\0',
      Uint8Array.of(0xfc),
      'small',
    );
    const expected = Buffer.concat([first, packet('Q')]);
    assert.equal(out.pendingBytes, expected.length);
    const segments = out.take();
    assert.equal(segments.length, 1);
    assert.deepEqual(segments[0], expected);
    assert.equal(out.isEmpty, true);
    assert.deepEqual(out.take(), []);
  });

  test('what was taken does not change any more', () => {
    const out = new PacketOutput();
    const taken: Buffer[] = [];
    for (let count = 0; count < 1000; count++) {
      out.begin(letter('H'));
      out.string(`name ${count}`);
      out.end();
      taken.push(...out.take());
    }
    const expected = Array.from({ length: 1000 }, (_, count) => packet('H', `name ${count}\0`));
    assert.ok(Buffer.concat(taken).equals(Buffer.concat(expected)));
  });

  test('a large chunk is passed on, not copied', () => {
    const out = new PacketOutput();
    const chunk = Buffer.alloc(5000, 'x');
    out.begin(letter('B'));
    out.bytes(chunk);
    out.byte(0);
    out.end();
    assert.equal(out.packetBytes, 5002);
    assert.equal(out.pendingBytes, 5006);
    const segments = out.take();
    assert.equal(segments.length, 3);
    assert.equal(segments[1]?.buffer, chunk.buffer);
    assert.deepEqual(Buffer.concat(segments), packet('B', chunk, Uint8Array.of(0)));
  });

  test('a long string gets room, also in the middle of a packet', () => {
    const out = new PacketOutput();
    const long = 'ü'.repeat(40_000);
    out.begin(letter('L'));
    out.string('name');
    out.string(long);
    out.end();
    assert.deepEqual(Buffer.concat(out.take()), packet('L', 'name\0', `${long}\0`));
  });
});
