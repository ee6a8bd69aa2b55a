import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import {
  ExpectedReplies,
  replyExpectedBy,
} from '../../../../src/daemon/greylisting/expected-replies.js';
import { createPolicy } from '../../../../src/daemon/policy/policy.js';
import type { Attempt } from '../../../../src/greylist/attempt.js';
import { parseReplyKey } from '../../../../src/greylist/reply-record.js';
import { parseEnvelopeAddress } from '../../../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../../../src/mail/ip-address.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { MemoryStore } from '../../../support/memory-store.js';
import { createRecordingLogger } from '../../../support/recording-logger.js';
import { createAttempt } from '../../../support/rule-parts.js';

const day = 24 * 60 * 60 * 1000;
const address = (text: string) => parseEnvelopeAddress(`<${text}>`);

/** Mail that our own user Ann has sent. */
function outgoing(more: Partial<Attempt> = {}): Attempt {
  return createAttempt({
    sender: address('ann@local.test'),
    recipient: address('Joe@partner.test'),
    login: 'ann',
    ...more,
  });
}

/** What Joe answers. */
const answer = createAttempt({
  sender: address('joe@partner.test'),
  recipient: address('Ann@LOCAL.test'),
});

function createPolicyOf(overrides: readonly string[]) {
  const domains = 'local-domains=[local.test, .below.test]';
  return createPolicy(parseConfig({ overrides: [domains, ...overrides] }).config);
}

function createRig(t: TestContext, ...overrides: readonly string[]) {
  const clock = createManualClock();
  const store = new MemoryStore({ clock });
  const logger = createRecordingLogger(t);
  const replies = new ExpectedReplies(store, logger, clock);
  const policy = createPolicyOf(overrides);
  const committed = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
  return {
    clock,
    store,
    logger,
    /** Sends, and waits until it is remembered. */
    send: async (attempt = outgoing()): Promise<void> => {
      replies.expect(attempt, policy, clock.now());
      await committed();
    },
    find: async (attempt = answer, by = policy) => await replies.find(attempt, by, clock.now()),
    replies,
    policy,
    committed,
  };
}

describe('whose answers are expected', () => {
  const cases: readonly (readonly [string, Partial<Attempt>, string | undefined])[] = [
    ['a login', {}, 'ann'],
    ['a trusted client', { login: '', clientAddress: parseIpAddress('10.1.2.3') }, '10.1.2.0/24'],
    [
      'a trusted IPv6 client',
      { login: undefined, clientAddress: parseIpAddress('fd00::1') },
      'fd00::/64',
    ],
    ['a domain below', { sender: address('ann@a.below.test') }, 'ann'],
    ['loopback', { login: undefined, clientAddress: parseIpAddress('127.0.0.1') }, undefined],
    ['no client', { login: undefined, clientAddress: undefined }, undefined],
    ['a stranger', { login: undefined }, undefined],
    ['a sender of elsewhere', { sender: address('ann@partner.test') }, undefined],
    ['the domain above', { sender: address('ann@below.test') }, undefined],
    ['the null sender', { sender: parseEnvelopeAddress('<>') }, undefined],
    ['a recipient of ours', { recipient: address('bob@local.test') }, undefined],
    ['a recipient without a domain', { recipient: address('postmaster') }, undefined],
  ];
  for (const [what, more, user] of cases)
    test(`${what}: ${user ?? 'nobody'}`, () =>
      assert.equal(replyExpectedBy(outgoing(more), createPolicyOf([]))?.user, user));

  test('nobody without local domains, or if it is off', () => {
    for (const overrides of [['local-domains=[]'], ['greylist.replies=off']])
      assert.equal(replyExpectedBy(outgoing(), createPolicyOf(overrides)), undefined);
  });
});

describe('expected replies', () => {
  test('are found by the parties the other way round, for as long as is set', async (t) => {
    const { clock, send, find, store } = createRig(t);
    const sentAt = clock.now();
    assert.equal(await find(), undefined);
    await send();
    assert.deepEqual([...store.committed.keys()].map(parseReplyKey), [
      { sender: 'joe@partner.test', recipient: 'ann@local.test' },
    ]);
    assert.deepEqual(await find(), { writtenAt: sentAt });
    clock.advance(7 * day - 1);
    assert.deepEqual(await find(), { writtenAt: sentAt });
    clock.advance(1);
    assert.equal(await find(), undefined);
  });

  test('are those of the normalised addresses', async (t) => {
    const { send, find } = createRig(t, 'greylist.recipient.keep-extension=false');
    await send(outgoing({ sender: address('ANN+work@local.test') }));
    assert.ok(await find());
    assert.equal(await find({ ...answer, sender: address('jim@partner.test') }), undefined);
    assert.equal(await find({ ...answer, sender: parseEnvelopeAddress('<>') }), undefined);
  });

  test('end sooner if the setting has become shorter, and wait for their commit', async (t) => {
    const { clock, send, find, replies, policy } = createRig(t);
    replies.expect(outgoing(), policy, clock.now());
    await Promise.resolve();
    assert.ok(await find(), 'not yet committed when it was asked for');
    await send();
    clock.advance(2 * day);
    assert.equal(await find(answer, createPolicyOf(['greylist.replies=2d'])), undefined);
    assert.ok(await find());
  });

  test('are written again only when half their time is over', async (t) => {
    const { clock, send, find, store } = createRig(t);
    const firstAt = clock.now();
    await send();
    clock.advance(3 * day);
    await send();
    assert.deepEqual(await find(), { writtenAt: firstAt });
    assert.equal(store.stats().commits, 1);
    clock.advance(day);
    await send();
    assert.deepEqual(await find(), { writtenAt: firstAt + 4 * day });
  });

  test('ask and write nothing without local domains', async (t) => {
    const { store, send, find } = createRig(t, 'local-domains=[]');
    store.failReads = true;
    await send();
    assert.equal(await find(), undefined);
  });

  test('are a thousand for each login and day; more are told of once', async (t) => {
    const { clock, store, logger, replies, policy, committed, send } = createRig(t);
    const sendMany = async (from: number, count: number): Promise<void> => {
      for (let index = from; index < from + count; index++) {
        const recipient = address(`x${index}@partner.test`);
        replies.expect(outgoing({ recipient }), policy, clock.now());
      }
      await committed();
    };
    await sendMany(0, 1005);
    assert.equal(store.committed.size, 1000);
    const { fields } = logger.take('no more replies are expected today for this login or client');
    assert.deepEqual(fields, { user: 'ann', limit: 1000 });
    await send(outgoing({ login: 'bob' }));
    assert.equal(store.committed.size, 1001);
    clock.advance(day);
    await sendMany(2000, 1);
    assert.equal(store.committed.size, 1002);
  });

  test('that cannot be stored are told of, and nobody hears of it who sends', async (t) => {
    const { store, logger, send, find } = createRig(t);
    store.failWrites = true;
    await send();
    logger.take('expected replies cannot be stored');
    store.failReads = true;
    await send(outgoing({ recipient: address('jim@partner.test') }));
    assert.equal(await find(), undefined);
    const { fields } = logger.take('expected replies cannot be read');
    assert.equal(fields['code'], 'STORE_UNAVAILABLE');
  });

  test('of a later version that shares the store are left as they are', async (t) => {
    const { clock, store, logger, send, find } = createRig(t);
    await send();
    const [key = ''] = store.committed.keys();
    const entry = { value: Uint8Array.of(99), expiresAt: clock.now() + day, commit: undefined };
    store.committed.set(key, entry);
    await send();
    assert.deepEqual(store.committed.get(key), entry);
    assert.equal(await find(), undefined);
    logger.take('expected replies cannot be read');
    // One that no version has written is mended.
    store.committed.set(key, { ...entry, value: Uint8Array.of() });
    await send();
    assert.deepEqual(await find(), { writtenAt: clock.now() });
  });

  test('that are damaged, or whose commit fails, are not there', async (t) => {
    const { clock, store, logger, send, find, replies, policy } = createRig(t);
    await send();
    const [key = ''] = store.committed.keys();
    const value = Uint8Array.of(9);
    store.committed.set(key, { value, expiresAt: clock.now() + day, commit: undefined });
    assert.equal(await find(), undefined);
    logger.take('expected replies cannot be read');
    store.committed.clear();
    store.failWrites = true;
    replies.expect(outgoing(), policy, clock.now());
    await Promise.resolve();
    clock.advance(60_000);
    assert.equal(await find(), undefined);
    logger.take('expected replies cannot be read');
    logger.take('expected replies cannot be stored');
  });
});
