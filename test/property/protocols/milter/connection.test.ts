import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { replies } from '../../../../src/protocols/milter/replies.js';
import { packet } from '../../../support/packet-builder.js';
import {
  openConnection,
  recordingFilter,
  settle,
} from '../../../unit/protocols/milter/filter-harness.js';
import { fc } from '../../../support/properties.js';

const letters = ['C', 'H', 'M', 'R', 'T', 'L', 'N', 'B', 'E', 'U', 'D', 'A', 'K'] as const;
const sent = fc.array(
  fc.tuple(fc.constantFrom(...letters), fc.constantFrom('x\0', '', 'x\0y\0', 'C\0')),
  { maxLength: 30 },
);

function answersTo(packets: readonly (readonly [string, string])[]): string {
  return `O${packets.map(([letter]) => ('DAK'.includes(letter) ? '' : 'c')).join('')}`;
}

describe('a connection', () => {
  test('answers in order, whether handlers take their time or not, however the stream is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        sent,
        fc.array(fc.boolean()),
        fc.array(fc.integer({ min: 1, max: 40 })),
        async (packets, slow, cuts) => {
          let asked = 0;
          const { filter } = recordingFilter(() => {
            const isSlow = slow[asked++ % Math.max(slow.length, 1)] ?? false;
            return isSlow ? Promise.resolve(replies.continue) : replies.continue;
          });
          const harness = openConnection(filter);
          const offer = packet('O', Buffer.from('00000006000001ff001fffff', 'hex'));
          const stream = Buffer.concat([
            offer,
            ...packets.map(([letter, text]) => packet(letter, text)),
          ]);
          let at = 0;
          for (const bytes of cuts) {
            harness.mta.write(stream.subarray(at, at + bytes));
            at += bytes;
          }
          harness.mta.write(stream.subarray(at));
          await settle();
          await settle();
          const answers = harness.packets.map(({ command }) => command).join('');
          assert.equal(answers, answersTo(packets));
          assert.deepEqual(harness.endings, []);
          assert.deepEqual(harness.failures, []);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('random bytes end it with a code, or wait for more, and nothing else happens', async () => {
    const offered = fc.constant(packet('O', Buffer.from('00000006000001ff001fffff', 'hex')));
    const small = fc
      .tuple(fc.nat({ max: 255 }), fc.uint8Array({ maxLength: 20 }))
      .map(([letter, bytes]) => packet(String.fromCharCode(letter), bytes));
    const noise = fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(offered, small, noise)), async (chunks) => {
        const { filter } = recordingFilter();
        const harness = openConnection(filter);
        for (const chunk of chunks) harness.mta.write(chunk);
        await settle();
        harness.mta.end();
        await settle();
        assert.equal(harness.endings.length, 1);
        assert.match(
          harness.endings[0] ?? '',
          /^(normal|MILTER_(PACKET|NOT|NEGOTIATED|OFFER|UNKNOWN)_\w+)$/,
        );
        assert.deepEqual(harness.failures, []);
      }),
      { numRuns: 300 },
    );
  });
});
