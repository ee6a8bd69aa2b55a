import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { customReply } from '../../../../src/protocols/milter/custom-reply.js';
import type { MilterContext } from '../../../../src/protocols/milter/filter.js';
import { FilterSession } from '../../../../src/protocols/milter/filter-session.js';
import { defaultLimits } from '../../../../src/protocols/milter/limits.js';
import { prepareFilter } from '../../../../src/protocols/milter/prepared-filter.js';
import { replies } from '../../../../src/protocols/milter/replies.js';
import { eom } from '../../../support/packet-builder.js';
import { deferred, letters, openConnection, recordingFilter, settle } from './filter-harness.js';
import { C, E, M, O, R } from './session-dialogues.js';

const answerMs = 5000;

describe('a handler that takes too long', () => {
  test('what it says while the next one is thinking is not taken for its answer', async () => {
    const answers = [deferred(), deferred()];
    let asked = 0;
    const { filter } = recordingFilter((event) =>
      event === 'rcpt' ? (answers[asked++]?.promise ?? replies.continue) : replies.continue,
    );
    const harness = openConnection(filter);
    await harness.exchange(O, C, M, R);
    harness.clock.advance(answerMs);
    harness.connection.tick();
    assert.equal(await harness.exchange(R), 't');
    answers[0]?.resolve(replies.reject);
    await settle();
    assert.equal(letters(harness), '');
    answers[1]?.resolve(replies.continue);
    await settle();
    assert.equal(letters(harness), 'c');
  });

  test('nor does a change that it makes then end up in the next message', async () => {
    const { promise, resolve } = deferred();
    let add = (): void => undefined;
    let messages = 0;
    const { filter } = recordingFilter(undefined, { actions: ['addHeaders'] }, (context) => {
      if (++messages > 1) return replies.continue;
      add = () => context.addHeader('X', 'late');
      return promise;
    });
    const harness = openConnection(filter);
    await harness.exchange(O, C, M, R, E);
    harness.clock.advance(answerMs);
    harness.connection.tick();
    assert.equal(await harness.exchange(M, R), 'tcc');
    add();
    resolve(replies.continue);
    await settle();
    assert.equal(await harness.exchange(E), 'c');
  });

  test('says so when it begins, and is waited for from then on', async () => {
    const recorder = recordingFilter((event) =>
      event === 'rcpt' ? deferred().promise : replies.continue,
    );
    const harness = openConnection(recorder.filter);
    await harness.exchange(O, C, M);
    assert.deepEqual(harness.thoughts, []);
    assert.equal(harness.connection.tick(), false);
    harness.clock.advance(answerMs);
    await harness.exchange(R);
    assert.deepEqual(harness.thoughts, [harness.clock.now()]);
    assert.equal(harness.connection.tick(), true);
    harness.clock.advance(answerMs);
    assert.equal(harness.connection.tick(), false, 'it has been given up');
  });

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
    const { filter } = recordingFilter(() => deferred().promise, {
      late: () => {
        throw new Error('broken');
      },
    });
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

  test('may have been allowed more time, for this answer alone', async () => {
    const { filter } = recordingFilter((event, _payload, context: MilterContext) => {
      if (event !== 'rcpt') return replies.continue;
      context.allowMore(3000);
      context.allowMore(1000);
      return deferred().promise;
    });
    const harness = openConnection(filter);
    await harness.exchange(O, C, M);
    for (const recipient of [R, R]) {
      assert.equal(await harness.exchange(recipient), '');
      harness.clock.advance(answerMs + 3999);
      harness.connection.tick();
      await settle();
      assert.equal(letters(harness), '');
      harness.clock.advance(1);
      harness.connection.tick();
      await settle();
      assert.equal(letters(harness), 't');
    }
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
      negotiated: () => undefined,
      handlerFailed: () => assert.fail('nothing has failed'),
    },
    defaultLimits,
  );
  session.giveUp();
  assert.equal(session.isPending, false);
});
