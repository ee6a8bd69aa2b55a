import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, test, type TestContext } from 'node:test';
import {
  Greylister,
  type Judgement,
  type Question,
} from '../../../../src/daemon/greylisting/greylister.js';
import type { Clock } from '../../../../src/daemon/process/clock.js';
import { correspondenceExpiresAt } from '../../../../src/greylist/advance.js';
import { decodeCorrespondence } from '../../../../src/greylist/correspondence-codec.js';
import type { TimeGap } from '../../../../src/greylist/time-gap.js';
import type { MaybePromise, StoreEntry } from '../../../../src/store/store.js';
import { StoreError } from '../../../../src/store/store.js';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.js';
import { MemoryStore } from '../../../support/memory-store.js';
import { createRecordingLogger, type RecordingLogger } from '../../../support/recording-logger.js';
import { DAY, HOUR, SETTINGS } from '../../../support/greylist-settings.js';
import { from } from '../../greylist/history.js';
import { HookedStore } from '../hooked-store.js';

const key = 'c\x00pair';
const delay = SETTINGS.delayMs;
const YEAR = 365 * DAY;

interface Rig {
  readonly store: HookedStore;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  /** Asks about a client that is always the same, unless another address is named. */
  readonly judge: (more?: Partial<Question> & { address?: string }) => MaybePromise<Judgement>;
}

function createRig(t: TestContext): Rig {
  const clock = createManualClock();
  const store = new HookedStore(new MemoryStore({ clock }));
  const logger = createRecordingLogger(t);
  const greylister = new Greylister(store, logger, clock);
  const judge: Rig['judge'] = ({ address = '192.0.2.1', ...more } = {}) =>
    greylister.judge({
      key,
      source: from(address),
      settings: SETTINGS,
      failure: { onFailure: 'accept' },
      now: clock.now(),
      ...more,
    });
  return { store, clock, logger, judge };
}

async function reasonOf(judgement: MaybePromise<Judgement>): Promise<string> {
  const found = await judgement;
  return found.kind === 'undecided' ? `undecided: ${found.verdict}` : found.reason;
}

/** Makes the triplet known. */
async function makeKnown({ judge, clock }: Rig): Promise<void> {
  await judge();
  clock.advance(delay);
  assert.equal(await reasonOf(judge()), 'greylist-passed');
}

function unavailable(): StoreError {
  return new StoreError('STORE_UNAVAILABLE', 'it is away');
}

describe('while the store works', () => {
  test('an answer that is to be remembered waits for its commit', async (t) => {
    const { judge, store, clock } = createRig(t);
    const answer = judge();
    assert.ok(answer instanceof Promise);
    assert.equal(store.inner.committed.size, 0);
    assert.equal(await reasonOf(answer), 'greylist-new');
    const stored = store.inner.committed.get(key);
    assert.ok(stored !== undefined);
    const record = decodeCorrespondence(stored.value);
    assert.equal(record.sources[0]?.firstSeenAt, clock.now());
    assert.equal(stored.expiresAt, correspondenceExpiresAt(record));
  });

  test('an answer that changes nothing is there at once', async (t) => {
    const rig = createRig(t);
    await makeKnown(rig);
    const answer = rig.judge();
    assert.ok(!(answer instanceof Promise));
    assert.equal(await reasonOf(answer), 'greylist-known');
    assert.equal(rig.store.stats().commits, 2);
  });

  test('a known triplet that is due is renewed', async (t) => {
    const rig = createRig(t);
    await makeKnown(rig);
    rig.clock.advance(DAY);
    assert.equal(await reasonOf(rig.judge()), 'greylist-known');
    const stored = rig.store.inner.committed.get(key);
    assert.ok(stored !== undefined);
    const [source] = decodeCorrespondence(stored.value).sources;
    assert.equal(source?.expiresAt, rig.clock.now() + SETTINGS.autowhiteMs);
  });

  test('first contacts at once are one first contact', async (t) => {
    const { judge } = createRig(t);
    const answers = await Promise.all([judge(), judge(), judge()].map(reasonOf));
    assert.deepEqual(answers, ['greylist-new', 'greylist-early', 'greylist-early']);
  });

  test('it may answer later, as a remote one does', async (t) => {
    const { judge, store, clock } = createRig(t);
    store.onGet = async (asked) => {
      await turn();
      return store.inner.get(asked);
    };
    assert.equal(await reasonOf(judge()), 'greylist-new');
    clock.advance(delay);
    assert.equal(await reasonOf(judge()), 'greylist-passed');
    assert.equal(await reasonOf(judge()), 'greylist-known');
  });
});

describe('a conflict: another host was faster', () => {
  test('the answer is found anew from what is stored by now', async (t) => {
    const { judge, store } = createRig(t);
    const { onSet } = store;
    store.onSet = async (...args) => {
      store.onSet = onSet;
      await judge();
      return await onSet(...args);
    };
    const judgement = await judge();
    assert.ok(judgement.kind === 'wait');
    assert.deepEqual([judgement.reason, judgement.attempts], ['greylist-early', 2]);
  });

  test('ten in a row are still possible', async (t) => {
    const { judge, store } = createRig(t);
    const { onSet } = store;
    let conflicts = 0;
    store.onSet = (...args) => (++conflicts <= 10 ? Promise.resolve(false) : onSet(...args));
    assert.equal(await reasonOf(judge()), 'greylist-new');
  });

  test('of many who come for what waits already leaves it waiting, and is no failure', async (t) => {
    const { judge, store, logger } = createRig(t);
    assert.equal(await reasonOf(judge()), 'greylist-new');
    store.onSet = () => Promise.resolve(false);
    assert.equal(await reasonOf(judge()), 'greylist-early');
    logger.assertQuiet();
  });

  test('without end is a store that cannot be written', async (t) => {
    const { judge, store, logger } = createRig(t);
    store.onSet = () => Promise.resolve(false);
    assert.equal(await reasonOf(judge()), 'undecided: accept');
    const { fields } = logger.take('store cannot be written');
    assert.match(String(fields['error']), /conflicts in a row/);
  });
});

describe('while the store cannot be read', () => {
  const ways: Readonly<Record<string, () => MaybePromise<StoreEntry | undefined>>> = {
    'it throws': () => {
      throw unavailable();
    },
    'it rejects': () => Promise.reject(unavailable()),
  };
  for (const [what, onGet] of Object.entries(ways)) {
    for (const onFailure of ['accept', 'tempfail'] as const) {
      test(`${what}: on-failure ${onFailure}`, async (t) => {
        const { judge, store, logger } = createRig(t);
        store.onGet = onGet;
        assert.equal(await reasonOf(judge({ failure: { onFailure } })), `undecided: ${onFailure}`);
        assert.deepEqual(logger.take('store cannot be read').fields, {
          code: 'STORE_UNAVAILABLE',
          error: 'it is away',
          verdict: onFailure,
          times: undefined,
        });
      });
    }
  }
});

describe('while the store cannot be written', () => {
  interface Case {
    readonly what: string;
    /** What happened before the store failed. */
    readonly before: (rig: Rig) => Promise<void>;
    readonly expected: string;
    readonly address?: string;
  }
  const cases: readonly Case[] = [
    { what: 'a new triplet passes', before: nothing, expected: 'undecided: accept' },
    {
      what: 'a new source of a known pair passes',
      before: makeKnown,
      address: '198.51.100.7',
      expected: 'undecided: accept',
    },
    {
      what: 'one that has expired passes',
      before: async ({ judge, clock }) => {
        await judge();
        clock.advance(DAY);
        await judge({ address: '198.51.100.7' });
        clock.advance(DAY);
      },
      expected: 'undecided: accept',
    },
    {
      what: 'an early retry waits, since it is remembered',
      before: async ({ judge, clock }) => {
        await judge();
        clock.advance(delay - 1);
      },
      expected: 'greylist-early',
    },
    {
      what: 'one that has waited passes',
      before: async ({ judge, clock }) => {
        await judge();
        clock.advance(delay);
      },
      expected: 'greylist-passed',
    },
    {
      what: 'a patient pair passes',
      before: async ({ judge, clock }) => {
        for (let host = 1; host <= 4; host++) {
          await judge({ address: `203.0.${host}.1` });
          clock.advance(HOUR);
        }
      },
      expected: 'patience',
    },
    {
      what: 'a known one that is due for renewal passes',
      before: async (rig) => {
        await makeKnown(rig);
        rig.clock.advance(DAY);
      },
      expected: 'greylist-known',
    },
  ];
  for (const { what, before, expected, address = '192.0.2.1' } of cases) {
    test(what, async (t) => {
      const rig = createRig(t);
      await before(rig);
      rig.store.inner.failWrites = true;
      assert.equal(await reasonOf(rig.judge({ address })), expected);
      assert.equal(rig.logger.take('store cannot be written').fields['code'], 'STORE_UNAVAILABLE');
    });
  }

  test('on-failure changes nothing of this: what is new would never be remembered', async (t) => {
    const { judge, store, logger } = createRig(t);
    store.inner.failWrites = true;
    const judgement = judge({ failure: { onFailure: 'tempfail' } });
    assert.equal(await reasonOf(judgement), 'undecided: accept');
    logger.take('store cannot be written');
  });

  test('an early retry whose first attempt has vanished passes', async (t) => {
    const { judge, store, logger } = createRig(t);
    await judge();
    store.onSet = async () => {
      await store.inner.delete(key);
      throw unavailable();
    };
    assert.equal(await reasonOf(judge()), 'undecided: accept');
    logger.take('store cannot be written');
  });

  test('an early retry passes if the store cannot be read either by then', async (t) => {
    const { judge, store, logger } = createRig(t);
    await judge();
    store.onSet = () => {
      store.inner.failReads = true;
      return Promise.reject(unavailable());
    };
    assert.equal(await reasonOf(judge()), 'undecided: accept');
    logger.take('store cannot be written');
    logger.assertQuiet();
  });

  test('two first attempts in one commit that fails: neither waits for nothing', async (t) => {
    const { judge, store, logger } = createRig(t);
    store.inner.failWrites = true;
    const answers = await Promise.all([judge(), judge()].map(reasonOf));
    assert.deepEqual(answers, ['undecided: accept', 'undecided: accept']);
    logger.take('store cannot be written');
    logger.assertQuiet();
  });
});

describe('an entry that is not committed yet', () => {
  /** A known triplet whose entry waits for a commit that the test ends. */
  async function withPendingEntry(rig: Rig): Promise<{ end: (error?: StoreError) => void }> {
    await makeKnown(rig);
    let end: (error?: StoreError) => void = () => undefined;
    const commit = new Promise<void>((resolve, reject) => {
      end = (error) => {
        if (error === undefined) resolve();
        else reject(error);
      };
    });
    commit.catch(() => undefined);
    const entry = rig.store.inner.get(key);
    assert.ok(entry !== undefined);
    rig.store.onGet = () => ({ ...entry, commit });
    return { end: (error) => end(error) };
  }

  test('is waited for before anybody is let in because of it', async (t) => {
    const rig = createRig(t);
    const { end } = await withPendingEntry(rig);
    let isThere = false;
    const answer = Promise.resolve(rig.judge()).finally(() => (isThere = true));
    await turn();
    assert.equal(isThere, false);
    end();
    assert.equal(await reasonOf(answer), 'greylist-known');
  });

  test('passes even if its commit fails', async (t) => {
    const rig = createRig(t);
    const { end } = await withPendingEntry(rig);
    const answer = rig.judge();
    end(unavailable());
    assert.equal(await reasonOf(answer), 'greylist-known');
    rig.logger.take('store cannot be written');
  });
});

test('a damaged record costs one delay and is mended', async (t) => {
  const { judge, store, clock, logger } = createRig(t);
  const value = Buffer.of(1, 0x3f);
  await store.inner.compareAndSet(key, undefined, { value, expiresAt: clock.now() + DAY });
  assert.equal(await reasonOf(judge()), 'greylist-new');
  assert.equal(logger.take('record cannot be read').fields['key'], key);
  clock.advance(delay);
  assert.equal(await reasonOf(judge()), 'greylist-passed');
});

test('a record of a newer version is left as it is, and its mail treated as without a store', async (t) => {
  const { judge, store, clock, logger } = createRig(t);
  const value = Buffer.of(2, 7, 7);
  await store.inner.compareAndSet(key, undefined, { value, expiresAt: clock.now() + DAY });
  assert.equal(await reasonOf(judge()), 'undecided: accept');
  assert.equal(
    await reasonOf(judge({ failure: { onFailure: 'tempfail' } })),
    'undecided: tempfail',
  );
  const { fields } = logger.take('store cannot be read');
  assert.equal(fields['code'], 'CORRESPONDENCE_NEWER_FORMAT');
  assert.deepEqual(store.inner.committed.get(key)?.value, Uint8Array.from(value));
});

async function nothing(): Promise<void> {
  // The store fails from the start.
}

describe('when the clock has jumped', () => {
  test('what was stored before is read across the gap, and renewed as known', async (t) => {
    const clock = createManualClock();
    const jumping: Clock = {
      now: clock.now,
      get gap() {
        return gap;
      },
    };
    let gap: TimeGap | undefined;
    const store = new MemoryStore({ clock: { now: () => clock.now() - (gap ? YEAR : 0) } });
    const greylister = new Greylister(store, createRecordingLogger(t), jumping);
    const mail = async (address: string): Promise<string> =>
      reasonOf(
        greylister.judge({
          ...{ key, source: from(address), settings: SETTINGS },
          ...{ failure: { onFailure: 'accept' }, now: clock.now() },
        }),
      );
    await mail('192.0.2.1');
    clock.advance(delay);
    assert.equal(await mail('192.0.2.1'), 'greylist-passed');
    assert.equal(await mail('198.51.100.1'), 'greylist-new');
    clock.advance(YEAR);
    gap = { beganAt: clock.now() - YEAR + 1, endedAt: clock.now() };
    assert.equal(await mail('192.0.2.1'), 'greylist-known');
    assert.equal(await mail('198.51.100.1'), 'greylist-passed');
    gap = undefined;
    clock.advance(30 * DAY);
    assert.equal(await mail('192.0.2.1'), 'greylist-known');
    assert.equal(await mail('198.51.100.1'), 'greylist-known');
  });
});
