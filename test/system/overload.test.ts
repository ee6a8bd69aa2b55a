import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { startTestDaemon, type TestDaemon } from '../support/daemon-harness.js';
import { openFaultyStore, type FaultyStore } from '../support/faulty-store.js';
import { waitUntil } from '../support/wait-until.js';
import { deliver, notAsked, openSession, sendMail, waitFor, type Told } from './smtp-session.js';

const overloaded = 'more connections than limits.connections: sessions pass without greylisting';
const policyOverloaded =
  'more policy connections than limits.connections: their mail passes without greylisting';
/** What the log may say of a store that is held, besides. */
const ofHeldStore = ['no answer within limits.answer', 'store cannot be read'];

interface Rig {
  readonly daemon: TestDaemon;
  readonly store: FaultyStore;
}

/** A filter that filters few sessions at a time, on a store that a test can hold. */
async function start(t: TestContext, more: readonly string[] = []): Promise<Rig> {
  let store: FaultyStore | undefined;
  const daemon = await startTestDaemon(t, {
    overrides: ['limits.connections=5', 'limits.answer=9s', ...more],
    openStore: openFaultyStore((opened) => (store = opened)),
    policy: true,
  });
  assert.ok(store !== undefined);
  return { daemon, store };
}

/** What is answered in time, or by `store.on-failure`: nobody knows how fast this machine is. */
const answers = [waitFor(180), 'continue'];

/** Sessions with a mail each, that stay open. */
interface Crowd {
  readonly mails: readonly Promise<Told>[];
  readonly leave: () => Promise<void>;
}

async function crowd(daemon: TestDaemon, count: number): Promise<Crowd> {
  const peers = await Promise.all(Array.from({ length: count }, () => daemon.connect()));
  for (const peer of peers) await openSession(peer);
  return {
    mails: peers.map((peer, index) => sendMail(peer, { from: `${index}@client.example` })),
    leave: async () => {
      for (const peer of peers) await peer.quit();
    },
  };
}

describe('more sessions than can be answered', () => {
  test('wait up to a limit; the rest passes at once, and all is as before when it is over', async (t) => {
    const { daemon, store } = await start(t);
    store.reads = 'hang';
    const { mails, leave } = await crowd(daemon, 5);
    for (let round = 0; round < 20; round++) {
      assert.deepEqual((await deliver(daemon)).rcpt, [notAsked], 'nothing of it waits');
    }
    assert.equal(daemon.logger.take(overloaded).fields['reason'], 'overload');
    store.heal();
    for (const mail of mails) assert.ok(answers.includes((await mail).rcpt[0] ?? 'nothing'));
    await leave();
    while (daemon.daemon.connections > 0) await turn();
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(180)], 'the very next one');
    assert.ok(daemon.logger.takeAll().every(({ message }) => ofHeldStore.includes(message)));
  });

  test('that wait for too long are let go, and make room', async (t) => {
    const { daemon, store } = await start(t, ['limits.answer=1s']);
    store.reads = 'hang';
    const { mails, leave } = await crowd(daemon, 5);
    for (const mail of mails) assert.deepEqual((await mail).rcpt, ['continue']);
    await leave();
    while (daemon.daemon.connections > 0) await turn();
    store.heal();
    // Who comes then is answered; a machine that stalls may be late for the first ones.
    let late = 0;
    await waitUntil(async () => {
      const { rcpt } = await deliver(daemon, { from: `new${late++}@client.example` });
      return rcpt[0] === waitFor(180);
    }, 'new mail is put off');
    assert.ok(daemon.logger.takeAll().every(({ message }) => ofHeldStore.includes(message)));
  });

  test('of Postfix pass as well, and are counted', async (t) => {
    const { daemon, store } = await start(t);
    store.reads = 'hang';
    const waiting = Array.from({ length: 20 }, (_, index) =>
      daemon.askAsPostfix().rcpt({ sender: `${index}@client.example` }),
    );
    while (daemon.daemon.connectionsOf.policy < 20) await turn();
    for (let round = 0; round < 5; round++) {
      assert.equal(await daemon.askAsPostfix().rcpt(), 'DUNNO');
    }
    assert.equal(daemon.logger.take(policyOverloaded).fields['reason'], 'overload');
    store.heal();
    for (const answer of waiting) assert.match(await answer, /^(DEFER_IF_PERMIT |DUNNO)/);
    assert.ok(daemon.logger.takeAll().every(({ message }) => ofHeldStore.includes(message)));
  });
});
