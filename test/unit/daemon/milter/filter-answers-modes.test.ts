import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createContext, createEndOfMessage } from '../fake-context.js';
import { beginMail, createFilterRig, openClientSession, textOf } from '../filter-rig.js';

const delay = 180_000;

for (const mode of ['learn', 'shadow'] as const) {
  const setting = `greylist.mode=${mode}`;

  describe(`mode ${mode}`, () => {
    test('at RCPT: everybody passes, and the decision says what would have been said', async (t) => {
      const { rcpt, logger } = createFilterRig(t, setting);
      const session = openClientSession();
      beginMail(session);
      assert.equal(await rcpt(session), 'continue');
      const [decision] = logger.decisions;
      assert.ok(decision?.would === 'tempfail');
      const { verdict, reason, waitMs, attempts } = decision;
      assert.deepEqual(
        [verdict, reason, waitMs, attempts, decision.mode],
        ['accept', 'greylist-new', delay, 1, mode],
      );
    });

    test('at DATA: null senders pass as well, and are not judged again', async (t) => {
      const { answers, rcpt, logger } = createFilterRig(t, setting);
      const session = openClientSession();
      beginMail(session, '');
      await rcpt(session, 'a@example.org');
      await rcpt(session, 'b@example.org');
      assert.equal(textOf(await answers.data(session, createContext())), 'continue');
      assert.equal(textOf(await answers.eom(session, createEndOfMessage())), 'continue');
      assert.deepEqual(
        logger.decisions.map(({ verdict, would, stage }) => [verdict, would, stage]),
        [
          ['accept', 'tempfail', 'data'],
          ['accept', 'tempfail', 'data'],
        ],
      );
    });

    test('at the end of the message, where the MTA has no DATA', async (t) => {
      const { answers, rcpt, logger } = createFilterRig(t, setting, 'greylist.stage=data');
      const session = openClientSession();
      beginMail(session);
      await rcpt(session);
      const context = createEndOfMessage();
      assert.equal(textOf(await answers.eom(session, context)), 'continue');
      assert.deepEqual(context.headers, []);
      assert.equal(logger.decisions[0]?.stage, 'eom');
    });

    for (const [header, expected] of [
      ['delayed', []],
      ['always', ['X-Greylist: not delayed']],
    ] as const) {
      test(`header: ${header} tells of no delay that never happened`, async (t) => {
        const { answers, rcpt, clock } = createFilterRig(t, setting, `greylist.header=${header}`);
        const session = openClientSession();
        for (let mails = 0; mails < 2; mails++) {
          beginMail(session);
          assert.equal(await rcpt(session), 'continue');
          const context = createEndOfMessage();
          await answers.eom(session, context);
          assert.deepEqual(
            context.headers.map((line) => line.slice(0, 'X-Greylist: not delayed'.length)),
            expected,
          );
          clock.advance(delay);
        }
      });
    }

    test('what the store or the time keeps from deciding passes, whatever on-failure says', async (t) => {
      const { answers, rcpt, logger, store } = createFilterRig(
        t,
        setting,
        'store.on-failure=tempfail',
      );
      const session = openClientSession();
      beginMail(session);
      store.inner.failReads = true;
      assert.equal(await rcpt(session), 'continue');
      logger.take('store cannot be read');
      store.inner.failReads = false;
      const answer = rcpt(session);
      assert.equal(textOf(answers.late(session, 'rcpt')), 'continue');
      await answer;
      assert.equal(logger.take('no answer within limits.answer').fields['verdict'], 'accept');
      assert.deepEqual(
        logger.decisions.map(({ verdict, would, reason }) => [verdict, would, reason]),
        [
          ['accept', 'tempfail', 'store-unavailable'],
          ['accept', 'tempfail', 'store-unavailable'],
        ],
      );
    });

    test('so does what met a bug', async (t) => {
      const { answers, rcpt, logger } = createFilterRig(t, setting);
      const session = openClientSession();
      beginMail(session, '');
      await rcpt(session);
      const answer = answers.data(session, createContext());
      assert.equal(textOf(answers.failed(session, 'data', new Error('oops'))), 'continue');
      await answer;
      logger.take('bug: an answer could not be found');
      assert.equal(textOf(await answers.eom(session, createEndOfMessage())), 'continue');
      assert.deepEqual(
        logger.decisions.map(({ verdict, would, reason }) => [verdict, would, reason]),
        [['accept', 'tempfail', 'error']],
      );
    });
  });
}
