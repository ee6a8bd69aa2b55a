import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { rateCondition } from '../../../../src/rules/conditions/rate.js';
import { CountedOnce } from '../../../../src/rules/counted-once.js';
import type { Effects, Evaluation, RateExcess } from '../../../../src/rules/condition.js';
import { RateWindow } from '../../../../src/rules/rate-window.js';
import { compileWritten, issuesOfWritten, writtenAgain } from '../../../support/condition-rig.js';
import { createFacts, createEvaluation } from '../../../support/rule-parts.js';

const MINUTE = 60_000;

type MoreFacts = Parameters<typeof createFacts>[0];

/** A condition with a window of its own; asked again and again. */
function rig(written: unknown) {
  const condition = compileWritten(rateCondition, written);
  const rates = new RateWindow();
  const notes: string[] = [];
  const excesses: RateExcess[] = [];
  const effects: Effects = {
    log: () => undefined,
    forgetClient: () => undefined,
    exceedRate: (_attempt, excess) => void excesses.push(excess),
  };
  return {
    notes,
    excesses,
    ask: (facts: MoreFacts = {}) => {
      const evaluation: Evaluation = {
        ...createEvaluation(createFacts(facts)),
        rates,
        effects,
        note: (finding) => void notes.push(finding),
      };
      return condition.test(evaluation);
    },
  };
}

describe('the condition rate', () => {
  test('holds for what is over the limit, until the window has moved on', () => {
    const { ask, notes } = rig({ over: 2, in: '10m' });
    const now = Date.UTC(2026, 10, 21);
    const at = (minutes: number) => ask({ now: now + minutes * MINUTE });
    assert.deepEqual([at(0), at(1), at(2), at(3)], ['no', 'no', 'yes', 'yes']);
    assert.deepEqual([at(14), at(15)], ['no', 'no']);
    assert.deepEqual(notes.slice(0, 2), [
      '1 recipients of 203.0.113.7',
      '2 recipients of 203.0.113.7',
    ]);
  });

  test('tells of each that is over, and by what it is counted', () => {
    const { ask, excesses } = rig({ over: 1, in: '10m', per: '{client} {helo}', name: 'a class' });
    assert.deepEqual([ask(), excesses.length], ['no', 0]);
    assert.deepEqual([ask(), ask()], ['yes', 'yes']);
    const [first, second] = excesses;
    const expected = { counter: 'a class', seen: 2, over: 1, counted: 'recipients', seconds: 600 };
    assert.deepEqual([first, second?.seen], [{ ...expected, key: first?.key }, 3]);
    assert.match(first?.key ?? '', /^203\.0\.113\.7 \S+$/);
    const { ask: again, excesses: nameless } = rig({ over: 0, in: '90s', count: 'sessions' });
    assert.equal(again(), 'yes');
    const told = nameless.map(({ counter, counted, seconds }) => [counter, counted, seconds]);
    assert.deepEqual(told, [['rule 1', 'sessions', 90]]);
  });

  test('counts apart what differs in what it is told to look at', () => {
    const { ask } = rig({ over: 1, in: '10m', per: '{client} to {recipient-domain}' });
    assert.equal(ask(), 'no');
    assert.equal(
      ask({ attempt: { recipient: { text: '', localPart: 'a', domain: 'b.example' } } }),
      'no',
    );
    assert.equal(ask({ attempt: { clientAddress: undefined } }), 'no');
    assert.equal(ask(), 'yes');
  });

  test('counts each recipient, unless told otherwise', () => {
    const { ask } = rig({ over: 1, in: '10m' });
    assert.deepEqual([ask(), ask({ recipientsBefore: 1 })], ['no', 'yes']);
  });

  test('counts a message once, by whichever of its recipients comes to it', () => {
    const { ask, notes } = rig({ over: 1, in: '10m', count: 'messages' });
    const ofSession = new CountedOnce();
    const [first, second, third] = [1, 2, 3].map(() => ({
      counted: { ofMessage: new CountedOnce(), ofSession },
    }));
    // Those before it have met another rule.
    assert.equal(ask({ recipientsBefore: 1, ...first }), 'no');
    assert.equal(ask({ recipientsBefore: 2, ...first }), 'no');
    assert.equal(ask(second), 'yes');
    assert.equal(ask({ recipientsBefore: 1, ...second }), 'yes');
    assert.equal(ask({ recipientsBefore: 2, message: { headers: [], bytes: 0 }, ...third }), 'yes');
    assert.deepEqual(
      notes.map((note) => note.charAt(0)),
      ['1', '1', '2', '2', '3'],
    );
  });

  test('counts a message once for each by whom it is counted apart', () => {
    const { ask } = rig({ over: 1, in: '10m', per: 'recipient', count: 'messages' });
    const counted = { ofMessage: new CountedOnce(), ofSession: new CountedOnce() };
    const to = (localPart: string) => ({
      attempt: { recipient: { text: '', localPart, domain: 'b.example' } },
      counted,
    });
    assert.deepEqual([ask(to('a')), ask(to('b')), ask(to('b'))], ['no', 'no', 'no']);
    counted.ofMessage = new CountedOnce();
    assert.deepEqual([ask(to('b')), ask(to('c'))], ['yes', 'no']);
  });

  test('counts a session once, by whichever of its messages comes to it', () => {
    const { ask } = rig({ over: 1, in: '10m', count: 'sessions' });
    const session = () => {
      const ofSession = new CountedOnce();
      return () => ask({ counted: { ofMessage: new CountedOnce(), ofSession } });
    };
    const [one, other] = [session(), session()];
    assert.deepEqual([one(), one(), other(), other()], ['no', 'no', 'yes', 'yes']);
  });

  test('counts all recipients of a message that is there', () => {
    const { ask } = rig({ over: 4, in: '10m' });
    const message = { headers: [], bytes: 0 };
    assert.equal(ask({ recipientsBefore: 3, message }), 'no');
    assert.equal(ask({ recipientsBefore: 1, message }), 'no');
    assert.equal(ask({ recipientsBefore: 1, message }), 'yes');
  });

  test('counts those recipients of a message alone that get it', () => {
    const { ask } = rig({ over: 2, in: '10m' });
    const told = { recipientsBefore: 9, acceptedBefore: 2, message: { headers: [], bytes: 0 } };
    assert.deepEqual([ask(told), ask(told)], ['no', 'yes']);
  });

  test('counts bytes of messages, also many', () => {
    const { ask, notes } = rig({ over: '20GiB', in: '1d', count: 'bytes' });
    const message = { headers: [], bytes: 10 * 1024 ** 3 };
    assert.equal(ask({ message }), 'no');
    assert.equal(ask(), 'no');
    assert.equal(ask({ message }), 'no');
    assert.equal(ask({ message: { ...message, bytes: 1 } }), 'yes');
    assert.equal(notes.at(-1), '21474836481 bytes of 203.0.113.7');
  });

  test('has the filter sent what it counts the bytes of, and nothing for other counts', () => {
    const needsOf = (count: 'recipients' | 'messages' | 'bytes' | 'bytes-before') =>
      rateCondition.needs?.({ over: 1, in: 1, count });
    assert.deepEqual(needsOf('bytes'), { macros: [], headers: true, body: true });
    for (const count of ['recipients', 'messages', 'bytes-before'] as const) {
      assert.deepEqual(needsOf(count), { macros: [] });
    }
  });

  test('asks before a message for the bytes of others, and counts none', () => {
    const evaluation = { ...createEvaluation(), rates: new RateWindow() };
    const message = { headers: [], bytes: 600 };
    const written = { over: 1000, in: '1d', name: 'volume' };
    const counting = compileWritten(rateCondition, { ...written, count: 'bytes' });
    const asking = compileWritten(rateCondition, { ...written, count: 'bytes-before' });
    const count = () => counting.test({ ...evaluation, facts: createFacts({ message }) });
    assert.deepEqual([asking.test(evaluation), count()], ['no', 'no']);
    assert.equal(asking.test({ ...evaluation, facts: createFacts({ message }) }), 'no');
    assert.deepEqual([count(), asking.test(evaluation)], ['yes', 'yes']);
  });

  test('counts together under one name, but no other kind or window', () => {
    const rates = new RateWindow();
    const evaluation = { ...createEvaluation(), rates };
    const truthOf = (id: string, more: object) => {
      const written = { over: 1, in: '10m', name: 'burst', ...more };
      return compileWritten(rateCondition, written, { context: { id } }).test(evaluation);
    };
    assert.equal(truthOf('one', {}), 'no');
    assert.equal(truthOf('three', { in: '11m' }), 'no');
    assert.equal(truthOf('four', { count: 'messages' }), 'no');
    assert.equal(truthOf('five', { name: 'other' }), 'no');
    assert.equal(truthOf('other', {}), 'yes');
  });

  test('counts for each rule apart', () => {
    const rates = new RateWindow();
    const evaluation = { ...createEvaluation(), rates };
    for (const id of ['one', 'other']) {
      const condition = compileWritten(rateCondition, { over: 0, in: '10m' }, { context: { id } });
      assert.equal(condition.test(evaluation), 'yes');
    }
    assert.equal(rates.size, 2);
  });

  for (const [stage, written] of [
    ['rcpt', {}],
    ['rcpt', { per: { text: '', fields: ['client'], literals: [] }, count: 'recipients' }],
    ['connect', { count: 'sessions' }],
    ['helo', { per: { text: '', fields: ['client', 'helo'], literals: [] }, count: 'sessions' }],
    ['mail', { per: { text: '', fields: ['sender'], literals: [] }, count: 'sessions' }],
    ['mail', { count: 'messages' }],
    ['eom', { count: 'bytes' }],
    ['connect', { count: 'bytes-before', name: 'volume' }],
    [
      'rcpt',
      { per: { text: '', fields: ['recipient', 'client'], literals: [] }, count: 'messages' },
    ],
  ] as const)
    test(`can be answered at ${stage} for ${JSON.stringify(written)}`, () => {
      assert.equal(rateCondition.stageOf?.({ over: 1, in: 1, ...written }), stage);
    });

  test('is written as it was read', () => {
    const written = { over: 1, in: '10m', per: '{client} {sender}', count: 'messages' };
    assert.deepEqual(writtenAgain(rateCondition, written), written);
    const bytes = { over: '10MiB', in: '1d', count: 'bytes', name: 'big ones' };
    assert.deepEqual(writtenAgain(rateCondition, bytes), bytes);
  });

  for (const [written, issue] of [
    [{ over: 1 }, 'in: type'],
    [{ over: 1, in: '0s' }, 'in: must be at least 1s'],
    [{ over: 1, in: '1h', count: 'bytes-before' }, 'count: needs a name'],
    [{ over: 1, in: '1h', per: 'cleint' }, 'per: names no field'],
    [{ over: 1, in: '1h', per: '{cleint}' }, 'per: has an unknown field {cleint}'],
    [{ over: 1, in: '1h', count: 'mails' }, 'count: word'],
    [{ over: '1GiB', in: '1h' }, 'over: is a size'],
    [{ over: 1, in: '1h', name: ' x' }, 'name: is no name'],
  ] as const)
    test(`refuses ${JSON.stringify(written)}`, () => {
      assert.deepEqual(issuesOfWritten(rateCondition, written), [issue]);
    });
});
