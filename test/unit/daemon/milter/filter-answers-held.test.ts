import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, test } from 'node:test';
import type { Condition } from '../../../../src/rules/condition.js';
import { createCondition, createRule } from '../../../support/rule-parts.js';
import { createContext, createEndOfMessage } from '../fake-context.js';
import {
  beginMail,
  createFilterRig,
  createRuledRig,
  openClientSession,
  textOf,
} from '../filter-rig.js';
import type { FilterRig } from '../filter-rig.js';

const delay = 180_000;

/** One message of the null sender up to DATA; the answer to it. */
async function sendTo({ answers, rcpt }: FilterRig, ...to: readonly string[]): Promise<string> {
  const session = openClientSession();
  beginMail(session, '');
  for (const address of to) await rcpt(session, address);
  return textOf(await answers.data(session, createContext()));
}

describe('recipients that are judged together share the earliest clock of all', () => {
  for (const order of [
    ['new@example.org', 'waiting@example.org'],
    ['waiting@example.org', 'new@example.org'],
  ]) {
    test(`in whatever order they come: ${order.join(', ')}`, async (t) => {
      const rig = createFilterRig(t);
      await sendTo(rig, 'waiting@example.org');
      rig.clock.advance(delay);
      assert.equal(await sendTo(rig, ...order), 'continue');
      assert.deepEqual(
        rig.logger.decisions.slice(1).map(({ reason }) => reason),
        ['greylist-passed', 'greylist-passed'],
      );
    });
  }

  test('also while it is not over yet', async (t) => {
    const rig = createFilterRig(t);
    await sendTo(rig, 'waiting@example.org');
    rig.clock.advance(delay - 60_000);
    const to = ['new@example.org', 'waiting@example.org'];
    assert.match(await sendTo(rig, ...to), /again in 60 seconds$/);
    rig.clock.advance(60_000);
    assert.equal(await sendTo(rig, ...to), 'continue');
  });

  test('one that is known has none: what is new beside it waits', async (t) => {
    const rig = createFilterRig(t);
    await sendTo(rig, 'known@example.org');
    rig.clock.advance(delay);
    assert.equal(await sendTo(rig, 'known@example.org'), 'continue');
    rig.clock.advance(delay);
    const told = await sendTo(rig, 'new@example.org', 'known@example.org');
    assert.match(told, /again in 180 seconds$/);
  });

  test('one that is never greylisted has none either', async (t) => {
    const rig = createFilterRig(t);
    const session = openClientSession();
    beginMail(session, '');
    for (const greylist of ['OK', '']) {
      const macros = createContext({ '{greylist}': greylist });
      await rig.answers.rcpt(session, { address: `<a${greylist}@example.org>`, args: [] }, macros);
    }
    const told = textOf(await rig.answers.data(session, createContext()));
    assert.match(told, /again in 180 seconds$/);
  });

  test('a record that cannot be read has none, and is judged as new', async (t) => {
    const rig = createFilterRig(t);
    const onGet = (key: string): ReturnType<typeof rig.store.onGet> => {
      const entry = rig.store.inner.get(key);
      return entry && { ...entry, value: Uint8Array.of(0) };
    };
    await sendTo(rig, 'a@example.org');
    rig.clock.advance(delay);
    rig.store.onGet = onGet;
    rig.store.onSet = () => Promise.resolve(true);
    const told = await sendTo(rig, 'b@example.org', 'a@example.org');
    assert.match(told, /again in 180 seconds$/);
    rig.logger.take('record cannot be read');
  });
});

test('who waits and who cannot be decided about get the answer that has a time in it', async (t) => {
  for (const first of ['a@example.org', 'b@example.org']) {
    const rig = createFilterRig(t, 'store.on-failure=tempfail');
    rig.store.onGet = (key) => {
      if (key.includes(first)) throw new Error('unreadable');
      return rig.store.inner.get(key);
    };
    assert.match(await sendTo(rig, 'a@example.org', 'b@example.org'), /again in 180 seconds$/);
    rig.logger.take('store cannot be read');
    assert.deepEqual(
      rig.logger.decisions.map(({ verdict, reason }) => [verdict, reason]),
      [
        ['tempfail', 'greylist-new'],
        ['tempfail', 'greylist-new'],
      ],
    );
  }
});

describe('an answer at DATA that is not owed any more', () => {
  test('judges nobody who is left, so that DATA may come again', async (t) => {
    const rig = createFilterRig(t, 'store.on-failure=tempfail');
    const session = openClientSession();
    beginMail(session, '');
    const to = ['a@example.org', 'b@example.org', 'c@example.org'];
    for (const address of to) await rig.rcpt(session, address);
    const { inner } = rig.store;
    let commit: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (commit = resolve));
    rig.store.onSet = async (key, expected, next) => {
      await slow;
      return await inner.compareAndSet(key, expected, next);
    };
    const answer = rig.answers.data(session, createContext());
    for (let turns = 0; turns < 5; turns++) await turn();
    assert.equal(textOf(rig.answers.late(session, 'data')), 'tempfail');
    rig.logger.take('no answer within limits.answer');
    rig.store.onSet = (key, expected, next) => inner.compareAndSet(key, expected, next);
    commit();
    assert.equal(textOf(await answer), 'continue', 'nobody hears it');
    assert.deepEqual([...inner.committed.keys()].length, 1);
    const again = textOf(await rig.answers.data(session, createContext()));
    assert.match(again, /again in 180 seconds$/);
    assert.deepEqual(
      rig.logger.decisions.map(({ reason, attempts }) => [reason, attempts]),
      [
        ['store-unavailable', undefined],
        ['store-unavailable', undefined],
        ['store-unavailable', undefined],
        ['greylist-early', 2],
        ['greylist-early', 1],
        ['greylist-early', 1],
      ],
    );
  });

  test('was for another recipient: who is held is judged at the end all the same', async (t) => {
    const slow: Condition = {
      ...createCondition('yes', 'lookup'),
      test: ({ facts }) =>
        facts.attempt.recipient.localPart === 'slow' ? new Promise(() => undefined) : 'no',
    };
    const { rcpt, answers, logger } = createRuledRig(t, { rules: [createRule({ when: [slow] })] });
    const session = openClientSession();
    beginMail(session, '');
    assert.equal(await rcpt(session, 'held@example.org'), 'continue');
    void rcpt(session, 'slow@example.org');
    assert.equal(textOf(answers.late(session, 'rcpt')), 'continue');
    logger.take('no answer within limits.answer');
    assert.match(textOf(await answers.eom(session, createEndOfMessage())), /^451/);
    assert.deepEqual(
      logger.decisions.map(({ reason, attempt }) => [reason, attempt.recipient.text]),
      [
        ['store-unavailable', 'slow@example.org'],
        ['greylist-new', 'held@example.org'],
      ],
    );
  });

  test('asks for no further clocks', async (t) => {
    const rig = createFilterRig(t);
    const session = openClientSession();
    beginMail(session, '');
    for (const address of ['a@example.org', 'b@example.org']) await rig.rcpt(session, address);
    const asked: string[] = [];
    let read: () => void = () => undefined;
    const slow = new Promise<undefined>((resolve) => (read = () => resolve(undefined)));
    rig.store.onGet = (key) => {
      asked.push(key);
      return slow;
    };
    const answer = rig.answers.data(session, createContext());
    session.endMessage();
    read();
    assert.equal(textOf(await answer), 'continue');
    assert.equal(asked.length, 1);
    assert.deepEqual(rig.logger.decisions, []);
  });
});
