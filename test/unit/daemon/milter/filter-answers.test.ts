import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { describe, test } from 'node:test';
import { createContext, createEndOfMessage } from '../fake-context.js';
import { beginMail, createFilterRig, openClientSession, textOf } from '../filter-rig.js';

const delay = 180_000;
const later = '451 4.7.1 Greylisted, please try again in 180 seconds';

describe('at RCPT', () => {
  test('a recipient waits, and passes with continue', async (t) => {
    const { rcpt, clock, logger } = createFilterRig(t);
    const session = openClientSession();
    beginMail(session);
    assert.equal(await rcpt(session), later);
    clock.advance(delay);
    beginMail(session);
    assert.equal(await rcpt(session), 'continue');
    assert.deepEqual(
      logger.decisions.map(({ verdict, reason, stage, at }) => [verdict, reason, stage, at]),
      [
        ['tempfail', 'greylist-new', 'rcpt', clock.now() - delay],
        ['accept', 'greylist-passed', 'rcpt', clock.now()],
      ],
    );
    assert.ok(logger.decisions.every(({ tookUs }) => Number.isInteger(tookUs) && tookUs >= 0));
  });

  test('outside a transaction nothing is decided', async (t) => {
    const { rcpt, logger } = createFilterRig(t);
    assert.equal(await rcpt(openClientSession()), 'continue');
    assert.deepEqual(logger.decisions, []);
  });

  test('an answer whose message has ended meanwhile is not given', async (t) => {
    const { rcpt, logger } = createFilterRig(t);
    const session = openClientSession();
    beginMail(session);
    const answer = rcpt(session);
    session.endMessage();
    assert.equal(await answer, 'continue');
    assert.deepEqual(logger.decisions, []);
  });
});

describe('at DATA', () => {
  test('nothing is to be said if nobody was held', async (t) => {
    const { answers, rcpt } = createFilterRig(t);
    const session = openClientSession();
    assert.equal(textOf(await answers.data(session, createContext())), 'continue');
    beginMail(session);
    await rcpt(session);
    assert.equal(textOf(await answers.data(session, createContext())), 'continue');
  });

  test('who was held is judged', async (t) => {
    const { answers, rcpt, logger } = createFilterRig(t);
    const session = openClientSession();
    beginMail(session, '');
    assert.equal(await rcpt(session), 'continue');
    assert.equal(textOf(await answers.data(session, createContext())), later);
    assert.deepEqual(
      logger.decisions.map(({ stage }) => stage),
      ['data'],
    );
  });

  test('an answer whose message has ended meanwhile is not given', async (t) => {
    const { answers, rcpt, logger } = createFilterRig(t);
    const session = openClientSession();
    beginMail(session, '');
    await rcpt(session);
    const answer = answers.data(session, createContext());
    session.endMessage();
    assert.equal(textOf(await answer), 'continue');
    assert.deepEqual(logger.decisions, []);
  });
});

describe('at the end of the message', () => {
  test('there is nothing to say outside a transaction', async (t) => {
    const { answers } = createFilterRig(t);
    const context = createEndOfMessage();
    assert.equal(textOf(await answers.eom(openClientSession(), context)), 'continue');
    assert.deepEqual(context.headers, []);
  });

  test('a message that was delayed gets its header, once', async (t) => {
    const { answers, rcpt, clock } = createFilterRig(t);
    const session = openClientSession();
    beginMail(session);
    await rcpt(session);
    clock.advance(delay);
    beginMail(session);
    await rcpt(session);
    const context = createEndOfMessage();
    await answers.eom(session, context);
    await answers.eom(session, context);
    assert.deepEqual(context.headers, [
      'X-Greylist: delayed 00:03:00 by greymilter at mx.example.org; ' +
        'Tue, 01 Jan 2030 00:03:00 +0000',
    ]);
  });

  for (const [header, expected] of [
    ['always', [`X-Greylist: not delayed by greymilter at ${hostname()}; `]],
    ['delayed', []],
    ['never', []],
  ] as const) {
    test(`header: ${header}, for a message that was not delayed`, async (t) => {
      const overrides = [`greylist.header=${header}`, 'trusted=[192.0.2.0/24]'];
      const { answers, rcpt } = createFilterRig(t, ...overrides);
      const session = openClientSession();
      beginMail(session);
      await rcpt(session);
      const context = createEndOfMessage({});
      await answers.eom(session, context);
      assert.deepEqual(
        context.headers.map((line) => line.slice(0, line.indexOf(';') + 2)),
        expected,
      );
    });
  }

  test('a message without a recipient that passed gets none', async (t) => {
    const { answers } = createFilterRig(t, 'greylist.header=always');
    const session = openClientSession();
    beginMail(session);
    const context = createEndOfMessage();
    await answers.eom(session, context);
    assert.deepEqual(context.headers, []);
  });

  test('no header is added where that was not agreed on', async (t) => {
    const { answers, rcpt } = createFilterRig(t, 'greylist.header=always', 'trusted=[0.0.0.0/0]');
    const session = openClientSession();
    beginMail(session);
    await rcpt(session);
    const context = { ...createEndOfMessage(), may: () => false };
    assert.equal(textOf(await answers.eom(session, context)), 'continue');
    assert.deepEqual(context.headers, []);
  });

  test('who was held is judged where there was no DATA, and then nothing is left', async (t) => {
    const { answers, rcpt, clock } = createFilterRig(t);
    const session = openClientSession();
    beginMail(session, '');
    await rcpt(session);
    const refused = createEndOfMessage();
    assert.equal(textOf(await answers.eom(session, refused)), later);
    assert.deepEqual(refused.headers, []);
    assert.equal(session.transaction, undefined);
    clock.advance(delay);
    beginMail(session, '');
    await rcpt(session);
    const passed = createEndOfMessage();
    assert.equal(textOf(await answers.eom(session, passed)), 'continue');
    assert.equal(passed.headers.length, 1);
  });

  test('who was judged at DATA is not judged again', async (t) => {
    const { answers, rcpt, logger } = createFilterRig(t, 'trusted=[192.0.2.0/24]');
    const session = openClientSession();
    beginMail(session, '');
    await rcpt(session);
    await answers.data(session, createContext());
    await answers.eom(session, createEndOfMessage());
    assert.equal(logger.decisions.length, 1);
  });

  test('an answer that comes too late leaves the next message alone', async (t) => {
    const { answers, rcpt } = createFilterRig(t);
    const session = openClientSession();
    beginMail(session, '');
    await rcpt(session);
    const context = createEndOfMessage();
    const answer = answers.eom(session, context);
    session.endMessage();
    beginMail(session, 'next@client.example');
    const { transaction } = session;
    await answer;
    assert.equal(session.transaction, transaction);
    assert.deepEqual(context.headers, []);
  });
});

describe('where a handler failed, which is a bug', () => {
  test('the recipient is put off, and the log says where to look', async (t) => {
    const { answers, rcpt, logger } = createFilterRig(t);
    const session = openClientSession();
    beginMail(session);
    const answer = rcpt(session);
    assert.equal(textOf(answers.failed(session, 'rcpt', new TypeError('oops'))), 'tempfail');
    assert.equal(await answer, 'continue', 'nobody hears it');
    const { fields } = logger.take('bug: an answer could not be found');
    assert.deepEqual([fields['id'], fields['event'], fields['error']], ['s1', 'rcpt', 'oops']);
    assert.match(String(fields['stack']), /^TypeError: oops\n +at /);
    assert.deepEqual(
      logger.decisions.map(({ verdict, reason }) => [verdict, reason]),
      [['tempfail', 'error']],
    );
  });

  test('no recipient is spoken of if none was being judged', (t) => {
    const { answers, logger } = createFilterRig(t);
    const session = openClientSession();
    assert.equal(textOf(answers.failed(session, 'mail', 'thrown text')), 'tempfail');
    assert.equal(logger.take('bug: an answer could not be found').fields['stack'], undefined);
    assert.deepEqual(logger.decisions, []);
  });
});

describe('where the limit is over', () => {
  for (const [onFailure, answer] of [
    ['accept', 'continue'],
    ['tempfail', 'tempfail'],
  ] as const) {
    test(`on-failure ${onFailure}, for all who were held`, async (t) => {
      const { answers, rcpt, logger } = createFilterRig(t, `store.on-failure=${onFailure}`);
      const session = openClientSession();
      beginMail(session, '');
      await rcpt(session, 'a@example.org');
      await rcpt(session, 'b@example.org');
      const late = answers.data(session, createContext());
      assert.equal(textOf(answers.late(session, 'data')), answer);
      await late;
      assert.equal(logger.take('no answer within limits.answer').fields['verdict'], onFailure);
      assert.deepEqual(
        logger.decisions.map(({ verdict, reason }) => [verdict, reason]),
        [
          [onFailure, 'store-unavailable'],
          [onFailure, 'store-unavailable'],
        ],
      );
    });
  }

  test('who passed so at DATA is not judged again at the end of the message', async (t) => {
    const { answers, rcpt, logger } = createFilterRig(t);
    const session = openClientSession();
    beginMail(session, '');
    await rcpt(session);
    const late = answers.data(session, createContext());
    answers.late(session, 'data');
    await late;
    assert.equal(textOf(await answers.eom(session, createEndOfMessage())), 'continue');
    assert.equal(logger.decisions.length, 1);
    logger.take('no answer within limits.answer');
  });
});
