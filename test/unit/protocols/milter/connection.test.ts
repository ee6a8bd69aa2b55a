import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { describe, test } from 'node:test';
import { MilterConnection } from '../../../../src/protocols/milter/connection.js';
import type { MilterProtocolError } from '../../../../src/protocols/milter/errors.js';
import { defaultLimits } from '../../../../src/protocols/milter/limits.js';
import { replies } from '../../../../src/protocols/milter/replies.js';
import * as build from '../../../support/packet-builder.js';
import { openConnection, recordingFilter, settle } from './filter-harness.js';
import { B, C, E, H, L, M, N, O, Q, R, T, U } from './session-dialogues.js';

const { packet, uint32 } = build;

interface BadInput {
  readonly name: string;
  readonly send: readonly Buffer[];
  readonly answers: string;
  readonly ending: string;
}

const badInputs: readonly BadInput[] = [
  { name: 'a length of zero', send: [O, uint32(0)], answers: 'O', ending: 'MILTER_PACKET_EMPTY' },
  {
    name: 'a length above the limit',
    send: [O, uint32(1024 * 1024 + 1)],
    answers: 'O',
    ending: 'MILTER_PACKET_TOO_LONG',
  },
  {
    name: 'a first packet that is no offer',
    send: [C],
    answers: '',
    ending: 'MILTER_NOT_NEGOTIATED',
  },
  {
    name: 'macros before the offer',
    send: [build.macros('C')],
    answers: '',
    ending: 'MILTER_NOT_NEGOTIATED',
  },
  {
    name: 'an offer of 8 bytes',
    send: [packet('O', uint32(6), uint32(0x1ff))],
    answers: '',
    ending: 'MILTER_OFFER_UNUSABLE',
  },
  { name: 'version 1', send: [build.offer(1)], answers: '', ending: 'MILTER_OFFER_UNUSABLE' },
  { name: 'version 0', send: [build.offer(0)], answers: '', ending: 'MILTER_OFFER_UNUSABLE' },
  { name: 'a second offer', send: [O, O], answers: 'O', ending: 'MILTER_NEGOTIATED_TWICE' },
  {
    name: 'a second offer inside a message',
    send: [O, C, M, O],
    answers: 'Occ',
    ending: 'MILTER_NEGOTIATED_TWICE',
  },
  {
    name: 'an unknown letter',
    send: [O, C, packet('z')],
    answers: 'Oc',
    ending: 'MILTER_UNKNOWN_COMMAND',
  },
  {
    name: 'an unknown letter of one digit',
    send: [packet('\x01')],
    answers: '',
    ending: 'MILTER_UNKNOWN_COMMAND',
  },
  {
    name: 'a reply letter',
    send: [O, packet('y', '451 4.7.1 x\0')],
    answers: 'O',
    ending: 'MILTER_UNKNOWN_COMMAND',
  },
  {
    name: 'SMTP spoken by mistake',
    send: [Buffer.from('EHLO client\r\n')],
    answers: '',
    ending: 'MILTER_PACKET_TOO_LONG',
  },
];

describe('what ends a connection', () => {
  for (const { name, send, answers, ending } of badInputs) {
    test(`${name}: ${ending}`, async () => {
      const { filter } = recordingFilter();
      const harness = openConnection(filter);
      assert.equal(await harness.exchange(...send), answers);
      await settle();
      assert.deepEqual(harness.endings, [ending]);
      assert.equal(harness.socket.destroyed, true);
      assert.equal(await harness.exchange(C, M), '', 'nothing more is answered');
    });
  }

  test('a message and a session under way end once', async () => {
    const { filter, calls } = recordingFilter();
    await openConnection(filter).exchange(O, C, M, O);
    assert.deepEqual(calls.slice(-2), ['abort 1', 'close 1']);
    assert.equal(calls.filter((call) => call === 'abort 1').length, 1);
  });

  test('a filter that cannot be made: MILTER_INTERNAL with its cause', async () => {
    const [mta, socket] = duplexPair();
    const errors: unknown[] = [];
    const cause = new Error('no filter');
    const host = {
      prepare: () => {
        throw cause;
      },
      now: () => 0,
      incident: () => undefined,
      negotiated: () => undefined,
      thinking: () => undefined,
      handlerFailed: () => undefined,
      closed: (_connection: unknown, error: MilterProtocolError | undefined) => {
        errors.push(error?.code, error?.cause);
      },
    };
    new MilterConnection(socket, host, defaultLimits);
    mta.resume();
    mta.write(O);
    await settle();
    assert.deepEqual(errors, ['MILTER_INTERNAL', cause]);
  });
});

describe('what does not end a connection', () => {
  test('an offer with more behind its three words', async () => {
    const { filter } = recordingFilter();
    const harness = openConnection(filter);
    const longer = packet('O', uint32(6), uint32(0x1ff), uint32(0x1fffff), 'more');
    assert.equal(await harness.exchange(longer, C), 'Oc');
  });

  test('a packet of 65536 bytes, and one of the limit', async () => {
    const { filter } = recordingFilter();
    const harness = openConnection(filter);
    await harness.exchange(O, C, M);
    assert.equal(await harness.exchange(build.body('x'.repeat(65_535))), 'c');
    harness.mta.write(build.body('x'.repeat(1024 * 1024 - 1)));
    await settle();
    assert.equal(harness.packets.length, 1);
  });
});

describe('an MTA that goes away', () => {
  const session = [O, C, H, M, R, T, L, N, B, E, M, Q];

  test('at every byte: normal between packets, a coded error inside one', async () => {
    const stream = Buffer.concat(session);
    const borders = new Set([0]);
    let border = 0;
    for (const sent of session) borders.add((border += sent.length));
    for (let at = 0; at < stream.length; at++) {
      const { filter, calls } = recordingFilter();
      const harness = openConnection(filter);
      harness.mta.end(stream.subarray(0, at));
      await settle();
      const ending = borders.has(at) ? 'normal' : 'MILTER_PACKET_TRUNCATED';
      assert.deepEqual(harness.endings, [ending], `after ${at} bytes`);
      const opened = calls.filter((call) => call.startsWith('open')).length;
      assert.equal(calls.filter((call) => call.startsWith('close')).length, opened);
      const started = calls.filter((call) => call.startsWith('mail')).length;
      const ended = calls.filter((call) => /^(abort|eom)/.test(call)).length;
      assert.equal(ended, started, `each message ends once, after ${at} bytes`);
    }
  });

  for (const [sent, ending] of [
    [M, 'normal'],
    [M.subarray(0, 7), 'MILTER_PACKET_TRUNCATED'],
  ] as const) {
    test(`with an error of the socket: ${ending}`, async () => {
      const { filter, calls } = recordingFilter();
      const harness = openConnection(filter);
      await harness.exchange(O, C, M, sent);
      harness.socket.destroy(new Error('ECONNRESET'));
      await settle();
      assert.deepEqual(calls.slice(-2), ['abort 1', 'close 1']);
      assert.deepEqual(harness.endings, [ending]);
    });
  }
});

describe('the idle time', () => {
  test('a silent MTA is let go', async () => {
    const { filter, calls } = recordingFilter();
    const harness = openConnection(filter, { idleMs: 1000 });
    await harness.exchange(O, C, M);
    harness.clock.advance(999);
    harness.connection.tick();
    assert.deepEqual(harness.endings, []);
    harness.clock.advance(1);
    harness.connection.tick();
    await settle();
    assert.deepEqual(harness.endings, ['MILTER_IDLE']);
    assert.deepEqual(calls.slice(-2), ['abort 1', 'close 1']);
  });

  test('every packet starts it again, also one that is not answered', async () => {
    const { filter } = recordingFilter();
    const harness = openConnection(filter, { idleMs: 1000 });
    for (const sent of [O, C, build.abort(), build.macros('M')]) {
      await harness.exchange(sent);
      harness.clock.advance(999);
      harness.connection.tick();
    }
    await settle();
    assert.deepEqual(harness.endings, []);
  });

  test('is not the time that a handler takes', async () => {
    const { filter } = recordingFilter(() => new Promise(() => undefined));
    const harness = openConnection(filter, { idleMs: 10, answerMs: 1000 });
    await harness.exchange(O, C);
    harness.clock.advance(999);
    harness.connection.tick();
    await settle();
    assert.deepEqual(harness.endings, []);
    assert.deepEqual(harness.failures, []);
  });

  test('the default is two hours', () => {
    assert.equal(defaultLimits.idleMs, 7_200_000);
  });
});

describe('the time for a packet', () => {
  test('is not made longer by a trickle of bytes', async () => {
    const { filter } = recordingFilter();
    const harness = openConnection(filter, { packetMs: 1000 });
    await harness.exchange(O, C);
    for (const byte of M.subarray(0, 5)) {
      await harness.exchange(Buffer.of(byte));
      harness.clock.advance(249);
      harness.connection.tick();
    }
    await settle();
    assert.deepEqual(harness.endings, ['MILTER_PEER_SLOW']);
  });

  test('begins anew with each packet, and does not run between them', async () => {
    const { filter } = recordingFilter();
    const harness = openConnection(filter, { packetMs: 1000 });
    await harness.exchange(O, C, M.subarray(0, 5));
    for (const next of [R, L]) {
      harness.clock.advance(999);
      harness.connection.tick();
      const rest = next === R ? M.subarray(5) : R.subarray(5);
      await harness.exchange(Buffer.concat([rest, next.subarray(0, 5)]));
    }
    harness.clock.advance(999);
    harness.connection.tick();
    await harness.exchange(L.subarray(5));
    harness.clock.advance(100_000);
    harness.connection.tick();
    await settle();
    assert.deepEqual(harness.endings, []);
  });

  test('is that for the offer as well', async () => {
    const { filter } = recordingFilter();
    const harness = openConnection(filter);
    harness.clock.advance(59_999);
    harness.connection.tick();
    await settle();
    assert.deepEqual(harness.endings, []);
    harness.clock.advance(1);
    harness.connection.tick();
    await settle();
    assert.deepEqual(harness.endings, ['MILTER_PEER_SLOW']);
  });
});

describe('after QUIT', () => {
  test('an MTA that does not close is let go after ten seconds, whatever it sends', async () => {
    const { filter } = recordingFilter();
    const harness = openConnection(filter);
    harness.mta.removeAllListeners('end');
    await harness.exchange(O, Q, C);
    harness.clock.advance(9_999);
    harness.connection.tick();
    await settle();
    assert.deepEqual(harness.endings, []);
    assert.equal(await harness.exchange(U), '');
    harness.clock.advance(1);
    harness.connection.tick();
    await settle();
    assert.deepEqual(harness.endings, ['normal']);
  });
});

describe('backpressure', () => {
  test('an MTA that never reads is let go before its answers fill the memory', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { filter } = recordingFilter();
    const harness = openConnection(filter, { unreadBytes: 1000 });
    harness.mta.pause();
    const many = Buffer.concat(Array.from({ length: 1000 }, () => U));
    harness.mta.write(Buffer.concat([O, C]));
    for (let round = 0; round < 1000 && harness.endings.length === 0; round++) {
      harness.mta.write(many);
      await settle();
      // It is not read for a while after so much.
      t.mock.timers.tick(3);
    }
    assert.deepEqual(harness.endings, ['MILTER_PEER_NOT_READING']);
  });

  test('nothing more is read than the limit while a handler is thinking, also about many packets', async () => {
    const waiting: (() => void)[] = [];
    let isSlow = true;
    const { filter, calls } = recordingFilter(() =>
      isSlow
        ? new Promise((resolve) => waiting.push(() => resolve(replies.continue)))
        : replies.continue,
    );
    const harness = openConnection(filter, { packetBytes: 1000 });
    await harness.exchange(O, C);
    let taken = 0;
    const chunks = 300;
    const chunk = Buffer.concat(Array.from({ length: 100 }, () => U));
    for (let sent = 0; sent < chunks; sent++) harness.mta.write(chunk, () => taken++);
    await settle();
    const before = taken;
    assert.ok(before < chunks, 'reading has stopped');
    const answerNext = async (): Promise<void> => {
      waiting.shift()?.();
      await settle();
    };
    for (let answers = 0; answers < 50; answers++) await answerNext();
    assert.ok(taken - before <= 6, `${taken - before} chunks more for half a chunk handled`);
    isSlow = false;
    await answerNext();
    while (calls.length < 2 + 100 * chunks) await settle();
    assert.equal(taken, chunks);
    assert.equal(calls.length, 2 + 100 * chunks);
    assert.deepEqual(harness.endings, []);
  });

  test('QUIT behind a full buffer ends the connection, whatever else was sent', async () => {
    let answer = (): void => undefined;
    const { filter } = recordingFilter((event) =>
      event === 'mail'
        ? new Promise((resolve) => (answer = () => resolve(replies.continue)))
        : replies.continue,
    );
    const harness = openConnection(filter, { packetBytes: 100 });
    await harness.exchange(O, C, M);
    harness.mta.write(Buffer.concat([Q, Buffer.alloc(1_000_000)]));
    await settle();
    answer();
    await settle();
    assert.deepEqual(harness.endings, ['normal']);
  });
});

describe('destroy', () => {
  test('ends message and session, once', async () => {
    const { filter, calls } = recordingFilter();
    const harness = openConnection(filter);
    await harness.exchange(O, C, M);
    harness.connection.destroy();
    harness.connection.destroy();
    await settle();
    assert.deepEqual(calls.slice(-2), ['abort 1', 'close 1']);
    assert.deepEqual(harness.endings, ['normal']);
  });

  test('by a handler itself: its answer goes nowhere', async () => {
    const { filter, calls } = recordingFilter((event) => {
      if (event === 'mail') harness.connection.destroy();
      return replies.continue;
    });
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(O, C, M, R), 'Oc');
    await settle();
    assert.deepEqual(calls.slice(-3), ['mail <a@b>', 'abort 1', 'close 1']);
    assert.deepEqual(harness.endings, ['normal']);
  });

  test('what a handler sends afterwards goes nowhere', async () => {
    let progress = (): void => undefined;
    const { filter } = recordingFilter(undefined, {}, (context) => {
      progress = () => context.progress();
      return new Promise(() => undefined);
    });
    const harness = openConnection(filter);
    await harness.exchange(O, C, M, E);
    harness.connection.destroy();
    progress();
    await settle();
    assert.deepEqual(harness.packets, []);
  });
});
