import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { defaultLimits } from '../../../../src/protocols/postfix-policy/limits.js';
import { postfixRequest, rawRequest } from '../../../support/policy-request-text.js';
import {
  openConnection,
  settle,
  testService,
  type Harness,
} from '../../../unit/protocols/postfix-policy/connection-rig.js';
import { fc } from '../../../support/properties.js';

const requestBytes = 700;
const { answerMs, idleMs, requestMs } = defaultLimits;
/** Longer than a peer may take to read what we said last. */
const lingerMs = 10_000;

const whole = fc.constantFrom(
  postfixRequest(),
  rawRequest(['request=smtpd_access_policy']),
  rawRequest(['request=smtpd_access_policy', 'a=b'], '\r\n'),
  rawRequest(['garbage']),
  Buffer.from('\n'),
);
const strange = fc.oneof(
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(Buffer.alloc(requestBytes, 'x'), Buffer.from('\0'), Buffer.from('a=b\n')),
);
const stream = fc
  .array(fc.oneof({ weight: 8, arbitrary: whole }, { weight: 1, arbitrary: strange }), {
    maxLength: 25,
  })
  .map((parts) => Buffer.concat(parts));
const cuts = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 10 });

type Manner = 'at once' | 'later' | 'throws' | 'rejects' | 'never' | 'nonsense';
const manners = fc.array(
  fc.constantFrom<Manner[]>(
    'at once',
    'at once',
    'later',
    'throws',
    'rejects',
    'never',
    'nonsense',
  ),
  { minLength: 1 },
);

function behave(manner: Manner): string | Promise<string> {
  switch (manner) {
    case 'at once':
      return 'DUNNO';
    case 'later':
      return turn('DUNNO');
    case 'throws':
      throw new Error('the service throws');
    case 'rejects':
      return Promise.reject(new Error('the service rejects'));
    case 'never':
      return new Promise(() => undefined);
    case 'nonsense':
      return 'two\nlines';
  }
}

/** What a stream has to come to, by reading it as a whole, line by line. */
function expectedOf(bytes: Buffer): { readonly answers: number; readonly ending: string } {
  let answers = 0;
  let start = 0;
  for (let at = 0, lineStart = 0; at < bytes.length; at++) {
    if (at - start >= requestBytes)
      return { answers: answers + 1, ending: 'POLICY_REQUEST_TOO_LONG' };
    if (bytes[at] !== 0x0a) continue;
    const line = bytes.toString('latin1', lineStart, at);
    lineStart = at + 1;
    if (line !== '' && line !== '\r') continue;
    answers++;
    start = lineStart;
  }
  return { answers, ending: start < bytes.length ? 'POLICY_REQUEST_TRUNCATED' : 'normal' };
}

function write(harness: Harness, bytes: Buffer, sizes: readonly number[]): void {
  for (let at = 0, piece = 0; at < bytes.length; piece++) {
    const size = sizes[piece % sizes.length] ?? 1;
    harness.mta.write(bytes.subarray(at, at + size));
    at += size;
  }
}

/** Lets the time pass in which each answer that is still missing has to come. */
async function waitForAnswers(harness: Harness): Promise<void> {
  const { connection, mta, socket, clock } = harness;
  for (let waits = 0; waits < 1000; waits++) {
    await settle();
    const isAllRead = mta.writableLength === 0 && socket.readableLength === 0;
    if (connection.tick()) clock.advance(answerMs);
    else if (isAllRead) return;
  }
  assert.fail('there is always one more answer to wait for');
}

describe('whatever a peer sends, and whatever the service does', () => {
  test('each request is answered once, in time, or the connection ends with its code', async () => {
    await fc.assert(
      fc.asyncProperty(stream, cuts, manners, async (bytes, sizes, ways) => {
        let asked = 0;
        const service = testService(() => behave(ways[asked++ % ways.length] ?? 'at once'));
        const harness = openConnection(service, { requestBytes });
        write(harness, bytes, sizes);
        await waitForAnswers(harness);
        const said = harness.taken();
        for (const answer of said) assert.match(answer, /^(?:DUNNO|DEFER failed|DEFER late)$/);
        const { answers, ending } = expectedOf(bytes);
        assert.equal(said.length, answers);
        harness.mta.end();
        await settle();
        assert.deepEqual(harness.endings, [ending]);
      }),
      { numRuns: 300 },
    );
  });

  test('no connection lives for ever: silence ends it, also in the middle of a request', async () => {
    await fc.assert(
      fc.asyncProperty(stream, cuts, async (bytes, sizes) => {
        const harness = openConnection(testService(), { requestBytes });
        write(harness, bytes, sizes);
        await settle();
        for (const passedMs of [requestMs, idleMs, lingerMs]) {
          harness.clock.advance(passedMs);
          harness.connection.tick();
          await settle();
        }
        assert.equal(harness.endings.length, 1);
        assert.equal(harness.socket.destroyed, true);
      }),
      { numRuns: 100 },
    );
  });
});
