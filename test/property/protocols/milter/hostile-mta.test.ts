import assert from 'node:assert/strict';
import { getDefaultHighWaterMark } from 'node:stream';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { commandOfByte, commandTable } from '../../../../src/protocols/milter/commands.js';
import type { MaybePromise } from '../../../../src/protocols/milter/filter.js';
import { defaultLimits } from '../../../../src/protocols/milter/limits.js';
import { replies, type Reply } from '../../../../src/protocols/milter/replies.js';
import * as build from '../../../support/packet-builder.js';
import {
  letters,
  openConnection,
  recordingFilter,
  settle,
  type Harness,
} from '../../../unit/protocols/milter/filter-harness.js';
import { fc } from '../../../support/properties.js';

const packetBytes = 300;
const { answerMs, idleMs } = defaultLimits;
/** Longer than an MTA may take to close a connection that we have ended. */
const lingerMs = 10_000;
const offer = build.offer();

const offered = fc.constantFrom(
  offer,
  offer,
  build.offer(2, 0x3f, 0x7f),
  build.offer(1),
  build.packet('O', 'short'),
);
const known = Object.values(commandTable)
  .map(({ byte }) => String.fromCharCode(byte))
  .filter((letter) => !'OQ'.includes(letter));
const payload = fc.oneof(
  fc.constantFrom('', '\0', 'x\0', '<a@b>\0SIZE=1\0', 'mx\x004\x00\x19192.0.2.7\0', 'Ri\x001\0'),
  fc.uint8Array({ maxLength: packetBytes - 1, size: 'max' }),
);
const wellFramed = fc
  .tuple(fc.constantFrom(...known), payload)
  .map(([letter, bytes]) => build.packet(letter, bytes));
const strange = fc.oneof(
  offered,
  fc.constant(build.quit()),
  fc.nat({ max: 255 }).map((letter) => build.packet(String.fromCharCode(letter), 'x\0')),
  fc
    .tuple(
      fc.constantFrom(0, 1, packetBytes, packetBytes + 1, 0x7fffffff, 0x80000000, 0xffffffff),
      fc.uint8Array({ maxLength: 20 }),
    )
    .map(([length, bytes]) => Buffer.concat([build.uint32(length), bytes])),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
);
const usual = fc.oneof({ weight: 12, arbitrary: wellFramed }, { weight: 1, arbitrary: strange });
/** Mostly a session that begins as it should. */
const stream = fc
  .tuple(
    fc.oneof({ weight: 9, arbitrary: fc.constant(offer) }, { weight: 1, arbitrary: strange }),
    fc.array(usual, { maxLength: 25 }),
  )
  .map(([first, rest]) => Buffer.concat([first, ...rest]));
const cuts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 });

type Manner = 'at once' | 'later' | 'throws' | 'rejects' | 'never';

const manners = fc.array(
  fc.constantFrom<Manner[]>('at once', 'at once', 'later', 'throws', 'rejects', 'never'),
  { minLength: 1 },
);

function behave(manner: Manner): MaybePromise<Reply> {
  switch (manner) {
    case 'at once':
      return replies.continue;
    case 'later':
      return turn(replies.continue);
    case 'throws':
      throw new Error('the handler throws');
    case 'rejects':
      return Promise.reject(new Error('the handler rejects'));
    case 'never':
      return new Promise(() => undefined);
  }
}

/** What a stream has to come to, by reading it as a whole. */
interface Outcome {
  /** How many answers it gets, the one to the offer among them. */
  readonly answers: number;
  /** How the connection ends, if the MTA closes it behind the last byte. */
  readonly ending: string;
}

function expectedOf(bytes: Buffer): Outcome {
  let answers = 0;
  for (let at = 0; at < bytes.length;) {
    const length = bytes.length - at < 4 ? Number.NaN : bytes.readUInt32BE(at);
    if (length === 0) return { answers, ending: 'MILTER_PACKET_EMPTY' };
    if (length > packetBytes) return { answers, ending: 'MILTER_PACKET_TOO_LONG' };
    const end = at + 4 + length;
    if (!(end <= bytes.length)) return { answers, ending: 'MILTER_PACKET_TRUNCATED' };
    const ending = endingOf(bytes.subarray(at + 4, end), answers === 0);
    if (ending !== undefined) return { answers, ending };
    if (!'DAK'.includes(bytes.toString('latin1', at + 4, at + 5))) answers++;
    at = end;
  }
  return { answers, ending: 'normal' };
}

function isCutOff(ending: string): boolean {
  return ending !== 'normal' && ending !== 'MILTER_PACKET_TRUNCATED';
}

function endingOf(packet: Buffer, isFirst: boolean): string | undefined {
  const command = commandOfByte(packet.readUInt8(0));
  if (command === undefined) return 'MILTER_UNKNOWN_COMMAND';
  if (command === 'quit') return 'normal';
  if (command !== 'negotiate') return isFirst ? 'MILTER_NOT_NEGOTIATED' : undefined;
  if (!isFirst) return 'MILTER_NEGOTIATED_TWICE';
  const isUsable = packet.length >= 13 && packet.readUInt32BE(1) >= 2;
  return isUsable ? undefined : 'MILTER_OFFER_UNUSABLE';
}

function write(harness: Harness, bytes: Buffer, sizes: readonly number[]): void {
  for (let at = 0, cut = 0; at < bytes.length; cut++) {
    const size = sizes[cut % sizes.length] ?? 1;
    harness.mta.write(bytes.subarray(at, at + size));
    at += size;
  }
}

/** Lets the time pass in which each answer that is still missing has to come. */
async function waitForAnswers(harness: Harness): Promise<void> {
  for (let waits = 0; waits < 100; waits++) {
    harness.connection.tick();
    await settle();
    if (!harness.connection.tick()) return;
    harness.clock.advance(answerMs);
  }
  assert.fail('there is always one more answer to wait for');
}

describe('whatever an MTA sends, and whatever the handlers do', () => {
  test('each event is answered once in time, or the connection ends with its code', async () => {
    await fc.assert(
      fc.asyncProperty(stream, cuts, manners, async (bytes, sizes, ways) => {
        let asked = 0;
        const { filter } = recordingFilter(
          () => behave(ways[asked++ % ways.length] ?? 'at once'),
          {},
          () => behave(ways[asked++ % ways.length] ?? 'at once'),
        );
        const harness = openConnection(filter, { packetBytes });
        write(harness, bytes, sizes);
        await waitForAnswers(harness);
        const { answers, ending } = expectedOf(bytes);
        const said = letters(harness);
        assert.match(said, /^(O[ct]*)?$/);
        // What a broken MTA has not read when it is let go is not waited for.
        if (!isCutOff(ending)) assert.equal(said.length, answers);
        else assert.ok(said.length <= answers, said);
        harness.mta.end();
        await settle();
        assert.deepEqual(harness.endings, [ending]);
      }),
      { numRuns: 300 },
    );
  });

  test('no connection lives for ever: silence ends it, also in the middle of a packet', async () => {
    await fc.assert(
      fc.asyncProperty(stream, cuts, async (bytes, sizes) => {
        const { filter, calls } = recordingFilter();
        const harness = openConnection(filter, { packetBytes });
        harness.mta.removeAllListeners('end');
        write(harness, bytes, sizes);
        await settle();
        for (const passedMs of [idleMs, lingerMs]) {
          harness.clock.advance(passedMs);
          harness.connection.tick();
          await settle();
        }
        assert.equal(harness.endings.length, 1);
        assert.equal(harness.socket.destroyed, true);
        const count = (what: string): number =>
          calls.filter((call) => call.startsWith(`${what} `)).length;
        assert.equal(count('close'), count('open'));
      }),
      { numRuns: 100 },
    );
  });

  test('while a handler is thinking no more is read than one packet and what is on its way', async () => {
    const streamBytes = getDefaultHighWaterMark(false);
    const some = fc.record({
      limit: fc.integer({ min: 50, max: 20_000 }),
      chunkBytes: fc.integer({ min: 1000, max: 9000 }),
      fill: fc.constantFrom(build.body('x'), build.macros('R', { i: '1' }), build.uint32(0)),
    });
    await fc.assert(
      fc.asyncProperty(some, async ({ limit, chunkBytes, fill }) => {
        const { filter } = recordingFilter(() => behave('never'));
        const harness = openConnection(filter, { packetBytes: limit });
        await harness.exchange(offer, build.connect('mx.example', '192.0.2.7'));
        assert.equal(harness.thoughts.length, 1);
        const chunk = Buffer.alloc(chunkBytes, fill);
        let taken = 0;
        for (let sent = 0; sent < 200_000; sent += chunkBytes) {
          harness.mta.write(chunk, () => (taken += chunkBytes));
        }
        await settle();
        const most = limit + streamBytes + 2 * chunkBytes;
        assert.ok(taken <= most, `${taken} bytes were taken, ${most} at most were expected`);
        harness.connection.destroy();
        await settle();
        assert.deepEqual(harness.endings, ['normal']);
      }),
      { numRuns: 50 },
    );
  });
});
