import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { replies, type Reply } from '../../../../src/protocols/milter/replies.js';
import * as build from '../../../support/packet-builder.js';
import {
  A,
  B,
  C,
  E,
  H,
  K,
  L,
  M,
  N,
  O,
  Q,
  R,
  T,
  U,
  answering,
  dialogues,
} from './session-dialogues.js';
import { openConnection, recordingFilter, settle, type Answer } from './filter-harness.js';

const { eom, macros, packet } = build;

describe('a session, all packets in one chunk', () => {
  for (const { name, answer, send, answers, calls, incidents = [] } of dialogues) {
    test(name, async () => {
      const recorder = recordingFilter(answer?.());
      const harness = openConnection(recorder.filter);
      assert.equal(await harness.exchange(...send), answers);
      assert.deepEqual(recorder.calls, calls);
      assert.deepEqual(harness.incidents, incidents);
      assert.deepEqual(harness.failures, []);
      await settle();
      assert.deepEqual(harness.endings, send.at(-1) === Q ? ['normal'] : []);
    });
  }
});

describe('a session, each packet byte by byte', () => {
  for (const { name, answer, send, answers, calls } of dialogues) {
    test(name, async () => {
      const recorder = recordingFilter(answer?.());
      const harness = openConnection(recorder.filter);
      for (const byte of Buffer.concat(send)) harness.mta.write(Buffer.of(byte));
      await settle();
      assert.equal(harness.packets.map(({ command }) => command).join(''), answers);
      assert.deepEqual(recorder.calls, calls);
    });
  }
});

describe('a session where every handler takes its time', () => {
  for (const { name, answer: create, send, answers, calls } of dialogues) {
    test(name, async () => {
      const answer = create?.() ?? ((): Reply => replies.continue);
      const later: Answer = async (...given) => {
        await Promise.resolve();
        return answer(...given);
      };
      const recorder = recordingFilter(later, {}, () => Promise.resolve(replies.continue));
      const harness = openConnection(recorder.filter);
      harness.mta.write(Buffer.concat(send));
      await settle();
      assert.equal(harness.packets.map(({ command }) => command).join(''), answers);
      assert.deepEqual(recorder.calls, calls);
    });
  }
});

describe('events that were negotiated away', () => {
  test('E directly after R, R without M (a filter of RCPT alone)', async () => {
    const calls: string[] = [];
    const harness = openConnection({
      open: () => ({ id: calls.push('open') }),
      rcpt: (_session, { address }, context) => {
        calls.push(`${address} from ${context.macro('{mail_addr}') ?? ''}`);
        return replies.continue;
      },
      eom: () => {
        calls.push('eom');
        return replies.continue;
      },
      abort: () => calls.push('abort'),
    });
    const answers = await harness.exchange(
      O,
      macros('C', { j: 'mx' }),
      macros('H'),
      macros('M', { '{mail_addr}': 'a@b' }),
      macros('R'),
      R,
      macros('T'),
      macros('E'),
      E,
      A,
      macros('M', { '{mail_addr}': 'c@d' }),
      R,
      A,
      A,
      Q,
    );
    assert.equal(answers, 'Occc');
    assert.deepEqual(calls, ['open', '<u@v> from a@b', 'eom', '<u@v> from c@d', 'abort']);
    assert.deepEqual(harness.incidents, []);
  });

  test('events without a handler that come all the same (version 2) are answered', async () => {
    const harness = openConnection({ open: () => ({ id: 1 }) });
    const answers = await harness.exchange(build.offer(2, 0x3f, 0), C, H, M, R, T, L, N, B, E, U);
    assert.equal(answers, 'Occcccccccc');
  });
});

describe('events that are only observed', () => {
  const seen: string[] = [];
  const observe = {
    connect: { observe: () => seen.push('connect') },
    helo: { observe: () => seen.push('helo') },
    mail: { observe: () => seen.push('mail') },
  };

  test('are not answered where the MTA can do without', async () => {
    seen.length = 0;
    const { filter } = recordingFilter(undefined, observe);
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(O, C, H, M, R), 'Oc');
    assert.deepEqual(seen, ['connect', 'helo', 'mail']);
  });

  test('are answered "continue" where it cannot', async () => {
    seen.length = 0;
    const { filter } = recordingFilter(undefined, observe);
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(build.offer(2, 0x1ff, 0x7f), C, H, M, R), 'Occcc');
    assert.deepEqual(seen, ['connect', 'helo', 'mail']);
  });

  test('are not answered when they are out of order or malformed either', async () => {
    const { filter } = recordingFilter(undefined, observe);
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(O, H, M, C, packet('H')), 'O');
    assert.deepEqual(harness.incidents, [
      'out-of-order helo',
      'out-of-order mail',
      'malformed helo',
    ]);
  });

  test('a body chunk that comes with the end of the message is observed', async () => {
    const chunks: string[] = [];
    const { filter } = recordingFilter(undefined, {
      body: { observe: (_session, { chunk }) => chunks.push(chunk.toString()) },
    });
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(O, C, M, B, eom('last'), M), 'Occcc');
    assert.deepEqual(chunks, ['text', 'last']);
  });
});

describe('an end of the message that carries the last chunk', () => {
  const rows = [
    { name: 'continue', reply: replies.continue, answers: 'c', calls: ['body last', 'eom'] },
    { name: 'skip', reply: replies.skip, answers: 'c', calls: ['body last', 'eom'] },
    { name: 'reject', reply: replies.reject, answers: 'r', calls: ['body last'] },
  ];
  for (const { name, reply, answers, calls } of rows) {
    test(`is a body event, here answered ${name}, and then the end`, async () => {
      const recorder = recordingFilter(answering('body', reply)());
      const harness = openConnection(recorder.filter);
      await harness.exchange(O, C, M);
      recorder.calls.length = 0;
      harness.mta.write(Buffer.concat([eom('last'), M]));
      await settle();
      assert.equal(harness.packets.map(({ command }) => command).join(''), `${answers}c`);
      assert.deepEqual(recorder.calls, [...calls, 'mail <a@b>']);
    });
  }

  test('is only the end where nobody wants the body or the end', async () => {
    const harness = openConnection({ open: () => ({ id: 1 }) });
    assert.equal(await harness.exchange(O, M, eom('last')), 'Occ');
    const observing = openConnection({
      open: () => ({ id: 1 }),
      body: { observe: () => undefined },
    });
    assert.equal(await observing.exchange(O, M, eom('last')), 'Occ');
  });
});

describe('limits of a session', () => {
  test('recipients above the limit are put off, and the next message counts from the start', async () => {
    const recorder = recordingFilter();
    const harness = openConnection(recorder.filter, { recipients: 2 });
    assert.equal(await harness.exchange(O, C, M, R, R, R, R, T, E, M, R, R, R), 'Occccttccccct');
    assert.equal(recorder.calls.filter((call) => call.startsWith('rcpt')).length, 4);
    assert.deepEqual(harness.incidents, Array(3).fill('too-many-recipients rcpt'));
  });

  test('recipients are counted by message also where MAIL is not sent', async () => {
    const harness = openConnection(
      { open: () => ({ id: 1 }), rcpt: () => replies.continue, eom: () => replies.continue },
      { recipients: 2 },
    );
    assert.equal(await harness.exchange(O, C, R, R, E, R, R, A, R, R, R), 'Occcccccct');
  });

  test('macros above the limit are left out and counted', async () => {
    const { filter } = recordingFilter();
    const harness = openConnection(filter, { macroBytes: 4 });
    assert.equal(await harness.exchange(O, macros('C', { j: 'mx.example' }), C), 'Oc');
    assert.deepEqual(harness.incidents, ['macros-dropped macro']);
  });
});

describe('macros of a session', () => {
  test('those of CONNECT and HELO survive messages and ABORT, those of QUIT_NC nothing', async () => {
    const seen: (string | undefined)[] = [];
    const { filter } = recordingFilter((event, _payload, context) => {
      if (event === 'mail')
        seen.push(['j', 'h', 'i'].map((name) => context.macro(name) ?? '-').join(''));
      return replies.continue;
    });
    const harness = openConnection(filter);
    await harness.exchange(O, macros('C', { j: 'J' }), C, macros('H', { h: 'H' }), H);
    await harness.exchange(
      macros('M', { i: '1' }),
      M,
      R,
      E,
      A,
      macros('M', { i: '2' }),
      M,
      A,
      A,
      M,
    );
    await harness.exchange(K, C, M);
    assert.deepEqual(seen, ['JH1', 'JH2', 'JH2', '---']);
  });

  test('those that come with a second CONNECT are not lost', async () => {
    const seen: (string | undefined)[] = [];
    const { filter } = recordingFilter((_event, _payload, context) => {
      seen.push(context.macro('j'));
      return replies.continue;
    });
    const harness = openConnection(filter);
    await harness.exchange(O, macros('C', { j: 'one' }), C, macros('C', { j: 'two' }), C);
    assert.deepEqual(seen, ['one', 'two']);
  });
});
