import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import {
  Greylister,
  type Judgement,
  type Question,
} from '../../../../src/daemon/greylisting/greylister.js';
import { decodeCorrespondence } from '../../../../src/greylist/correspondence-codec.js';
import { NO_PROOF, type Proof } from '../../../../src/greylist/identity.js';
import type { Inquiry } from '../../../../src/greylist/inquiry.js';
import { HOUR, SETTINGS } from '../../../support/greylist-settings.js';
import { createManualClock, type ManualClock } from '../../../support/manual-clock.js';
import { MemoryStore } from '../../../support/memory-store.js';
import { createRecordingLogger, type RecordingLogger } from '../../../support/recording-logger.js';
import { from } from '../../greylist/history.js';
import { HookedStore } from '../hooked-store.js';

const key = 'c\x00pair';
const delay = SETTINGS.delayMs;
const FIRST = '192.0.2.1';
const OTHER = '198.51.100.7';

interface Rig {
  readonly store: HookedStore;
  readonly clock: ManualClock;
  readonly logger: RecordingLogger;
  /** What was to be found out so far. */
  readonly inquiries: readonly Inquiry[];
  readonly judge: (address: string, more?: Partial<Question>) => Promise<Judgement>;
}

function createRig(t: TestContext, prove = (): Promise<Proof> => Promise.resolve(NO_PROOF)): Rig {
  const clock = createManualClock();
  const store = new HookedStore(new MemoryStore({ clock }));
  const logger = createRecordingLogger(t);
  const greylister = new Greylister(store, logger, clock);
  const inquiries: Inquiry[] = [];
  const judge: Rig['judge'] = async (address, more) =>
    await greylister.judge({
      key,
      source: from(address),
      settings: SETTINGS,
      failure: { onFailure: 'accept' },
      now: clock.now(),
      prove: (inquiry) => {
        inquiries.push(inquiry);
        return prove();
      },
      ...more,
    });
  return { store, clock, logger, inquiries, judge };
}

function same(...addresses: readonly string[]): Proof {
  return { sameAs: new Map(addresses.map((address) => [address, 'spf'])), spfFails: false };
}

async function reasonOf(judgement: Promise<Judgement>): Promise<string> {
  const found = await judgement;
  return found.kind === 'undecided' ? `undecided: ${found.verdict}` : found.reason;
}

function sourcesIn({ store }: Rig): readonly string[] {
  const stored = store.inner.committed.get(key);
  assert.ok(stored !== undefined);
  return decodeCorrespondence(stored.value).sources.map(({ address }) => address.text);
}

test('nothing is found out about a new pair, nor about a source that is listed', async (t) => {
  const { judge, clock, inquiries } = createRig(t);
  for (const reason of ['greylist-new', 'greylist-early', 'greylist-passed', 'greylist-known']) {
    assert.equal(await reasonOf(judge(FIRST)), reason);
    if (reason === 'greylist-early') clock.advance(delay);
  }
  assert.deepEqual(inquiries, []);
});

test('a new source of a known pair is judged by what is found out, once', async (t) => {
  const rig = createRig(t, () => Promise.resolve(same(FIRST)));
  const { judge, clock, inquiries } = rig;
  await judge(FIRST);
  assert.equal(await reasonOf(judge(OTHER)), 'greylist-early');
  assert.deepEqual(
    inquiries.map(({ relatives }) => relatives.map(({ address }) => address.text)),
    [[FIRST]],
  );
  clock.advance(delay);
  assert.equal(await reasonOf(judge(OTHER)), 'greylist-passed');
  assert.equal(await reasonOf(judge(OTHER)), 'greylist-known');
  assert.equal(inquiries.length, 1);
  assert.deepEqual(sourcesIn(rig), [FIRST, OTHER]);
});

test('where nothing is found out, it waits by a clock of its own, and is not asked about again', async (t) => {
  const { judge, clock, inquiries } = createRig(t);
  await judge(FIRST);
  clock.advance(delay);
  assert.equal(await reasonOf(judge(OTHER)), 'greylist-new');
  assert.equal(await reasonOf(judge(OTHER)), 'greylist-early');
  assert.equal(await reasonOf(judge(FIRST)), 'greylist-passed');
  assert.equal(inquiries.length, 1);
});

test('where nobody can find anything out, it waits as well', async (t) => {
  const { judge } = createRig(t);
  await judge(FIRST);
  assert.equal(await reasonOf(judge(OTHER, { prove: undefined })), 'greylist-new');
});

describe('while something is being found out', () => {
  test('the record may change: what is stored then is judged, at the time it is then', async (t) => {
    const steps: (() => Promise<unknown>)[] = [];
    const rig = createRig(t, async () => {
      await steps.shift()?.();
      return same(FIRST);
    });
    const { judge, clock } = rig;
    await judge(FIRST);
    steps.push(async () => {
      await judge('203.0.113.9', { prove: undefined });
      clock.advance(delay);
      assert.equal(await reasonOf(judge(FIRST)), 'greylist-passed');
    });
    assert.equal(await reasonOf(judge(OTHER)), 'pool');
    assert.deepEqual(sourcesIn(rig), [FIRST, '203.0.113.9', OTHER]);
  });

  test('the same source may come once more: it is one source in the end', async (t) => {
    const rig = createRig(t, () => Promise.resolve(same(FIRST)));
    const { judge, clock } = rig;
    await judge(FIRST);
    clock.advance(HOUR);
    const answers = await Promise.all([judge(OTHER), judge(OTHER)].map(reasonOf));
    assert.deepEqual(answers, ['greylist-passed', 'greylist-known']);
    assert.deepEqual(sourcesIn(rig), [FIRST, OTHER]);
  });

  test('a conflict does not make it be found out again', async (t) => {
    const { judge, store, inquiries, clock } = createRig(t, () => Promise.resolve(same(FIRST)));
    await judge(FIRST);
    clock.advance(delay);
    const { onSet } = store;
    store.onSet = () => {
      store.onSet = onSet;
      return Promise.resolve(false);
    };
    assert.equal(await reasonOf(judge(OTHER)), 'greylist-passed');
    assert.equal(inquiries.length, 1);
  });
});

test('a fault in finding out is logged, and costs no more than a delay', async (t) => {
  const { judge, logger } = createRig(t, () => Promise.reject(new TypeError('no such thing')));
  await judge(FIRST);
  assert.equal(await reasonOf(judge(OTHER)), 'greylist-new');
  logger.take('bug: a client could not be told from others');
});

test('patience waits for what SPF says', async (t) => {
  let spfFails = true;
  const { judge, clock, inquiries } = createRig(t, () =>
    Promise.resolve({ sameAs: new Map(), spfFails }),
  );
  for (let host = 1; host <= 4; host++) {
    assert.equal(await reasonOf(judge(`203.0.${host}.1`)), 'greylist-new');
    clock.advance(HOUR);
  }
  assert.equal(await reasonOf(judge('203.0.5.1')), 'greylist-new');
  assert.deepEqual(
    inquiries.map(({ isPatient }) => isPatient),
    [false, false, false, true],
  );
  spfFails = false;
  assert.equal(await reasonOf(judge('203.0.6.1')), 'patience');
});
