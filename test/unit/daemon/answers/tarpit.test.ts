import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';

import { FilterAnswers } from '../../../../src/daemon/milter/filter-answers.js';
import type { MilterSession } from '../../../../src/daemon/milter/milter-session.js';
import { Tarpit } from '../../../../src/daemon/answers/tarpit.js';
import { TarpitVisit } from '../../../../src/daemon/answers/tarpit-visit.js';
import { tarpitKey } from '../../../../src/greylist/tarpit-record.js';
import { parseEnvelopeAddress } from '../../../../src/mail/envelope-address.js';
import { ipAddressFromBytes, parseIpAddress } from '../../../../src/mail/ip-address.js';
import type { RuleSettings } from '../../../../src/rules/rule.js';
import { StoreError } from '../../../../src/store/store.js';
import { createAttempt, createRule } from '../../../support/rule-parts.js';
import { createContext, createEndOfMessage } from '../fake-context.js';
import { beginMail, createRuledRig, openClientSession, textOf } from '../filter-rig.js';

/** As short as a wait can be that is one. */
const usual: RuleSettings = { tarpitMs: 20, tarpitScope: 'session' };

const attempt = createAttempt({
  clientAddress: parseIpAddress('192.0.2.1'),
  sender: parseEnvelopeAddress('<alice@client.example>'),
  recipient: parseEnvelopeAddress('<bob@example.org>'),
});

function rig(
  t: TestContext,
  action: 'accept' | 'greylist' | 'reject' = 'accept',
  settings: RuleSettings = usual,
) {
  const ruled = createRuledRig(
    t,
    { rules: [createRule({ action, settings })] },
    'greylist.delay=1m',
    'limits.tarpits=1',
  );
  const { policy, dependencies, store, logger, clock } = ruled;
  const tarpit = new Tarpit(store, logger, clock);
  const answers = new FilterAnswers(policy, { ...dependencies, tarpit });
  const gone = new AbortController();
  const allowed: number[] = [];
  const rcpt = async (session: MilterSession, address = 'bob@example.org'): Promise<string> => {
    const context = {
      ...createContext(),
      gone: gone.signal,
      allowMore: (ms: number) => void allowed.push(ms),
    };
    return textOf(await answers.rcpt(session, { address: `<${address}>`, args: [] }, context));
  };
  const session = openClientSession();
  beginMail(session);
  const state = () => tarpit.stateOf(attempt, policy);
  return { ...ruled, tarpit, answers, rcpt, gone, allowed, session, state };
}

describe('a client that is made to wait', () => {
  test('is answered later, and known once it goes on', async (t) => {
    const { rcpt, session, allowed, state, answers, tarpit } = rig(t);
    const answer = rcpt(session);
    assert.equal(tarpit.size, 1);
    assert.equal(await answer, 'continue');
    assert.deepEqual(allowed, [20]);
    assert.equal(tarpit.size, 0);
    assert.equal(await state(), 'new');
    assert.equal(textOf(await answers.eom(session, createEndOfMessage())), 'continue');
    assert.equal(await state(), 'stayed');
  });

  test('has waited for the recipients behind it as well, and has stayed when it names one', async (t) => {
    const { rcpt, session, allowed, state } = rig(t);
    await rcpt(session);
    await rcpt(session, 'carol@example.org');
    assert.deepEqual(allowed, [20]);
    assert.equal(await state(), 'stayed');
  });

  test('has given up if it is gone meanwhile', async (t) => {
    const { rcpt, session, gone, state, tarpit } = rig(t);
    const answer = rcpt(session);
    gone.abort();
    await answer;
    assert.equal(tarpit.size, 0);
    assert.equal(await state(), 'left');
    const again = openClientSession();
    beginMail(again);
    await rcpt(again);
    assert.equal(await state(), 'left');
  });

  test('has given up if it leaves behind the answer', async (t) => {
    const { rcpt, session, answers, state, clock } = rig(t);
    await rcpt(session);
    answers.leave(session);
    session.endMessage();
    assert.equal(await state(), 'left');
    // As long as a first attempt is remembered.
    clock.advance(2 * 24 * 3_600_000);
    assert.equal(await state(), 'new');
  });

  test('leaves alone what a later version remembers of it', async (t) => {
    const { tarpit, store, policy, state, logger, clock } = rig(t);
    const key = tarpitKey({
      ...{ sender: 'alice@client.example', recipient: 'bob@example.org' },
      client: ipAddressFromBytes(Uint8Array.of(192, 0, 2, 1)),
      network: policy.greylist.network,
    });
    const newer = { value: Uint8Array.of(99), expiresAt: clock.now() + 1000 };
    await store.compareAndSet(key, undefined, newer);
    tarpit.remember(attempt, 'stayed', policy);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual((await store.get(key))?.value, newer.value);
    assert.equal(await state(), 'unknown');
    logger.take('who has waited cannot be told');
  });

  test('waits for a refusal, and for nothing that it has waited for already', async (t) => {
    const refused = rig(t, 'reject');
    assert.match(await refused.rcpt(refused.session), /^550/);
    assert.deepEqual(refused.allowed, [20]);
    const { rcpt, session, clock, allowed } = rig(t, 'greylist');
    assert.match(await rcpt(session), /^451/);
    assert.deepEqual(allowed, [20]);
    clock.advance(60_000);
    const later = openClientSession();
    beginMail(later);
    assert.equal(await rcpt(later), 'continue');
    assert.deepEqual(allowed, [20]);
  });

  for (const action of ['reject', 'greylist'] as const) {
    test(`is not said to have given up because it leaves behind a ${action}`, async (t) => {
      const { rcpt, session, answers, state, allowed } = rig(t, action);
      assert.match(await rcpt(session), /^[45]5/);
      answers.leave(session);
      assert.equal(await state(), 'new');
      const patient = openClientSession();
      beginMail(patient);
      assert.match(await rcpt(patient), /^[45]5/);
      assert.match(await rcpt(patient, 'carol@example.org'), /^[45]5/);
      assert.equal(await state(), 'stayed');
      assert.deepEqual(allowed, [20, 20]);
    });
  }

  test('does not wait for a refusal where rules say so, but for all else', async (t) => {
    const own: RuleSettings = { ...usual, tarpitsRefusals: false };
    for (const [action, answer, waits] of [
      ['reject', /^550/, []],
      ['greylist', /^451/, [20]],
      ['accept', /^continue$/, [20]],
    ] as const) {
      const { rcpt, session, allowed } = rig(t, action, own);
      assert.match(await rcpt(session), answer);
      assert.deepEqual(allowed, waits);
    }
  });

  test('is not for one more than there is room for, whatever the rules say', async (t) => {
    const { rcpt, session, tarpit, allowed } = rig(t);
    const other = tarpit.wait(1, undefined);
    assert.equal(await rcpt(session), 'continue');
    assert.deepEqual(allowed, []);
    await other;
  });

  test('is no more than so many at a time', async (t) => {
    const { rcpt, session, state, logger } = rig(t);
    const answer = rcpt(session);
    assert.equal(await state(), 'full');
    await answer;
    assert.equal(await state(), 'new');
    logger.take('too many clients wait, so that others need not');
  });

  test('is not known where the store is away, or has what nobody can read', async (t) => {
    const { state, store, logger, tarpit, policy } = rig(t);
    tarpit.remember(attempt, 'stayed', policy);
    store.onGet = () => {
      throw new StoreError('STORE_UNAVAILABLE', 'gone');
    };
    assert.equal(await state(), 'unknown');
    store.onGet = () => Promise.reject(new StoreError('STORE_UNAVAILABLE', 'gone'));
    assert.equal(await state(), 'unknown');
    tarpit.remember(attempt, 'left', policy);
    const value = Uint8Array.of(9);
    store.onGet = () => Promise.resolve({ value, expiresAt: 0, commit: undefined });
    assert.equal(await state(), 'unknown');
    logger.take('who has waited cannot be told');
  });

  test('has an address; without one nobody waits', async (t) => {
    const { tarpit, policy } = rig(t);
    const local = { ...attempt, clientAddress: undefined };
    assert.equal(await tarpit.stateOf(local, policy), 'stayed');
    tarpit.remember(local, 'left', policy);
    assert.equal(await tarpit.wait(20, AbortSignal.abort()), false);
    assert.equal(await tarpit.wait(1, undefined), true);
  });
});

describe('what a session has to wait yet', () => {
  const session = { ms: 60, scope: 'session' } as const;
  const command = { ms: 60, scope: 'command' } as const;

  test('is what is left of its time', () => {
    const visit = new TarpitVisit();
    assert.equal(visit.due(session, 50), 50);
    visit.waited(50, { attempt, isRefused: false });
    assert.equal(visit.due(session, 50), 10);
    visit.waited(10, { attempt, isRefused: false });
    assert.equal(visit.due(session, 50), 0);
    assert.equal(visit.due({ ...session, ms: 100 }, 50), 40);
  });

  test('is all of it if that is longer than the longest wait', () => {
    const visit = new TarpitVisit();
    assert.equal(visit.due(command, 100), 60);
    visit.waited(60, { attempt, isRefused: false });
    assert.equal(visit.due(command, 100), 0);
    assert.equal(visit.due({ ...command, ms: 61 }, 100), 61);
    assert.deepEqual(visit.settle('left'), [attempt]);
    assert.deepEqual(visit.settle('left'), []);
  });
});
