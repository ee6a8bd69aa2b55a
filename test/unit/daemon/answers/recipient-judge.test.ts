import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { parseConfig } from '../../../../src/config/load.js';
import { ExpectedReplies } from '../../../../src/daemon/greylisting/expected-replies.js';
import { Greylister } from '../../../../src/daemon/greylisting/greylister.js';
import { createPolicy } from '../../../../src/daemon/policy/policy.js';
import { noProviders } from '../../../../src/daemon/configuration/provider-watch.js';
import {
  hearRecipient,
  undecided,
  type Hearing,
  type Judges,
} from '../../../../src/daemon/answers/recipient-judge.js';
import { createTermsFinder } from '../../../../src/daemon/answers/terms.js';
import type { Attempt } from '../../../../src/greylist/attempt.js';
import { parseEnvelopeAddress } from '../../../../src/mail/envelope-address.js';
import { parseIpAddress } from '../../../../src/mail/ip-address.js';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.js';
import { MemoryStore } from '../../../support/memory-store.js';
import { createLookups } from '../../../support/rule-parts.js';
import { createRecordingLogger, type RecordingLogger } from '../../../support/recording-logger.js';

const MINUTE = 60_000;

const lookups = createLookups();

interface Rig {
  readonly clock: ManualClock;
  readonly store: MemoryStore;
  readonly hear: (more?: Partial<Attempt>, clockAt?: number) => Promise<Hearing>;
}

function createRig(t: TestContext, ...overrides: readonly string[]): Rig {
  const clock = createManualClock();
  const store = new MemoryStore({ clock });
  const judges = createJudges(store, createRecordingLogger(t), clock);
  const policy = createPolicy(parseConfig({ overrides }).config);
  const hear = async (more: Partial<Attempt> = {}, clockAt?: number): Promise<Hearing> => {
    const heard = { ...attempt, ...more };
    const terms = createTermsFinder(policy)(undefined, policy.isProbe(heard.sender));
    const recipient = { attempt: heard, ruling: undefined, terms };
    return await hearRecipient({ recipient, policy, lookups, clockAt, now: clock.now() }, judges);
  };
  return { clock, store, hear };
}

function createJudges(store: MemoryStore, logger: RecordingLogger, clock: ManualClock): Judges {
  return {
    greylister: new Greylister(store, logger, clock),
    expectedReplies: new ExpectedReplies(store, logger, clock),
    providers: noProviders,
  };
}

const attempt: Attempt = {
  id: 'q1',
  via: 'milter',
  clientAddress: parseIpAddress('192.0.2.1'),
  clientPort: 40_000,
  clientName: undefined,
  helo: undefined,
  sender: parseEnvelopeAddress('<alice@client.example>'),
  recipient: parseEnvelopeAddress('<bob@example.org>'),
  login: undefined,
  daemonName: undefined,
  accessMap: undefined,
};

describe('a recipient', () => {
  test('waits, then passes, then is known', async (t) => {
    const { hear, clock } = createRig(t);
    const startAt = clock.now();
    assert.deepEqual(await hear(), {
      finding: {
        verdict: 'tempfail',
        reason: 'greylist-new',
        identity: undefined,
        waitMs: 3 * MINUTE,
        attempts: 1,
      },
      clockAt: startAt,
    });
    clock.advance(3 * MINUTE);
    assert.deepEqual(await hear(), {
      finding: {
        verdict: 'accept',
        reason: 'greylist-passed',
        identity: 'network',
        delayedMs: 3 * MINUTE,
        attempts: 2,
      },
      clockAt: startAt,
    });
    assert.deepEqual(await hear(), {
      finding: {
        verdict: 'accept',
        reason: 'greylist-known',
        identity: 'network',
        delayedMs: 0,
        attempts: 3,
      },
      clockAt: undefined,
    });
  });

  test('waits by the clock of its transaction', async (t) => {
    const { hear, clock } = createRig(t);
    const { finding, clockAt } = await hear({}, clock.now() - MINUTE);
    assert.ok(finding.verdict === 'tempfail');
    assert.deepEqual([finding.waitMs, clockAt], [2 * MINUTE, clock.now() - MINUTE]);
  });

  test('of a client that is never greylisted asks nobody', async (t) => {
    const { hear, store } = createRig(t);
    store.failReads = true;
    for (const [more, reason] of [
      [{ login: 'joe' }, 'authenticated'],
      [{ clientAddress: undefined }, 'local'],
      [{ accessMap: 'OK' }, 'access-map'],
      [{ clientAddress: parseIpAddress('127.0.0.1') }, 'trusted'],
    ] as const) {
      assert.deepEqual(await hear(more), {
        finding: { verdict: 'accept', reason, delayedMs: undefined, attempts: undefined },
        clockAt: undefined,
      });
    }
  });

  test('is undecided if the store is away', async (t) => {
    const clock = createManualClock();
    const store = new MemoryStore({ clock });
    store.failReads = true;
    const logger = createRecordingLogger(t);
    const policy = createPolicy(parseConfig({ overrides: ['store.on-failure=tempfail'] }).config);
    const terms = createTermsFinder(policy)(undefined, false);
    const recipient = { attempt, ruling: undefined, terms };
    const hearing = await hearRecipient(
      { recipient, policy, lookups, clockAt: undefined, now: clock.now() },
      createJudges(store, logger, clock),
    );
    assert.deepEqual(hearing, { finding: undecided('tempfail'), clockAt: undefined });
    logger.take('store cannot be read');
  });
});

describe('whose records are the same', () => {
  const cases: readonly (readonly [
    what: string,
    overrides: readonly string[],
    second: Partial<Attempt>,
    reason: string,
  ])[] = [
    ['upper case', [], { recipient: parseEnvelopeAddress('<BOB@example.org>') }, 'greylist-early'],
    [
      'upper case that counts',
      ['greylist.recipient.fold-case=false'],
      { recipient: parseEnvelopeAddress('<BOB@example.org>') },
      'greylist-new',
    ],
    [
      'a sender in upper case that counts',
      ['greylist.sender.fold-case=false'],
      { sender: parseEnvelopeAddress('<ALICE@client.example>') },
      'greylist-new',
    ],
    [
      'a sender with an extension',
      [],
      { sender: parseEnvelopeAddress('<alice+17@client.example>') },
      'greylist-early',
    ],
    [
      'a signed sender',
      [],
      { sender: parseEnvelopeAddress('<prvs=1234abcdef=alice@client.example>') },
      'greylist-early',
    ],
    [
      'a signed sender as it is',
      ['greylist.sender.strip=[]'],
      { sender: parseEnvelopeAddress('<prvs=1234abcdef=alice@client.example>') },
      'greylist-new',
    ],
    [
      'a sender whose extension Postgrey would drop',
      ['greylist.sender={form: postgrey, strip: []}'],
      { sender: parseEnvelopeAddress('<Alice+17@client.example>') },
      'greylist-early',
    ],
    [
      'an extension',
      [],
      { recipient: parseEnvelopeAddress('<bob+x@example.org>') },
      'greylist-new',
    ],
    [
      'an extension that does not count',
      ['greylist.recipient.keep-extension=false'],
      { recipient: parseEnvelopeAddress('<bob+x@example.org>') },
      'greylist-early',
    ],
    [
      'an extension behind another delimiter',
      ['greylist.recipient={keep-extension: false, delimiters: +-}'],
      { recipient: parseEnvelopeAddress('<bob-x@example.org>') },
      'greylist-early',
    ],
    [
      'a neighbour in a wider network',
      ['greylist.network.ipv4=16'],
      { clientAddress: parseIpAddress('192.0.77.1') },
      'greylist-early',
    ],
  ];
  for (const [what, overrides, second, reason] of cases) {
    test(`${what}: ${reason}`, async (t) => {
      const { hear } = createRig(t, ...overrides);
      await hear();
      assert.equal((await hear(second)).finding.reason, reason);
    });
  }

  test('a probing sender goes by settings of its own', async (t) => {
    const { hear, clock } = createRig(t, 'greylist.probe-senders.autowhite=10m');
    const probe = { sender: parseEnvelopeAddress('<>') };
    await hear(probe);
    clock.advance(3 * MINUTE);
    assert.equal((await hear(probe)).finding.reason, 'greylist-passed');
    clock.advance(10 * MINUTE);
    assert.equal((await hear(probe)).finding.reason, 'greylist-expired');
  });
});

test('undecided: nobody knows how long to wait', () => {
  assert.deepEqual(undecided('tempfail'), {
    verdict: 'tempfail',
    reason: 'store-unavailable',
    waitMs: undefined,
    attempts: undefined,
  });
  assert.deepEqual(undecided('accept'), {
    verdict: 'accept',
    reason: 'store-unavailable',
    delayedMs: undefined,
    attempts: undefined,
  });
});
