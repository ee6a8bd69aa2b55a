import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import { ExpectedReplies } from '../../../../src/daemon/greylisting/expected-replies.js';
import { Greylister } from '../../../../src/daemon/greylisting/greylister.js';
import type { ExceptionFinder } from '../../../../src/daemon/greylisting/hand-exceptions.js';
import { createPolicy } from '../../../../src/daemon/policy/policy.js';
import type { ProviderFinder } from '../../../../src/daemon/configuration/provider-watch.js';
import {
  clockOfRecipient,
  hearRecipient,
  type Case,
  type Hearing,
} from '../../../../src/daemon/answers/recipient-judge.js';
import { createTermsFinder } from '../../../../src/daemon/answers/terms.js';
import { findHandException, type HandException } from '../../../../src/greylist/hand-exceptions.js';
import type { Attempt } from '../../../../src/greylist/attempt.js';
import { parseEnvelopeAddress } from '../../../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../../../src/mail/ip-address.js';
import { networkContains, parseNetwork } from '../../../../src/mail/network.js';
import type { Lookups, SpfResult } from '../../../../src/rules/lookups.js';
import type { Ruling } from '../../../../src/rules/rule.js';
import { createManualClock } from '../../../support/manual-clock.js';
import { MemoryStore } from '../../../support/memory-store.js';
import { createRecordingLogger } from '../../../support/recording-logger.js';
import {
  createAttempt,
  createCondition,
  createLookups,
  createRule,
} from '../../../support/rule-parts.js';

const minute = 60_000;
const network = parseNetwork('203.0.113.0/24');
assert.ok(network);
const provider = { name: 'Big', domain: 'big.test', reason: 'pool', date: '2026-11-28' } as const;

/** Has the client of {@link createAttempt}. */
const providers: ProviderFinder = {
  find: (client) =>
    networkContains(network, client)
      ? { provider, network, term: 'ip4:203.0.113.0/24' }
      : undefined,
};
const nobody: ProviderFinder = { find: () => undefined };

function createRig(t: TestContext, found: ProviderFinder, ...overrides: readonly string[]) {
  const clock = createManualClock();
  const store = new MemoryStore({ clock });
  const logger = createRecordingLogger(t);
  const asked: string[] = [];
  let spf: SpfResult | 'unknown' = 'pass';
  let term = 'ip4:x';
  const lookups: Lookups = createLookups({
    spf: ({ sender }) => {
      asked.push(`spf ${sender.text}`);
      if (spf === 'unknown') return { known: false, problem: 'no answer in time' };
      return { known: true, value: { result: spf, domain: sender.domain, term } };
    },
  });
  let exceptions: readonly HandException[] = [];
  const byHand: ExceptionFinder = {
    find: (seeker, now) => findHandException(exceptions, seeker, now),
  };
  const judges = {
    byHand,
    greylister: new Greylister(store, logger, clock),
    expectedReplies: new ExpectedReplies(store, logger, clock),
    providers: found,
  };
  const policy = createPolicy(
    parseConfig({ overrides: ['local-domains=local.example', ...overrides] }).config,
  );
  const caseOf = (more: Partial<Attempt>, ruling?: Ruling): Case => {
    const attempt = createAttempt(more);
    const terms = createTermsFinder(policy)(ruling?.settings, policy.isProbe(attempt.sender));
    const recipient = { attempt, ruling, terms };
    return { recipient, policy, lookups, clockAt: undefined, now: clock.now() };
  };
  const hear = async (more: Partial<Attempt> = {}, ruling?: Ruling): Promise<Hearing> => {
    const hearing = await hearRecipient(caseOf(more, ruling), judges);
    // What is remembered beside.
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    return hearing;
  };
  const send = async (): Promise<void> => {
    const { sender, recipient } = createAttempt();
    const { finding } = await hear({ sender: recipient, recipient: sender, login: 'user' });
    assert.equal(finding.reason, 'authenticated');
  };
  return {
    clock,
    store,
    judges,
    caseOf,
    hear,
    send,
    reasonOf: async (...heard: Parameters<typeof hear>) => (await hear(...heard)).finding.reason,
    answerSpf: (result: typeof spf, by = 'ip4:x') => void ([spf, term] = [result, by]),
    except: (...some: typeof exceptions) => void (exceptions = some),
    takeAsked: () => asked.splice(0),
  };
}

function ruled(more: Partial<Ruling> = {}): Ruling {
  return { action: 'greylist', rule: undefined, settings: {}, ...more };
}

describe('a large sender', () => {
  test('passes without a triplet', async (t) => {
    const { hear, store, judges, caseOf } = createRig(t, providers);
    assert.deepEqual(await hear(), {
      finding: { verdict: 'accept', reason: 'provider', delayedMs: undefined, attempts: undefined },
      clockAt: undefined,
    });
    assert.equal(await clockOfRecipient(caseOf({}), judges), undefined);
    assert.equal(store.committed.size, 0);
  });

  test('is anybody else from elsewhere, or if it is set so', async (t) => {
    const elsewhere = { clientAddress: parseIpAddress('192.0.2.1') };
    assert.equal(await createRig(t, providers).reasonOf(elsewhere), 'greylist-new');
    const { reasonOf } = createRig(t, providers, 'greylist.providers=greylist');
    assert.equal(await reasonOf(), 'greylist-new');
  });

  const conditional = createRule({ when: [createCondition('yes')] });
  const unless = createRule({ unless: [createCondition('no')] });
  for (const [what, ruling, reason] of [
    ['no rule decides', ruled(), 'provider'],
    ['a rule for everybody says greylist', ruled({ rule: createRule() }), 'provider'],
    ['a rule with a condition says greylist', ruled({ rule: conditional }), 'greylist-new'],
    ['a rule with an exception says greylist', ruled({ rule: unless }), 'greylist-new'],
    ['it is listed', ruled({ found: new Map([['dnsbl', 'list.test']]) }), 'greylist-new'],
    ['something else was found', ruled({ found: new Map([['spf', 'fail']]) }), 'provider'],
    ['a rule rejects', ruled({ action: 'reject', rule: conditional }), 'rule'],
    ['a rule accepts', ruled({ action: 'accept', rule: createRule() }), 'rule'],
  ] as const)
    test(`${what}: ${reason}`, async (t) =>
      assert.equal(await createRig(t, providers).reasonOf({}, ruling), reason));
});

describe("an answer to our own user's mail", () => {
  test('passes at once, each time, and matures beside', async (t) => {
    const { hear, send, clock, reasonOf } = createRig(t, nobody);
    await send();
    const sentAt = clock.now();
    const first = await hear();
    assert.deepEqual(first.finding, {
      verdict: 'accept',
      reason: 'reply',
      delayedMs: 0,
      attempts: 1,
    });
    assert.equal(first.clockAt, sentAt);
    assert.deepEqual(first.reply?.record, { writtenAt: sentAt });
    assert.equal(first.reply.proof.isProven, true);
    clock.advance(minute);
    assert.equal(await reasonOf(), 'reply');
    clock.advance(2 * minute);
    assert.equal(await reasonOf(), 'greylist-passed');
    assert.equal(await reasonOf(), 'greylist-known');
  });

  test('that SPF does not vouch for waits; what it waited is told when it passes', async (t) => {
    const { hear, send, answerSpf, clock } = createRig(t, nobody);
    await send();
    for (const result of ['fail', 'softfail', 'neutral', 'unknown', 'permerror'] as const) {
      answerSpf(result);
      const { finding, reply } = await hear();
      assert.deepEqual([finding.verdict, reply?.proof.isProven], ['tempfail', false], result);
    }
    clock.advance(minute);
    answerSpf('pass');
    const { finding } = await hear();
    assert.ok(finding.verdict === 'accept');
    assert.deepEqual([finding.reason, finding.delayedMs], ['reply', minute]);
  });

  test('is looked up only if it would wait and something went out', async (t) => {
    const { hear, send, takeAsked, clock } = createRig(t, nobody);
    assert.equal((await hear()).reply, undefined);
    assert.deepEqual(takeAsked(), []);
    await send();
    await hear({ sender: parseEnvelopeAddress('<other@client.example>') });
    await hear({ sender: parseEnvelopeAddress('<>') });
    assert.deepEqual(takeAsked(), []);
    clock.advance(3 * minute);
    assert.equal((await hear()).finding.reason, 'greylist-passed');
    assert.deepEqual(takeAsked(), []);
  });

  test('waits like anybody if it is off', async (t) => {
    const { reasonOf, send, store } = createRig(t, nobody, 'greylist.replies=off');
    await send();
    assert.equal(store.committed.size, 0);
    assert.equal(await reasonOf(), 'greylist-new');
  });

  test('after its retry window passes as well', async (t) => {
    const { reasonOf, send, clock } = createRig(t, nobody);
    await reasonOf();
    clock.advance(2 * 24 * 60 * minute);
    await send();
    assert.equal(await reasonOf(), 'reply');
  });
});

describe('an exception by hand', () => {
  const times = { addedAt: 0, expiresAt: Number.MAX_SAFE_INTEGER };
  const ofSpf = { network: undefined, sender: '@client.example', ...times };
  const ofNetwork = { network, sender: undefined, ...times };

  test('by SPF passes without a triplet where SPF does, and nowhere else', async (t) => {
    const { hear, except, answerSpf, store, judges, caseOf, reasonOf, takeAsked } = createRig(
      t,
      nobody,
    );
    except(ofSpf);
    assert.deepEqual(await hear(), {
      finding: {
        ...{ verdict: 'accept', reason: 'client-autowhite', identity: 'spf' },
        ...{ delayedMs: undefined, attempts: undefined },
      },
      clockAt: undefined,
    });
    assert.equal(await clockOfRecipient(caseOf({}), judges), undefined);
    assert.equal(store.committed.size, 0);
    for (const result of ['fail', 'softfail', 'neutral', 'none', 'permerror', 'unknown'] as const) {
      answerSpf(result);
      assert.match(await reasonOf(), /^greylist-(?:new|early)$/, result);
    }
    assert.equal(typeof (await clockOfRecipient(caseOf({}), judges)), 'number');
    for (const open of ['all', 'include:open.example all']) {
      answerSpf('pass', open);
      assert.equal(await reasonOf(), 'greylist-early', open);
    }
    assert.ok(takeAsked().every((question) => question === 'spf sender@client.example'));
  });

  test('by SPF has nothing looked up for other senders', async (t) => {
    const { except, reasonOf, judges, caseOf, takeAsked } = createRig(t, nobody);
    const other = { sender: parseEnvelopeAddress('<sender@other.example>') };
    for (const some of [[], [ofNetwork], [{ ...ofSpf, expiresAt: 1 }]]) {
      except(...some);
      await reasonOf();
      await clockOfRecipient(caseOf({}), judges);
    }
    except(ofSpf);
    for (const attempt of [other, { sender: parseEnvelopeAddress('<>') }]) {
      assert.equal(await reasonOf(attempt), 'greylist-new');
      await clockOfRecipient(caseOf(attempt), judges);
    }
    assert.deepEqual(takeAsked(), []);
  });

  test('of the network makes the question of SPF needless', async (t) => {
    const { except, hear, takeAsked } = createRig(t, nobody);
    except(ofSpf, ofNetwork);
    const { finding } = await hear();
    assert.deepEqual([finding.reason, finding.identity], ['client-autowhite', undefined]);
    assert.deepEqual(takeAsked(), []);
  });

  test('by SPF lets in nobody whom a rule refuses', async (t) => {
    const { except, reasonOf, takeAsked } = createRig(t, nobody);
    except(ofSpf);
    assert.equal(await reasonOf({}, ruled({ action: 'reject', rule: createRule() })), 'rule');
    assert.deepEqual(takeAsked(), []);
  });
});
