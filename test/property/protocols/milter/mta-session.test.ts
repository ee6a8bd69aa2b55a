import assert from 'node:assert/strict';
import { duplexPair, type Duplex } from 'node:stream';
import { describe, test } from 'node:test';
import { commandTable } from '../../../../src/protocols/milter/commands.js';
import type { CommandEvents, CommandName } from '../../../../src/protocols/milter/events.js';
import { MilterProtocolError } from '../../../../src/protocols/milter/errors.js';
import { mtaProfiles } from '../../../../src/protocols/milter/mta/profiles.js';
import { MtaSession } from '../../../../src/protocols/milter/mta/mta-session.js';
import { PacketFramer } from '../../../../src/protocols/milter/packet-framer.js';
import { PacketOutput } from '../../../../src/protocols/milter/packet-output.js';
import { PayloadReader } from '../../../../src/protocols/milter/payload-reader.js';
import { packet, uint32 } from '../../../support/packet-builder.js';
import { fc } from '../../../support/properties.js';

const agreed = packet('O', uint32(6), uint32(0x1ff), uint32(0x400));
const greylisted = packet('y', '451-4.7.1 a\r\n451 4.7.1 b\0');
const changed = Buffer.concat([
  packet('p'),
  packet('h', 'X\0y\0'),
  packet('b', 'new'),
  packet('c'),
]);
const client = { hostName: 'a', family: 'inet', port: 1, address: '192.0.2.7' } as const;

const profiles = fc.constantFrom(
  mtaProfiles.postfix,
  mtaProfiles.postfixLocal,
  mtaProfiles.sendmail,
);

/** A filter that writes, for each packet that wants an answer, what `answer` gives. */
function filterWith(answer: (letter: string, end: Duplex) => void): Duplex {
  const [stream, end] = duplexPair();
  const framer = new PacketFramer(1024 * 1024);
  end.on('data', (chunk: Buffer) => {
    framer.push(chunk);
    while (framer.next()) {
      const letter = String.fromCharCode(framer.command);
      if (!'DAQ'.includes(letter)) answer(letter, end);
    }
  });
  end.on('end', () => end.end());
  end.on('error', () => undefined);
  return stream;
}

function usualAnswer(letter: string): Buffer {
  if (letter === 'O') return agreed;
  if (letter === 'R') return greylisted;
  return letter === 'E' ? changed : packet('c');
}

/** A session as usual, as far as it gets; what each event came to. */
async function play(mta: MtaSession): Promise<unknown[]> {
  const results: unknown[] = [await mta.open()];
  results.push(await mta.connect(client), await mta.helo('a'));
  for (const address of ['<a@b.example>', '<c@d.example>']) {
    results.push(await mta.mail(address), await mta.rcpt('<e@f.example>'), await mta.data());
    results.push(await mta.message({ headers: [['A', ' b']], body: 'x' }));
  }
  await mta.quit();
  return results;
}

async function outcome(mta: MtaSession): Promise<string> {
  try {
    await play(mta);
    return 'played';
  } catch (error) {
    assert.ok(error instanceof MilterProtocolError, String(error));
    assert.notEqual(error.code, 'MILTER_INTERNAL', String(error.cause));
    assert.equal(mta.error, error);
    return error.code;
  } finally {
    mta.abandon();
  }
}

describe("the MTA's end, whatever the filter does", () => {
  test('answers cut anywhere are the same answers', async () => {
    const whole = await play(
      new MtaSession(
        filterWith((letter, end) => end.write(usualAnswer(letter))),
        { profile: mtaProfiles.postfix },
      ),
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(sizes, async (cuts) => {
        let turn = 0;
        const stream = filterWith((letter, end) => {
          const bytes = usualAnswer(letter);
          for (let at = 0; at < bytes.length;) {
            const size = cuts[turn++ % cuts.length] ?? 1;
            end.write(bytes.subarray(at, at + size));
            at += size;
          }
        });
        assert.deepEqual(
          await play(new MtaSession(stream, { profile: mtaProfiles.postfix })),
          whole,
        );
      }),
      { numRuns: 30 },
    );
  });

  test('random packets: answers, or an error with a code', async () => {
    const letters = fc.constantFrom(...Buffer.from('cardtsypfOhime+2-bq4lZ'));
    const somePacket = fc
      .tuple(letters, fc.uint8Array({ maxLength: 12 }), fc.boolean())
      .map(([letter, payload, isEmpty]) =>
        packet(String.fromCharCode(letter), isEmpty ? '' : payload),
      );
    const answers = fc.array(fc.array(somePacket, { maxLength: 3 }), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(answers, profiles, fc.boolean(), async (given, profile, lenient) => {
        let turn = 0;
        const stream = filterWith((letter, end) => {
          const random = Buffer.concat(given[turn++ % given.length] ?? []);
          end.write(letter === 'O' ? agreed : Buffer.concat([random, usualAnswer(letter)]));
        });
        await outcome(new MtaSession(stream, { profile, lenient, answerMs: 20 }));
      }),
      { numRuns: 150 },
    );
  });

  test('random bytes, from the offer on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        profiles,
        fc.integer({ min: 0, max: 6 }),
        async (bytes, profile, good) => {
          let turn = 0;
          const stream = filterWith((letter, end) => {
            end.write(turn++ < good ? usualAnswer(letter) : bytes);
          });
          assert.notEqual(await outcome(new MtaSession(stream, { profile, answerMs: 10 })), '');
        },
      ),
      { numRuns: 60 },
    );
  });

  test('events in any order never fail a filter that answers', async () => {
    const calls = {
      connect: (mta: MtaSession) => mta.connect(client),
      helo: (mta: MtaSession) => mta.helo('a'),
      mail: (mta: MtaSession) => mta.mail('<>'),
      rcpt: (mta: MtaSession) => mta.rcpt('<a@b.example>'),
      refused: (mta: MtaSession) =>
        mta.rcpt('<x@b.example>', [], { enhanced: '5.1.1', text: 'no' }),
      data: (mta: MtaSession) => mta.data(),
      header: (mta: MtaSession) => mta.header('A', 'b'),
      eoh: (mta: MtaSession) => mta.eoh(),
      body: (mta: MtaSession) => mta.body(Buffer.from('x')),
      eom: (mta: MtaSession) => mta.endOfMessage(),
      unknown: (mta: MtaSession) => mta.unknown('FOO'),
      reset: (mta: MtaSession) => mta.reset(),
      startTls: (mta: MtaSession) => mta.startTls(),
    };
    const names = fc.array(fc.constantFrom(...Object.values(calls)), { maxLength: 15 });
    const verdicts = fc.array(fc.constantFrom('c', 'c', 'a', 'r', 't', 'd'), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(names, verdicts, profiles, async (order, letters, profile) => {
        let turn = 0;
        const stream = filterWith((letter, end) => {
          const verdict = letters[turn++ % letters.length] ?? 'c';
          const mayDiscard = !'CHU'.includes(letter);
          const said = verdict === 'd' && !mayDiscard ? 'c' : verdict;
          end.write(letter === 'O' ? agreed : packet(said));
        });
        const mta = new MtaSession(stream, { profile });
        await mta.open();
        for (const call of order) await call(mta);
        await mta.quit();
        assert.equal(mta.error, undefined);
      }),
      { numRuns: 100 },
    );
  });
});

describe('encoding is the inverse of decoding', () => {
  const plain = { noNullPrototype: true } as const;
  const text = fc.string({ unit: 'grapheme' }).map((value) => value.replaceAll('\0', ''));
  const word = text.map((value) => value.replaceAll(/[<>"\\\s]/g, ''));
  const args = fc.array(word, { maxLength: 3 });
  const cases: {
    [Name in 'helo' | 'rcpt' | 'header' | 'unknown' | 'body' | 'negotiate']: fc.Arbitrary<
      CommandEvents[Name]
    >;
  } = {
    helo: fc.record({ name: text }, plain),
    rcpt: fc.record({ address: word.map((value) => `<${value}>`), args }, plain),
    header: fc.record({ name: word, value: text }, plain),
    unknown: fc.record({ line: text }, plain),
    body: fc.record({ chunk: fc.uint8Array().map((bytes) => Buffer.from(bytes)) }, plain),
    negotiate: fc.record(
      {
        version: fc.nat(),
        actions: fc.integer({ min: 0, max: 0xffffffff }),
        steps: fc.integer({ min: 0, max: 0xffffffff }),
      },
      plain,
    ),
  };
  for (const [name, events] of Object.entries(cases) as [CommandName, fc.Arbitrary<never>][]) {
    test(name, () => {
      fc.assert(
        fc.property(events, (event) => {
          const out = new PacketOutput();
          out.begin(commandTable[name].byte);
          commandTable[name].encode(event, out, 'postfix');
          out.end();
          const bytes = Buffer.concat(out.take());
          const decoded = commandTable[name].decode(new PayloadReader(bytes, 5, bytes.length));
          assert.deepEqual(decoded, event);
        }),
        { numRuns: 100 },
      );
    });
  }
});
