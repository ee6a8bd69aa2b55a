import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { replies, type Reply } from '../../../../src/protocols/milter/replies.js';
import { eom, offer } from '../../../support/packet-builder.js';
import {
  deferred,
  letters,
  openConnection,
  recordingFilter,
  settle,
  type Harness,
} from './filter-harness.js';
import { A, C, E, H, M, O, Q, R } from './session-dialogues.js';

function fail(): never {
  throw new Error('broken');
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

  test('an observer, with an MTA that waits for its answer: it goes on with continue', async () => {
    const told: string[] = [];
    const { filter } = recordingFilter(undefined, {
      mail: { observe: fail },
      failed: (_session, event) => {
        told.push(event);
        return replies.reject;
      },
    });
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(offer(6, 0x1ff, 0x7f), C, M, R), 'Occc');
    assert.deepEqual(harness.failures, ['mail: Error: broken']);
    assert.deepEqual(told, ['mail'], 'the filter hears of it');
    assert.deepEqual(harness.incidents, []);
  });

  for (const [way, answer] of ways) {
    test(`the body at the end of the message ${way}: tempfail, and that is not asked`, async () => {
      const { filter, calls } = recordingFilter((event) =>
        event === 'body' ? answer() : replies.continue,
      );
      const harness = openConnection(filter);
      harness.mta.write(Buffer.concat([O, C, M, R, eom('last')]));
      await settle();
      assert.equal(letters(harness), 'Occct');
      assert.deepEqual(harness.failures, ['eom: Error: broken']);
      assert.ok(!calls.includes('eom'));
    });
  }

  test('an observer of the body at the end of the message, which is still asked', async () => {
    const { filter, calls } = recordingFilter(undefined, { body: { observe: fail } });
    const harness = openConnection(filter);
    assert.equal(await harness.exchange(O, C, M, R, eom('last')), 'Occcc');
    assert.deepEqual(harness.failures, ['body: Error: broken']);
    assert.equal(calls.at(-1), 'eom');
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
