import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MilterProtocolError } from '../../../../src/protocols/milter/errors.js';
import { PacketFramer } from '../../../../src/protocols/milter/packet-framer.js';
import { packet, uint32 } from '../../../support/packet-builder.js';
import { fc } from '../../../support/properties.js';

const limit = 200;

const someBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const somePackets = fc.array(
  fc.tuple(fc.constantFrom('A', 'B', 'H', 'z', '\0'), fc.uint8Array({ maxLength: limit - 1 })),
  { maxLength: 20 },
);

/** Cuts after so many bytes each; the rest is one piece. */
function cut(stream: Buffer, pieces: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const bytes of pieces) {
    chunks.push(Buffer.from(stream.subarray(at, at + bytes)));
    at += bytes;
  }
  return [...chunks, Buffer.from(stream.subarray(at))];
}

function takeAll(framer: PacketFramer, chunks: readonly Buffer[]): Buffer[] {
  const found: Buffer[] = [];
  for (const chunk of chunks) {
    framer.push(chunk);
    while (framer.next()) {
      const payload = framer.buffer.subarray(framer.payloadStart, framer.payloadEnd);
      found.push(packet(String.fromCharCode(framer.command), payload));
    }
  }
  return found;
}

describe('PacketFramer', () => {
  test('packets come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(somePackets, fc.array(fc.nat({ max: 50 })), (packets, pieces) => {
        const sent = packets.map(([command, payload]) => packet(command, payload));
        const framer = new PacketFramer(limit);
        const found = takeAll(framer, cut(Buffer.concat(sent), pieces));
        assert.deepEqual(found, sent);
        assert.equal(framer.bufferedBytes, 0);
      }),
    );
  });

  test('random bytes end in packets or a MilterProtocolError', () => {
    fc.assert(
      fc.property(fc.array(someBytes), (chunks) => {
        try {
          takeAll(new PacketFramer(limit), chunks);
        } catch (error) {
          assert.ok(error instanceof MilterProtocolError);
          assert.match(error.code, /^MILTER_PACKET_(EMPTY|TOO_LONG)$/);
        }
      }),
    );
  });

  test('what waits is never more than one packet, and memory follows what has arrived', () => {
    const word = fc
      .nat({ max: limit })
      .map((length) => packet('B', Buffer.alloc(length)).subarray(0, 5));
    fc.assert(
      fc.property(fc.array(fc.oneof(word, someBytes)), (chunks) => {
        const framer = new PacketFramer(limit);
        let arrived = 0;
        for (const chunk of chunks) {
          try {
            takeAll(framer, [chunk]);
          } catch {
            return;
          }
          arrived += chunk.length;
          assert.ok(framer.bufferedBytes < 4 + limit);
          const most = Math.min(arrived, limit + 4 + chunk.length);
          assert.ok(framer.buffer.length <= Math.max(256, 2 * most));
          if (framer.bufferedBytes === 0) assert.equal(framer.buffer.length, 0);
        }
      }),
    );
  });

  test('a packet that says it is huge costs no more than what came of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100_000, max: 2 ** 30 }), someBytes, (length, bytes) => {
        const framer = new PacketFramer(2 ** 30);
        framer.push(Buffer.concat([uint32(length), Buffer.from('B')]));
        assert.equal(framer.next(), false);
        framer.push(bytes);
        assert.equal(framer.next(), false);
        assert.ok(framer.buffer.length <= Math.max(256, 2 * (5 + bytes.length)));
      }),
    );
  });
});
