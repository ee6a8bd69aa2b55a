import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { openFaultyStore, type FaultyStore } from '../support/faulty-store.js';
import { recall, remember, type Answers } from './four-histories.js';
import { deliver, openSession, recipient, tryRecipient, waitFor } from './smtp-session.js';

interface OutageRig {
  readonly daemon: TestDaemon;
  readonly store: FaultyStore;
}

/** A daemon on a real store that knows one triplet of each history. */
async function startWithHistories(
  t: TestContext,
  ...overrides: readonly string[]
): Promise<OutageRig> {
  const stores: FaultyStore[] = [];
  const openStore = openFaultyStore((store) => stores.push(store));
  const daemon = await startTestDaemon(t, { overrides, openStore });
  const [store] = stores;
  assert.ok(store);
  await remember(daemon);
  return { daemon, store };
}

const decided: Answers = {
  new: waitFor(180),
  early: waitFor(90),
  matured: 'continue',
  known: 'continue',
};

const everybody = (answer: string): Answers => ({
  new: answer,
  early: answer,
  matured: answer,
  known: answer,
});

const newPasses: Answers = { ...decided, new: 'continue' };

interface Outage {
  readonly what: string;
  readonly reads?: 'fail' | 'slow';
  readonly writes?: 'fail' | 'slow';
  readonly onFailure?: 'accept' | 'tempfail';
  readonly answers: Answers;
  /** What is logged, one line for all who are concerned. */
  readonly logged: readonly string[];
}

const outages: readonly Outage[] = [
  {
    what: 'writes fail',
    writes: 'fail',
    answers: newPasses,
    logged: ['store cannot be written'],
  },
  {
    what: 'writes fail, whatever on-failure says',
    writes: 'fail',
    onFailure: 'tempfail',
    answers: newPasses,
    logged: ['store cannot be written'],
  },
  {
    what: 'reads fail',
    reads: 'fail',
    answers: everybody('continue'),
    logged: ['store cannot be read'],
  },
  {
    what: 'reads fail',
    reads: 'fail',
    onFailure: 'tempfail',
    answers: everybody('tempfail'),
    logged: ['store cannot be read'],
  },
  {
    what: 'all fails',
    reads: 'fail',
    writes: 'fail',
    onFailure: 'tempfail',
    answers: everybody('tempfail'),
    logged: ['store cannot be read'],
  },
  { what: 'all is slow', reads: 'slow', writes: 'slow', answers: decided, logged: [] },
];

describe('an outage, and the end of it:', () => {
  for (const { what, reads, writes, onFailure = 'accept', answers, logged } of outages) {
    test(`${what}, store.on-failure: ${onFailure}`, async (t) => {
      const { daemon, store } = await startWithHistories(t, `store.on-failure=${onFailure}`);
      store.reads = reads ?? 'none';
      store.writes = writes ?? 'none';
      assert.deepEqual(await recall(daemon), answers);
      for (const message of logged) {
        const { level, fields } = daemon.logger.take(message);
        assert.deepEqual([level, fields['code']], ['error', 'STORE_UNAVAILABLE']);
      }
      daemon.logger.assertQuiet();
      store.heal();
      assert.deepEqual(await recall(daemon), decided);
    });
  }

  for (const onFailure of ['accept', 'tempfail'] as const) {
    for (const what of ['reads', 'writes'] as const) {
      test(`${what} hang, store.on-failure: ${onFailure}`, async (t) => {
        const { daemon, store } = await startWithHistories(
          t,
          ...[`store.on-failure=${onFailure}`, 'limits.answer=1s'],
        );
        store[what] = 'hang';
        const late = onFailure === 'accept' ? 'continue' : 'tempfail';
        // What is known need not be written again.
        const known = what === 'reads' ? late : 'continue';
        assert.deepEqual(await recall(daemon), { ...everybody(late), known });
        for (let times = what === 'reads' ? 4 : 3; times > 0; times--) {
          daemon.logger.take('no answer within limits.answer');
        }
        store.heal();
        // What hung has been stored in the end, so what was new is early now.
        assert.deepEqual(await recall(daemon), decided);
      });
    }
  }
});

describe('the log of an outage', () => {
  test('has a line a minute with how many it was, and every decision', async (t) => {
    const { daemon, store } = await startWithHistories(t);
    daemon.takeDecisions();
    store.writes = 'fail';
    const peer = await daemon.connect();
    await openSession(peer);
    await peer.mail('<busy@client.example>');
    const tryMany = async (count: number): Promise<void> => {
      for (let index = 0; index < count; index++) {
        assert.equal(await tryRecipient(peer, `r${index}@example.org`), 'continue');
      }
    };
    await tryMany(30);
    assert.equal(daemon.logger.take('store cannot be written').fields['times'], undefined);
    daemon.clock.advance(60_000);
    await tryMany(10);
    assert.equal(daemon.logger.take('store cannot be written').fields['times'], 30);
    daemon.logger.assertQuiet();
    const unavailable = daemon.decisions.filter(({ reason }) => reason === 'store-unavailable');
    assert.equal(unavailable.length, 40);
    peer.drop();
  });
});

describe('a store that does not close', () => {
  test('does not keep the daemon from stopping', async (t) => {
    const stores: FaultyStore[] = [];
    const openStore = openFaultyStore((store) => stores.push(store));
    const daemon = await startTestDaemon(t, { openStore, storeCloseMs: 50 });
    const [store] = stores;
    assert.ok(store);
    await deliver(daemon);
    store.closing = 'hang';
    await assert.rejects(daemon.stop(), { code: 'STORE_NOT_CLOSED' });
    store.heal();
    await store.close();
    assert.deepEqual(daemon.takeDecisions(), [`tempfail greylist-new <${recipient}>`]);
    await daemon.start();
    assert.equal((await deliver(daemon)).rcpt.join(), waitFor(180));
    assert.deepEqual(daemon.takeDecisions(), [`tempfail greylist-early <${recipient}>`]);
  });
});
