import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { customReply } from '../../../../src/protocols/milter/custom-reply.js';
import type { MilterContext } from '../../../../src/protocols/milter/filter.js';
import { FilterSession } from '../../../../src/protocols/milter/filter-session.js';
import { defaultLimits } from '../../../../src/protocols/milter/limits.js';
import { prepareFilter } from '../../../../src/protocols/milter/prepared-filter.js';
import { replies, type Reply } from '../../../../src/protocols/milter/replies.js';
import { eom, offer } from '../../../support/packet-builder.js';
import { openConnection, recordingFilter, settle, type Harness } from './filter-harness.js';
import { A, C, E, H, M, O, Q, R } from './session-dialogues.js';

const answerMs = 5000;

function fail(): never {
  throw new Error('broken');
}

function letters({ packets }: Harness): string {
  return packets
    .splice(0)
    .map(({ command }) => command)
    .join('');
}

/** A reply that a test gives when it likes. */
function deferred(): {
  readonly promise: Promise<Reply>;
  readonly resolve: (reply: Reply) => void;
} {
  let resolve: (reply: Reply) => void = () => undefined;
  const promise = new Promise<Reply>((settled) => (resolve = settled));
  return { promise, resolve };
}

describe('a handler that fails', () => {
  const ways: readonly (readonly [string, () => Promise<Reply> | Reply])[] = [
    ['throws', fail],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ];
  for (const [way, answer] of ways) {
    test(`${way}: tempfail, reported, and the session goes on`, async () => {
      const recorder = recordingFilter((event) => (event === 'rcpt' ? answer() : replies.continue));
      const harness = openConnection(recorder.filter);
      harness.mta.write(Buffer.concat([O, C, H, M, R, R, E, M]));
      await settle();
      assert.equal(letters(harness), 'Occcttcc');
      assert.deepEqual(harness.failures, ['rcpt: Error: broken', 'rcpt: Error: broken']);
      assert.deepEqual(harness.endings, []);
    });

    test(`${way}: the filter may choose another answer`, async () => {
      const failures: unknown[] = [];
      const { filter } = recordingFilter(
        (event) => (event === 'rcpt' ? answer() : replies.continue),
        {
          failed: (session, event, error) => {
            failures.push(session, event, String(error));
            return replies.continue;
          },
        },
      );
      const harness = openConnection(filter);
      harness.mta.write(Buffer.concat([O, C, M, R]));
      await settle();
      assert.equal(letters(harness), 'Occc');
      assert.deepEqual(failures, [{ id: 1 }, 'rcpt', 'Error: broken']);
    });

    test(`${way}: a filter that fails there as well says tempfail`, async () => {
      const { filter } = recordingFilter(
        (event) => (event === 'rcpt' ? answer() : replies.continue),
        {
          failed: () => {
            throw new Error('broken twice');
          },
        },
      );
      const harness = openConnection(filter);
      harness.mta.write(Buffer.concat([O, C, M, R, R]));
      await settle();
      assert.equal(letters(harness), 'Occtt');
      assert.equal(harness.failures[1], 'rcpt: Error: broken twice');
    });
  }

  test('changes that were collected before the failure are not half done', async () => {
    const { filter } = recordingFilter(undefined, { actions: ['addHeaders'] }, (context) => {
      context.addHeader('X', 'v');
      return fail();
    });
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(O, C, M, R, E), 'Occct');
  });

  test('a change that was not negotiated fails, and changes nothing', async () => {
    const { filter } = recordingFilter(undefined, { actions: ['addHeaders'] }, (context) => {
      context.addHeader('X', 'v');
      context.quarantine('why');
      return replies.continue;
    });
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(O, C, M, R, E), 'Occct');
    assert.match(harness.failures[0] ?? '', /^eom: MilterProtocolError: .*quarantine/);
  });

  test('a session that cannot be opened is put off, event by event', async () => {
    const harness = openConnection({
      open: fail,
      connect: () => replies.continue,
      mail: () => replies.continue,
    });
    assert.equal(await harness.exchange(O, C, A, Q), 'Ot');
    assert.deepEqual(harness.failures, ['connect: Error: broken']);
  });

  test('an observer: what the MTA does not wait for is not refused either', async () => {
    const { filter, calls } = recordingFilter(undefined, { mail: { observe: fail } });
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(O, C, M, R), 'Occ');
    assert.deepEqual(harness.failures, ['mail: Error: broken']);
    assert.deepEqual(harness.incidents, []);
    assert.ok(calls.includes('rcpt <u@v>'), 'RCPT still belongs to a message');
  });

  test('abort and close: reported, and the session goes on', async () => {
    const { filter } = recordingFilter(undefined, { abort: fail, close: fail });
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(O, C, M, A, M, R, Q), 'Occcc');
    await settle();
    const expected = ['abort: Error: broken', 'abort: Error: broken', 'close: Error: broken'];
    assert.deepEqual(harness.failures, expected);
    assert.deepEqual(harness.endings, ['normal']);
  });
});

describe('a handler that takes too long', () => {
  test('tempfail, reported; what it says later is not heard', async () => {
    const { promise, resolve } = deferred();
    const recorder = recordingFilter((event) => (event === 'rcpt' ? promise : replies.continue));
    const harness = openConnection(recorder.filter);
    assert.equal(await harness.exchange(O, C, M, R), 'Occ');
    harness.clock.advance(answerMs - 1);
    harness.connection.tick();
    assert.equal(letters(harness), '');
    harness.clock.advance(1);
    harness.connection.tick();
    await settle();
    assert.equal(letters(harness), 't');
    assert.deepEqual(harness.failures, ['rcpt: Error: no answer within the limit']);
    resolve(replies.reject);
    await settle();
    assert.equal(letters(harness), '');
    assert.equal(await harness.exchange(E, M), 'cc');
  });

  test('the filter may choose another answer', async () => {
    const { filter } = recordingFilter(
      (event) => (event === 'rcpt' ? deferred().promise : replies.continue),
      {
        late: (session, event) => customReply({ code: 450, text: `${event} of ${session.id}` }),
      },
    );
    const harness = openConnection(filter);
    await harness.exchange(O, C, M, R);
    harness.clock.advance(answerMs);
    harness.connection.tick();
    await settle();
    assert.equal(harness.packets[0]?.payload.toString(), '450 rcpt of 1\0');
  });

  test('a filter that fails there says tempfail, and the process goes on', async () => {
    const { filter } = recordingFilter(() => deferred().promise, { late: fail });
    const harness = openConnection(filter);
    await harness.exchange(O, C);
    harness.clock.advance(answerMs);
    harness.connection.tick();
    await settle();
    assert.equal(letters(harness), 't');
    assert.deepEqual(harness.failures, [
      'connect: Error: no answer within the limit',
      'connect: Error: broken',
    ]);
  });

  test('the packets behind it are handled then', async () => {
    const { filter, calls } = recordingFilter((event) =>
      event === 'connect' ? deferred().promise : replies.continue,
    );
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(O, C, M, R), 'O');
    harness.clock.advance(answerMs);
    harness.connection.tick();
    await settle();
    assert.equal(letters(harness), 'tcc');
    assert.deepEqual(calls.slice(2), []);
    assert.deepEqual(harness.incidents, ['out-of-order mail', 'out-of-order rcpt']);
  });

  test('progress restarts the time, as it does the timer of the MTA', async () => {
    const { promise, resolve } = deferred();
    let progress = (): void => undefined;
    const { filter } = recordingFilter(undefined, {}, (context) => {
      progress = () => context.progress();
      return promise;
    });
    const harness = openConnection(filter);
    await harness.exchange(O, C, M, E);
    harness.clock.advance(answerMs - 1);
    progress();
    harness.clock.advance(answerMs - 1);
    harness.connection.tick();
    resolve(replies.continue);
    await settle();
    assert.equal(letters(harness), 'pc');
    progress();
    await settle();
    assert.equal(letters(harness), '', 'no progress after the answer');
  });

  test('the end of the message is not asked any more when its last chunk took too long', async () => {
    const { promise, resolve } = deferred();
    const { filter, calls } = recordingFilter((event) =>
      event === 'body' ? promise : replies.continue,
    );
    const harness = openConnection(filter);
    await harness.exchange(O, C, M, eom('last'));
    harness.clock.advance(answerMs);
    harness.connection.tick();
    resolve(replies.continue);
    await settle();
    assert.equal(letters(harness), 't');
    assert.ok(!calls.includes('eom'));
  });

  test('its signal aborts, that of the next handler is a new one', async () => {
    const signals: AbortSignal[] = [];
    const { filter } = recordingFilter((event, _payload, context: MilterContext) => {
      signals.push(context.gone);
      return event === 'rcpt' ? deferred().promise : replies.continue;
    });
    const harness = openConnection(filter);
    await harness.exchange(O, C, M, R);
    harness.clock.advance(answerMs);
    harness.connection.tick();
    await harness.exchange(R);
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, true, true, false],
    );
  });
});

test('giving up where no handler is thinking changes nothing', () => {
  const session = new FilterSession<undefined>(
    {
      prepare: () => prepareFilter({ open: () => undefined }),
      send: () => assert.fail('nothing to send'),
      resume: () => assert.fail('nothing to resume'),
      incident: () => undefined,
      handlerFailed: () => assert.fail('nothing has failed'),
    },
    defaultLimits,
  );
  session.giveUp();
  assert.equal(session.isPending, false);
});

describe('an MTA that goes away while a handler is thinking', () => {
  const ways: readonly (readonly [string, (harness: Harness) => void])[] = [
    ['end of file', (harness) => harness.mta.end()],
    ['loss of the connection', (harness) => harness.connection.destroy()],
  ];
  for (const [way, leave] of ways) {
    test(`${way}: the handler is told, the message and the session end, nothing is sent`, async () => {
      const { promise, resolve } = deferred();
      let gone: AbortSignal | undefined;
      const { filter, calls } = recordingFilter((event, _payload, context) => {
        gone = context.gone;
        return event === 'rcpt' ? promise : replies.continue;
      });
      const harness = openConnection(filter);
      await harness.exchange(O, C, M, R);
      assert.equal(gone?.aborted, false);
      leave(harness);
      await settle();
      assert.equal(gone.aborted, true);
      assert.deepEqual(calls.slice(-2), ['abort 1', 'close 1']);
      resolve(replies.reject);
      await settle();
      assert.equal(letters(harness), '');
      assert.deepEqual(harness.endings, ['normal']);
    });
  }

  test('QUIT behind a pending answer is taken when the answer is there', async () => {
    const { promise, resolve } = deferred();
    const { filter, calls } = recordingFilter((event) =>
      event === 'rcpt' ? promise : replies.continue,
    );
    const harness = openConnection(filter);
    await harness.exchange(O, C, M, R, A, Q);
    assert.deepEqual(harness.endings, []);
    resolve(replies.tempfail);
    await settle();
    assert.equal(letters(harness), 't');
    assert.deepEqual(calls.slice(-2), ['abort 1', 'close 1']);
    assert.deepEqual(harness.endings, ['normal']);
  });
});

describe('answers leave in order, in one write', () => {
  test('several packets in one chunk while the first is thought about', async () => {
    const { promise, resolve } = deferred();
    const { filter, calls } = recordingFilter((event) =>
      event === 'connect' ? promise : replies.continue,
    );
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(O, C, H, M, R), 'O');
    assert.deepEqual(calls.slice(-1), ['connect mx.example inet 49740 192.0.2.7']);
    resolve(replies.continue);
    await settle();
    assert.equal(letters(harness), 'cccc');
  });

  test('all answers of a chunk leave together', async () => {
    const { filter } = recordingFilter();
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(O, C, H, M, R), 'Occcc');
    assert.equal(harness.writes(), 1);
  });

  for (const way of ['at once', 'later'] as const) {
    test(`changes and their answer leave together, answered ${way}`, async () => {
      const { filter } = recordingFilter(undefined, { actions: ['addHeaders'] }, (context) => {
        context.addHeader('X', '1');
        context.addHeader('X', '2');
        return way === 'at once' ? replies.continue : Promise.resolve(replies.continue);
      });
      const harness = openConnection(filter);
      await harness.exchange(offer(), C, M, R);
      const before = harness.writes();
      harness.mta.write(E);
      await settle();
      assert.equal(letters(harness), 'hhc');
      assert.equal(harness.writes() - before, 1);
    });
  }
});
