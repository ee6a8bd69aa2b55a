import assert from 'node:assert/strict';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, test, type TestContext } from 'node:test';
import { AdminClient } from '../../src/admin/admin-client.js';
import type { GreylistStore } from '../../src/store/store.js';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { createManualClock } from '../support/manual-clock.js';
import { MemoryStore } from '../support/memory-store.js';
import {
  deliver,
  offers,
  openSession,
  recipient,
  said,
  sender,
  sendMail,
  tryRecipient,
  waitFor,
  type OfferedProtocol,
} from './smtp-session.js';

const delay = 180_000;

interface FailingStoreRig {
  readonly daemon: TestDaemon;
  readonly store: MemoryStore;
}

async function startOnMemory(
  t: TestContext,
  overrides: readonly string[] = [],
): Promise<FailingStoreRig> {
  const clock = createManualClock();
  const store = new MemoryStore({ clock });
  const openStore = (): Promise<GreylistStore> => Promise.resolve(store);
  return { daemon: await startTestDaemon(t, { clock, overrides, openStore }), store };
}

describe('while the store cannot be read', () => {
  test('mail passes, and the log says so', async (t) => {
    const { daemon, store } = await startOnMemory(t);
    store.failReads = true;
    const told = await deliver(daemon);
    assert.deepEqual([told.rcpt, told.eom, told.headers], [['continue'], 'continue', []]);
    assert.equal(daemon.logger.take('store cannot be read').fields['code'], 'STORE_UNAVAILABLE');
    assert.deepEqual(daemon.takeDecisions(), [`accept store-unavailable <${recipient}>`]);
    store.failReads = false;
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(180)]);
  });

  test('an export says why there is none', async (t) => {
    const { daemon, store } = await startOnMemory(t);
    store.failReads = true;
    const client = new AdminClient(join(daemon.directory, 'db.sock'));
    t.after(() => client.close());
    await assert.rejects(client.stream('/v1/export'), {
      name: 'AdminError',
      message: /reads fail/,
    });
    const told = daemon.logger.take('the admin interface has failed');
    assert.equal(told.fields['code'], 'STORE_UNAVAILABLE');
    store.failReads = false;
  });

  test('mail is put off if so set, in the words of the MTA', async (t) => {
    const { daemon, store } = await startOnMemory(t, ['store.on-failure=tempfail']);
    store.failReads = true;
    assert.deepEqual((await deliver(daemon)).rcpt, ['tempfail']);
    assert.equal((await deliver(daemon, { from: '' })).data, 'tempfail');
    daemon.logger.take('store cannot be read');
    assert.deepEqual(daemon.takeDecisions(), [
      `tempfail store-unavailable <${recipient}>`,
      `tempfail store-unavailable <${recipient}>`,
    ]);
  });

  test('what is never greylisted does not ask it', async (t) => {
    const { daemon, store } = await startOnMemory(t, ['store.on-failure=tempfail']);
    store.failReads = true;
    const told = await deliver(daemon, { client: { address: '127.0.0.1' } });
    assert.deepEqual(told.rcpt, ['continue']);
  });
});

describe('while the store cannot be written', () => {
  test('what is new passes, since nobody would remember that it waits', async (t) => {
    const { daemon, store } = await startOnMemory(t);
    store.failWrites = true;
    assert.deepEqual((await deliver(daemon)).rcpt, ['continue']);
    assert.equal(daemon.logger.take('store cannot be written').fields['code'], 'STORE_UNAVAILABLE');
    assert.deepEqual(daemon.takeDecisions(), [`accept store-unavailable <${recipient}>`]);
    store.failWrites = false;
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(180)]);
  });

  test('an early retry of what is remembered still waits', async (t) => {
    const { daemon, store } = await startOnMemory(t);
    await deliver(daemon);
    store.failWrites = true;
    daemon.clock.advance(delay / 2);
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(90)]);
    daemon.logger.take('store cannot be written');
  });

  test('what has waited and what is known pass', async (t) => {
    const { daemon, store } = await startOnMemory(t);
    await deliver(daemon);
    daemon.clock.advance(delay);
    store.failWrites = true;
    const passed = await deliver(daemon);
    assert.deepEqual([passed.rcpt, passed.headers.length], [['continue'], 1]);
    daemon.logger.take('store cannot be written');
    store.failWrites = false;
    await deliver(daemon);
    store.failWrites = true;
    assert.deepEqual((await deliver(daemon)).rcpt, ['continue']);
    assert.deepEqual(
      daemon.decisions.map(({ reason }) => reason),
      ['greylist-new', 'greylist-passed', 'greylist-passed', 'greylist-known'],
    );
  });

  test('many sessions at once all get their answers', async (t) => {
    const { daemon, store } = await startOnMemory(t);
    const senders = Array.from({ length: 50 }, (_, index) => `sender${index}@client.example`);
    const sendAll = (): Promise<readonly string[]> =>
      Promise.all(senders.map(async (from) => (await deliver(daemon, { from })).rcpt.join()));
    store.failWrites = true;
    assert.deepEqual(
      await sendAll(),
      senders.map(() => 'continue'),
    );
    store.failReads = true;
    assert.deepEqual(
      await sendAll(),
      senders.map(() => 'continue'),
    );
    store.failReads = false;
    store.failWrites = false;
    assert.deepEqual(
      await sendAll(),
      senders.map(() => waitFor(180)),
    );
    daemon.logger.take('store cannot be written');
    daemon.logger.take('store cannot be read');
  });
});

/** A store whose writes are accepted and committed only when the test says so. */
class SlowStore extends MemoryStore {
  readonly #waiting: (() => void)[] = [];
  isSlow = true;

  override async compareAndSet(
    ...args: Parameters<GreylistStore['compareAndSet']>
  ): Promise<boolean> {
    if (this.isSlow) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return await super.compareAndSet(...args);
  }

  /** Commits what waits, and everything from now on. */
  async release(): Promise<void> {
    this.isSlow = false;
    for (const go of this.#waiting.splice(0)) go();
    for (let turns = 0; turns < 5; turns++) await turn();
  }
}

describe('no answer within limits.answer', () => {
  async function startOnSlowStore(
    t: TestContext,
    overrides: readonly string[] = [],
  ): Promise<{ daemon: TestDaemon; store: SlowStore }> {
    const clock = createManualClock();
    const store = new SlowStore({ clock });
    const daemon = await startTestDaemon(t, {
      clock,
      overrides: ['limits.answer=1s', ...overrides],
      openStore: () => Promise.resolve(store),
    });
    return { daemon, store };
  }

  for (const [onFailure, answer] of [
    ['accept', 'continue'],
    ['tempfail', 'tempfail'],
  ] as const) {
    test(`store.on-failure: ${onFailure}; what comes later is not heard`, async (t) => {
      const { daemon, store } = await startOnSlowStore(t, [`store.on-failure=${onFailure}`]);
      const peer = await daemon.connect();
      await openSession(peer);
      await peer.mail(`<${sender}>`);
      assert.equal(await tryRecipient(peer, recipient), answer);
      const { fields } = daemon.logger.take('no answer within limits.answer');
      assert.deepEqual([fields['event'], fields['verdict']], ['rcpt', onFailure]);
      assert.deepEqual(daemon.takeDecisions(), [`${onFailure} store-unavailable <${recipient}>`]);
      await store.release();
      assert.equal(await tryRecipient(peer, 'next@example.org'), waitFor(180));
      assert.deepEqual(daemon.takeDecisions(), ['tempfail greylist-new <next@example.org>']);
      await peer.quit();
    });
  }

  test('at DATA: every recipient that was held is decided so', async (t) => {
    const { daemon, store } = await startOnSlowStore(t);
    const peer = await daemon.connect();
    await openSession(peer);
    await peer.mail('<>');
    await tryRecipient(peer, 'a@example.org');
    await tryRecipient(peer, 'b@example.org');
    assert.equal(said(await peer.data()), 'continue');
    daemon.logger.take('no answer within limits.answer');
    assert.deepEqual(daemon.takeDecisions(), [
      'accept store-unavailable <a@example.org>',
      'accept store-unavailable <b@example.org>',
    ]);
    await store.release();
    const { reply } = await peer.eom();
    assert.equal(said(reply), 'continue');
    assert.deepEqual(daemon.takeDecisions(), []);
  });

  test('at DATA, put off: it is judged when DATA comes again', async (t) => {
    const { daemon, store } = await startOnSlowStore(t, ['store.on-failure=tempfail']);
    const peer = await daemon.connect();
    await openSession(peer);
    await peer.mail('<>');
    await tryRecipient(peer, recipient);
    assert.equal(said(await peer.data()), 'tempfail');
    daemon.logger.take('no answer within limits.answer');
    await store.release();
    assert.equal(said(await peer.data()), waitFor(180));
    assert.deepEqual(daemon.takeDecisions(), [
      `tempfail store-unavailable <${recipient}>`,
      `tempfail greylist-early <${recipient}>`,
    ]);
  });

  const offer: OfferedProtocol = offers[2];
  test('at the end of a message: the next message is judged all the same', async (t) => {
    const { daemon, store } = await startOnSlowStore(t);
    const peer = await daemon.connect();
    await openSession(peer, {}, offer);
    const late = await sendMail(peer, { from: '' });
    assert.deepEqual([late.eom, late.headers], ['continue', []]);
    daemon.logger.take('no answer within limits.answer');
    await peer.mail(`<${sender}>`);
    await store.release();
    assert.equal(await tryRecipient(peer, recipient), waitFor(180));
    await peer.quit();
    assert.deepEqual(daemon.takeDecisions(), [
      `accept store-unavailable <${recipient}>`,
      `tempfail greylist-new <${recipient}>`,
    ]);
  });
});

test('a client that leaves while its answer is being found does no harm', async (t) => {
  const clock = createManualClock();
  const store = new SlowStore({ clock });
  const daemon = await startTestDaemon(t, { clock, openStore: () => Promise.resolve(store) });
  const peer = await daemon.connect();
  await openSession(peer);
  await peer.mail(`<${sender}>`);
  void peer.rcpt(`<${recipient}>`).catch(() => undefined);
  await turn();
  peer.drop();
  while (daemon.daemon.connections > 0) await turn();
  await store.release();
  assert.deepEqual(daemon.takeDecisions(), []);
  daemon.clock.advance(delay);
  assert.deepEqual((await deliver(daemon)).rcpt, ['continue']);
});

test('a bug puts mail off, and the sessions go on', async (t) => {
  const clock = createManualClock();
  let isBroken = false;
  const now = (): number => {
    if (isBroken) throw new TypeError('oops');
    return clock.now();
  };
  const daemon = await startTestDaemon(t, { clock: { ...clock, now } });
  const peer = await daemon.connect();
  await openSession(peer);
  await peer.mail(`<${sender}>`);
  isBroken = true;
  assert.equal(await tryRecipient(peer, recipient), 'tempfail');
  isBroken = false;
  assert.equal(await tryRecipient(peer, recipient), waitFor(180));
  const { fields } = daemon.logger.take('bug: an answer could not be found');
  assert.deepEqual([fields['event'], fields['error']], ['rcpt', 'oops']);
});
