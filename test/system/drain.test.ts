import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, test } from 'node:test';
import type { GreylistStore } from '../../src/store/store.js';
import { startTestDaemon } from '../support/daemon-harness.js';
import { createManualClock } from '../support/manual-clock.js';
import { MemoryStore } from '../support/memory-store.js';
import { HookedStore } from '../unit/daemon/hooked-store.js';
import {
  deliver,
  openSession,
  recipient,
  sendContent,
  sender,
  sendMail,
  tryRecipient,
  waitFor,
} from './smtp-session.js';

const overrides = ['limits.drain=80s'];

describe('a daemon that stops', () => {
  test('listens no more, but lets a message come to its end', async (t) => {
    const daemon = await startTestDaemon(t, { overrides });
    await deliver(daemon);
    daemon.clock.advance(180_000);
    const peer = await daemon.connect();
    await openSession(peer);
    await peer.mail(`<${sender}>`);
    const stopped = daemon.stop();
    assert.equal(existsSync(join(daemon.directory, 'milter.sock')), false);
    assert.equal(await tryRecipient(peer, recipient), 'continue');
    const told = await sendContent(peer);
    assert.deepEqual([told.eom, told.headers.length], ['continue', 1]);
    const next = await sendMail(peer, { from: 'carol@client.example' });
    assert.deepEqual(next.rcpt, [waitFor(180)], 'the session may go on as well');
    await peer.quit();
    await stopped;
    assert.deepEqual(
      daemon.logger.entries.map(({ message, fields }) => [message, fields['connections']]),
      [
        ['stopping', 1],
        ['stopped', undefined],
      ],
    );
  });

  test('has stored what it answered while it was stopping', async (t) => {
    const daemon = await startTestDaemon(t, { overrides });
    const peer = await daemon.connect();
    await openSession(peer);
    const stopped = daemon.stop();
    assert.deepEqual((await sendMail(peer)).rcpt, [waitFor(180)]);
    await peer.quit();
    await stopped;
    await daemon.start();
    daemon.clock.advance(180_000);
    assert.deepEqual((await deliver(daemon)).rcpt, ['continue']);
  });

  test('waits for idle sessions until limits.drain, and then cuts them', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['limits.drain=1s'] });
    const idle = await daemon.connect();
    await openSession(idle);
    const startedAt = performance.now();
    await daemon.stop();
    // A timer may end a moment early.
    assert.ok(performance.now() - startedAt > 990, 'it has waited');
    await idle.closed();
  });

  test('waits for a session that has only connected', async (t) => {
    const daemon = await startTestDaemon(t, { overrides });
    const other = await daemon.connect();
    await openSession(other);
    const peer = await daemon.connect();
    const running = daemon.daemon;
    while (running.connections < 2) await turn();
    const stopped = daemon.stop();
    await openSession(peer);
    assert.deepEqual((await sendMail(peer)).rcpt, [waitFor(180)]);
    await peer.quit();
    while (running.connections > 1) await turn();
    other.drop();
    await stopped;
  });

  test('lets an answer come that is under way, and the session end', async (t) => {
    const clock = createManualClock();
    const store = new HookedStore(new MemoryStore({ clock }));
    const openStore = (): Promise<GreylistStore> => Promise.resolve(store);
    const daemon = await startTestDaemon(t, { overrides, clock, openStore });
    const commit = holdCommits(store);
    const peer = await daemon.connect();
    await openSession(peer);
    await peer.mail(`<${sender}>`);
    const answer = tryRecipient(peer, recipient);
    await commit.isAskedFor;
    const stopped = daemon.stop();
    commit.release();
    assert.equal(await answer, waitFor(180));
    await peer.quit();
    await stopped;
    const kept = [...store.inner.committed.keys()].filter((key) => !key.startsWith('statistics '));
    assert.equal(kept.length, 1);
  });

  test('answers for a commit that does not come while it stops, and is not kept by it', async (t) => {
    const clock = createManualClock();
    const store = new HookedStore(new MemoryStore({ clock }));
    const openStore = (): Promise<GreylistStore> => Promise.resolve(store);
    const more = [...overrides, 'limits.answer=1s'];
    const daemon = await startTestDaemon(t, { overrides: more, clock, openStore });
    const commit = holdCommits(store);
    const peer = await daemon.connect();
    await openSession(peer);
    await peer.mail(`<${sender}>`);
    const answer = tryRecipient(peer, recipient);
    await commit.isAskedFor;
    const stopped = daemon.stop();
    assert.equal(await answer, 'continue', 'on-failure: accept');
    daemon.logger.take('no answer within limits.answer');
    commit.release();
    assert.equal((await sendContent(peer)).eom, 'continue');
    await peer.quit();
    await stopped;
    assert.deepEqual(daemon.takeDecisions(), [`accept store-unavailable <${recipient}>`]);
  });

  test('may be told twice, and is done for both', async (t) => {
    const daemon = await startTestDaemon(t, { overrides });
    const peer = await daemon.connect();
    await openSession(peer);
    const running = daemon.daemon;
    const both = Promise.all([daemon.stop(), running.stop()]);
    assert.deepEqual((await sendMail(peer)).rcpt, [waitFor(180)]);
    await peer.quit();
    await both;
  });
});

/** Keeps what is to be stored until it is released. */
function holdCommits(store: HookedStore): {
  readonly isAskedFor: Promise<void>;
  readonly release: () => void;
} {
  let ask: () => void = () => undefined;
  let release: () => void = () => undefined;
  const isAskedFor = new Promise<void>((resolve) => (ask = resolve));
  const isReleased = new Promise<void>((resolve) => (release = resolve));
  store.onSet = async (key, expected, next) => {
    ask();
    await isReleased;
    return await store.inner.compareAndSet(key, expected, next);
  };
  return { isAskedFor, release };
}
