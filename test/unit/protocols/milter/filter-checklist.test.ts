import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { customReply } from '../../../../src/protocols/milter/custom-reply.js';
import { defaultLimits } from '../../../../src/protocols/milter/limits.js';
import { wishesOf } from '../../../../src/protocols/milter/negotiation.js';
import { replies } from '../../../../src/protocols/milter/replies.js';
import {
  eom,
  helo,
  macros,
  mail,
  offer,
  packet,
  splitPackets,
} from '../../../support/packet-builder.js';
import { openConnection, recordingFilter, settle } from './filter-harness.js';
import { A, B, C, E, H, K, L, M, N, O, Q, R, T, U } from './session-dialogues.js';

/** What a filter that greylists at RCPT asks for. */
const greylisting = {
  open: () => undefined,
  connect: { observe: () => undefined },
  helo: { observe: () => undefined },
  mail: { observe: () => undefined },
  rcpt: () => replies.continue,
  data: () => replies.continue,
  eom: () => replies.continue,
  actions: ['addHeaders'],
  macros: { connect: ['j', '{client_addr}'], rcpt: ['{rcpt_addr}', 'i'], eom: ['i'] },
} as const;

describe('checklist for the filter side', () => {
  test('1 packets are handled one after another, while reading goes on', async () => {
    let answer = (): void => undefined;
    const { filter, calls } = recordingFilter((event) =>
      event === 'rcpt'
        ? new Promise((resolve) => (answer = () => resolve(replies.continue)))
        : replies.continue,
    );
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(O, C, M, R, R, A, Q), 'Occ');
    assert.equal(calls.filter((call) => call.startsWith('rcpt')).length, 1);
    answer();
    await settle();
    answer();
    await settle();
    assert.deepEqual(calls.slice(-2), ['abort 1', 'close 1']);
    // End of file behind a pending handler: filter-failures.test.ts. Limits: connection.test.ts.
  });

  test('2 the lower version, both masks within the offer, unneeded events off', () => {
    const { actions, steps } = wishesOf(greylisting);
    assert.equal(actions, 0x101);
    assert.equal(steps, 0x7000 | 0x10 | 0x20 | 0x40 | 0x100);
    // Every version, subset and combination of handlers: negotiation.test.ts.
  });

  test('3 macro lists for the end of the message and of the header together', async () => {
    const harness = openConnection(greylisting);
    harness.mta.write(O);
    await settle();
    const payload = harness.packets[0]?.payload.subarray(12).toString('latin1');
    assert.equal(
      payload,
      '\0\0\0\0j {client_addr}\0\0\0\0\x03{rcpt_addr} i\0\0\0\0\x06i\0\0\0\0\x05i\0',
    );
  });

  test('4 macros by stage, the latest first, names normalised', async () => {
    const seen: (string | undefined)[] = [];
    const { filter } = recordingFilter((event, _payload, context) => {
      if (event === 'rcpt') seen.push(context.macro('i'), context.macro('{j}'), context.macro('x'));
      return replies.continue;
    });
    await openConnection(filter).exchange(
      O,
      macros('C', { '{j}': 'mx', i: 'old' }),
      C,
      macros('M', { i: 'new' }),
      M,
      macros('R'),
      R,
    );
    assert.deepEqual(seen, ['new', 'mx', undefined]);
    // The whole model: macro-store.test.ts, and against a simpler one in the property tests.
  });

  test('5 resets: ABORT is idempotent, HELO replaces the name, CONNECT and HELO survive', async () => {
    const { filter, calls } = recordingFilter();
    const harness = openConnection(filter);
    await harness.exchange(O, C, H, M, A, A, A, helo('second'), M, R, E, A, A, M, M, Q);
    assert.deepEqual(calls, [
      'open 1',
      'connect mx.example inet 49740 192.0.2.7',
      'helo client',
      'mail <a@b>',
      'abort 1',
      'helo second',
      'mail <a@b>',
      'rcpt <u@v>',
      'eom',
      'mail <a@b>',
      'abort 1',
      'mail <a@b>',
      'abort 1',
      'close 1',
    ]);
    // Every command in every phase: session-state.test.ts.
  });

  test('6 addresses as typed, arguments in the first string told apart', async () => {
    const { filter, calls } = recordingFilter();
    const forms = ['<@relay:u@v>', 'u@v', '<"a b>"@v>', '<a@b> SIZE=1', ''];
    await openConnection(filter).exchange(O, C, ...forms.map((form) => mail(form)));
    assert.deepEqual(
      calls.filter((call) => call.startsWith('mail')),
      ['mail <@relay:u@v>', 'mail u@v', 'mail <"a b>"@v>', 'mail <a@b> SIZE=1', 'mail'],
    );
    // Brackets, routes and letter case for look-ups are the business of src/mail.
  });

  test('7 one verdict for each event, none for D A Q K, plain ones of length 1', async () => {
    const { filter } = recordingFilter();
    const harness = openConnection(filter);
    harness.mta.write(Buffer.concat([O, macros('C'), C, H, M, R, T, L, N, B, E, U, A, A, K, C, Q]));
    await settle();
    const letters = harness.packets.map(({ command, payload }) => `${command}${payload.length}`);
    assert.deepEqual(letters, ['O12', ...Array<string>(11).fill('c0')]);
  });

  test('8 custom replies keep to the grammar that all MTAs take', () => {
    const hostile = customReply({ code: 451, enhanced: '4.7.1', text: 'no\r\n250 ok\0 100% ä' });
    assert.deepEqual(splitPackets(hostile.bytes), [
      { command: 'y', payload: Buffer.from('451 4.7.1 no 250 ok 100%% ?\0') },
    ]);
    // Row by row: custom-reply.test.ts.
  });

  test('9 progress only in an end of message, skip only for bodies', async () => {
    let progress = (): void => undefined;
    const { filter } = recordingFilter(
      (event) => (event === 'body' ? replies.skip : replies.continue),
      {},
      async (context) => {
        progress = () => context.progress();
        context.progress();
        await Promise.resolve();
        return replies.continue;
      },
    );
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(offer(6, 0x1ff, 0), C, M, B), 'Occc');
    harness.mta.write(E);
    await settle();
    progress();
    await settle();
    assert.deepEqual(
      harness.packets.map(({ command }) => command),
      ['p', 'c'],
    );
    // The types of the handlers leave no other place for either.
  });

  test('10 changes only in an end of message, the body in one run, LF in values', async () => {
    const { filter } = recordingFilter(
      undefined,
      { actions: ['addHeaders', 'changeHeaders', 'changeBody'] },
      (context) => {
        context.replaceBody(Buffer.from('a'));
        context.addHeader('X', 'a\r\n\tb');
        context.deleteHeader('D', 1);
        context.deleteHeader('D', 2);
        context.replaceBody(Buffer.from('b'));
        return replies.continue;
      },
    );
    const harness = openConnection(filter);
    await harness.exchange(O, C, M, R);
    harness.mta.write(eom());
    await settle();
    assert.deepEqual(harness.packets, [
      { command: 'm', payload: Buffer.from('\0\0\0\x02D\0\0') },
      { command: 'm', payload: Buffer.from('\0\0\0\x01D\0\0') },
      { command: 'h', payload: Buffer.from('X\0a\n\tb\0') },
      { command: 'b', payload: Buffer.from('a') },
      { command: 'b', payload: Buffer.from('b') },
      { command: 'c', payload: Buffer.alloc(0) },
    ]);
  });

  test('11 an internal error answers tempfail and closes nothing', async () => {
    const { filter } = recordingFilter(() => {
      throw new Error('broken');
    });
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(O, C), 'Ot');
    assert.deepEqual(harness.endings, []);
    // Above the limit of connections a session is negotiated away: server.test.ts.
  });

  test('12 an answer within ten seconds, by a deadline of its own', async () => {
    assert.ok(defaultLimits.answerMs <= 5000);
    const { filter } = recordingFilter(() => new Promise(() => undefined));
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(O, C), 'O');
    harness.clock.advance(defaultLimits.answerMs);
    harness.connection.tick();
    await settle();
    assert.deepEqual(harness.packets, [{ command: 't', payload: Buffer.alloc(0) }]);
  });

  test('13 end of file anywhere is normal', async () => {
    for (const sent of [[], [O], [O, C], [O, C, H, M, R, T, L]]) {
      const { filter } = recordingFilter();
      const harness = openConnection(filter);
      harness.mta.end(Buffer.concat(sent));
      await settle();
      assert.deepEqual(harness.endings, ['normal']);
    }
    // At every byte: connection.test.ts.
  });

  // 14, a graceful stop: `drain` in server.test.ts.

  test('15 recipients that the MTA refuses come only if asked for', () => {
    assert.equal(wishesOf(greylisting).steps & 0x800, 0);
    assert.equal(wishesOf({ ...greylisting, rejectedRecipients: true }).steps & 0x800, 0x800);
  });

  test('a superfluous NUL behind a header makes Postfix drop the filter: there is none', async () => {
    const { filter } = recordingFilter(undefined, { actions: ['addHeaders'] }, (context) => {
      context.addHeader('X-Greylist', 'delayed');
      return replies.continue;
    });
    const harness = openConnection(filter);
    await harness.exchange(O, C, M, R);
    harness.mta.write(packet('E'));
    await settle();
    assert.deepEqual(harness.packets[0]?.payload, Buffer.from('X-Greylist\0delayed\0'));
  });
});
