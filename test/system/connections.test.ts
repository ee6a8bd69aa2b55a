import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { StoreError, type GreylistStore } from '../../src/store/store.js';
import { startTestDaemon, TestDaemon } from '../support/daemon-harness.js';
import { collectGarbage } from '../support/garbage.js';
import { createManualClock } from '../support/manual-clock.js';
import { MemoryStore } from '../support/memory-store.js';
import { MtaPeer } from '../support/mta-peer.js';
import * as build from '../support/packet-builder.js';
import {
  deliver,
  notAsked,
  offers,
  openSession,
  recipient,
  sendMail,
  waitFor,
} from './smtp-session.js';

const overloaded = 'more connections than limits.connections: sessions pass without greylisting';

describe('more connections than the limit', () => {
  test('pass without greylisting, and the log says so once a minute', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['limits.connections=2'] });
    const [first, second] = [await daemon.connect(), await daemon.connect()];
    await openSession(first);
    await openSession(second);
    for (let above = 0; above < 3; above++) {
      const told = await deliver(daemon);
      assert.deepEqual([told.rcpt, told.eom], [[notAsked], 'continue'], 'it is not even asked');
    }
    assert.deepEqual(daemon.logger.take(overloaded).fields, {
      reason: 'overload',
      connections: 2,
      passed: 1,
      times: undefined,
    });
    daemon.clock.advance(60_000);
    await deliver(daemon);
    const { fields } = daemon.logger.take(overloaded);
    assert.deepEqual([fields['times'], fields['passed']], [3, 4]);
    assert.deepEqual((await sendMail(first)).rcpt, [waitFor(180)]);
    await second.quit();
    await idle(daemon, 1);
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(180)]);
    assert.deepEqual(
      daemon.decisions.map(({ reason }) => reason),
      ['greylist-new', 'greylist-early'],
    );
  });

  test('pass with an MTA that offers only protocol 2', async (t) => {
    const daemon = await startTestDaemon(t, { overrides: ['limits.connections=1'] });
    await openSession(await daemon.connect());
    const told = await deliver(daemon, { offer: offers[2] });
    assert.deepEqual([told.rcpt, told.eom], [[notAsked], 'continue']);
    daemon.logger.take(overloaded);
  });
});

describe('a broken peer', () => {
  test('ends its own connection alone, and cannot flood the log', async (t) => {
    const daemon = await startTestDaemon(t);
    const good = await daemon.connect();
    await openSession(good);
    for (let count = 0; count < 5; count++) {
      const peer = await daemon.connect();
      peer.write(build.packet('M', '<a@client.example>\0'));
      await peer.closed();
    }
    const { fields } = daemon.logger.take('milter connection ended by an error');
    assert.equal(fields['code'], 'MILTER_NOT_NEGOTIATED');
    assert.deepEqual((await sendMail(good)).rcpt, [waitFor(180)]);
  });

  test('odd packets are answered, and logged for who debugs', async (t) => {
    const daemon = await startTestDaemon(t);
    const peer = await daemon.connect();
    await peer.negotiate();
    assert.deepEqual(await peer.rcpt(`<${recipient}>`), { kind: 'continue', text: '' });
    assert.deepEqual(daemon.logger.entries.at(-1), {
      level: 'debug',
      message: 'odd milter packet',
      fields: { kind: 'out-of-order', command: 'rcpt' },
    });
  });
});

describe('what connects before the store is open', () => {
  /** A daemon whose store opens, or fails to, when the test says so. */
  function startWithSlowStore(cleanUp: { after(stop: () => Promise<void>): void }): {
    readonly daemon: TestDaemon;
    readonly started: Promise<void>;
    readonly path: string;
    readonly open: (error?: StoreError) => void;
  } {
    const clock = createManualClock();
    let open: (error?: StoreError) => void = () => undefined;
    const opening = new Promise<GreylistStore>((resolve, reject) => {
      open = (error) => {
        if (error === undefined) resolve(new MemoryStore({ clock }));
        else reject(error);
      };
    });
    opening.catch(() => undefined);
    const daemon = new TestDaemon({ clock, openStore: () => opening });
    cleanUp.after(() => daemon.dispose());
    const path = join(daemon.directory, 'milter.sock');
    return { daemon, started: daemon.start(), path, open };
  }

  test('is served once it is', async (t) => {
    const { started, path, open } = startWithSlowStore(t);
    const peer = await connectPatiently(path);
    const session = openSession(peer);
    await turn();
    open();
    await started;
    await session;
    assert.deepEqual((await sendMail(peer)).rcpt, [waitFor(180)]);
    peer.drop();
  });

  test('may have left again by then', async (t) => {
    const { daemon, started, path, open } = startWithSlowStore(t);
    const peer = await connectPatiently(path);
    peer.write(build.offer());
    peer.drop();
    await turn();
    open();
    await started;
    await idle(daemon, 0);
    assert.deepEqual((await deliver(daemon)).rcpt, [waitFor(180)]);
  });

  test('is let go if the store cannot be opened, so that the process can end', async (t) => {
    const { started, path, open } = startWithSlowStore(t);
    const failed = assert.rejects(started, { code: 'STORE_LOCKED' });
    const peer = await connectPatiently(path);
    peer.write(build.offer());
    await turn();
    open(new StoreError('STORE_LOCKED', 'in use'));
    await failed;
    await peer.closed();
  });
});

describe('sessions leave nothing behind', () => {
  test('1000 of them, and no connection is left', async (t) => {
    const daemon = await startTestDaemon(t);
    for (let count = 0; count < 20; count++) {
      await Promise.all(Array.from({ length: 50 }, () => runSession(daemon)));
    }
    await idle(daemon, 0);
    assert.equal(daemon.decisions.length, 1000);
  });

  test('20000 of them, and memory has not grown', async (t) => {
    const overrides = ['limits.pending-per-network=100000'];
    const daemon = await startTestDaemon(t, { overrides });
    const heapAfter = async (sessions: number): Promise<number> => {
      for (let count = 0; count < sessions; count += 50) {
        await Promise.all(Array.from({ length: 50 }, () => runSession(daemon)));
        daemon.takeDecisions();
      }
      await idle(daemon, 0);
      return heapBytes();
    };
    // What is compiled, cached and pooled once is there after these.
    const before = await heapAfter(5000);
    const grown = (await heapAfter(20_000)) - before;
    assert.ok(grown / 20_000 < 50, `${grown} bytes more after 20000 sessions`);
  });
});

let sessions = 0;

/** A whole session in one write, as nothing in it has to be waited for; half of the senders are new. */
async function runSession(daemon: TestDaemon): Promise<void> {
  const from = `sender${sessions++ % 2 === 0 ? 0 : sessions}@client.example`;
  const socket = connect({ path: join(daemon.directory, 'milter.sock') });
  socket.write(
    Buffer.concat([
      build.offer(),
      build.macros('C', { j: 'mx.example.org', '{daemon_name}': 'mx.example.org' }),
      build.connect('mail.client.example', '192.0.2.1'),
      build.macros('H'),
      build.helo('mail.client.example'),
      build.macros('M', { i: `q${sessions}` }),
      build.mail(`<${from}>`),
      build.macros('R', { '{rcpt_addr}': recipient }),
      build.rcpt(`<${recipient}>`),
      build.quit(),
    ]),
  );
  socket.resume();
  await once(socket, 'close');
}

/** Waits until no more than so many MTAs are connected. */
async function idle({ daemon }: TestDaemon, connections: number): Promise<void> {
  while (daemon.connections > connections) await turn();
}

function heapBytes(): number {
  for (let rounds = 0; rounds < 3; rounds++) collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Connects as soon as something listens there. */
async function connectPatiently(path: string): Promise<MtaPeer> {
  for (;;) {
    try {
      return await MtaPeer.connect({ path });
    } catch {
      // Not yet.
      await turn();
    }
  }
}
