import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { customReply } from '../../../../src/protocols/milter/custom-reply.js';
import type { MilterFilter } from '../../../../src/protocols/milter/filter.js';
import { replies } from '../../../../src/protocols/milter/replies.js';
import { MilterServer, type MilterServerOptions } from '../../../../src/protocols/milter/server.js';
import { MtaPeer } from '../../../support/mta-peer.js';
import { packet } from '../../../support/packet-builder.js';
import { createTempDirectory } from '../../../support/temp-directory.js';

const greylisted = customReply({ code: 451, enhanced: '4.7.1', text: 'Greylisted' });

/** Puts everybody off, and says so to those who come through. */
const putOff: MilterFilter<undefined> = {
  open: () => undefined,
  actions: ['addHeaders'],
  connect: { observe: () => undefined },
  rcpt: (_session, { address }) => (address === '<known@v>' ? replies.continue : greylisted),
  eom: (_session, _event, context) => {
    context.addHeader('X-Greylist', 'delayed');
    return replies.continue;
  },
};

interface Running {
  readonly server: MilterServer<undefined>;
  readonly open: () => Promise<MtaPeer>;
  readonly events: string[];
  /** Moves the clock on, and lets the server look at it. */
  readonly pass: (byMs: number) => void;
  readonly isTicking: () => boolean;
}

/** A server on a Unix socket, with a clock that stands still. */
async function run(
  t: TestContext,
  options: Partial<MilterServerOptions<undefined>> = {},
): Promise<Running> {
  const events: string[] = [];
  let nowMs = 0;
  let tick: (() => void) | undefined;
  const server = new MilterServer<undefined>({
    filter: () => putOff,
    observer: {
      connected: () => events.push('connected'),
      overloaded: (connections) => events.push(`overloaded ${connections}`),
      incident: (kind, command) => events.push(`${kind} ${command}`),
      handlerFailed: (event, error) => events.push(`${event}: ${String(error)}`),
      disconnected: (error) => events.push(`disconnected ${error?.code ?? 'normally'}`),
    },
    clock: {
      now: () => nowMs,
      every: (_periodMs, call) => {
        tick = call;
        return () => (tick = undefined);
      },
    },
    ...options,
  });
  const path = join(createTempDirectory(t), 'm.sock');
  const listener = createServer();
  server.attach(listener);
  await new Promise<void>((resolve) => listener.listen(path, resolve));
  t.after(async () => {
    listener.close();
    await server.drain(0);
  });
  return {
    server,
    events,
    open: () => MtaPeer.connect({ path }),
    pass: (byMs) => {
      nowMs += byMs;
      tick?.();
    },
    isTicking: () => tick !== undefined,
  };
}

/** Waits until only so many connections are left: a peer sees the end of one before the server does. */
async function untilLeft(server: MilterServer<undefined>, connections: number): Promise<void> {
  for (let turns = 0; turns < 1000 && server.connections > connections; turns++) await turn();
  assert.equal(server.connections, connections);
}

describe('MilterServer', () => {
  test('serves sessions on a Unix socket', async (t) => {
    const { server, open, events } = await run(t);
    const peer = await open();
    const { version, actions, steps } = await peer.negotiate();
    assert.deepEqual({ version, actions, steps }, { version: 6, actions: 0x1, steps: 0x1376 });
    assert.equal(server.connections, 1);
    peer.macros('C', { j: 'mx' });
    assert.equal(await peer.connectEvent('mx.example', '192.0.2.7'), undefined);
    assert.equal(await peer.helo('client'), undefined);
    assert.equal(await peer.mail('<a@b>'), undefined);
    assert.deepEqual(await peer.rcpt('<u@v>'), { kind: 'replycode', text: '451 4.7.1 Greylisted' });
    assert.deepEqual(await peer.rcpt('<known@v>'), { kind: 'continue', text: '' });
    assert.equal(await peer.data(), undefined);
    assert.deepEqual(await peer.eom(), {
      changes: [{ kind: 'addHeader', name: 'X-Greylist', value: 'delayed' }],
      progress: 0,
      reply: { kind: 'continue', text: '' },
    });
    peer.abort();
    await peer.quit();
    await untilLeft(server, 0);
    assert.deepEqual(events, ['connected', 'disconnected normally']);
  });

  test('serves several sessions at once', async (t) => {
    const { server, open } = await run(t);
    const peers = await Promise.all(Array.from({ length: 20 }, open));
    await Promise.all(peers.map((peer) => peer.negotiate()));
    assert.equal(server.connections, 20);
    const answers = await Promise.all(
      peers.map(async (peer) => {
        await peer.connectEvent('mx.example', '192.0.2.7');
        await peer.mail('<a@b>');
        return (await peer.rcpt('<u@v>'))?.kind;
      }),
    );
    assert.deepEqual(answers, Array(20).fill('replycode'));
    await Promise.all(peers.map((peer) => peer.quit()));
  });

  test('takes the filter of the moment for each connection, and derives its wishes once', async (t) => {
    let asked = 0;
    const first: MilterFilter<undefined> = {
      open: () => undefined,
      get macros() {
        asked++;
        return { connect: ['j'] };
      },
    };
    const filters = [first, first, putOff];
    const { open } = await run(t, { filter: () => filters.shift() ?? putOff });
    const steps: number[] = [];
    for (let sessions = 0; sessions < 3; sessions++) {
      const peer = await open();
      steps.push((await peer.negotiate()).steps);
      await peer.quit();
    }
    assert.deepEqual(steps, [0x37f, 0x37f, 0x1376]);
    assert.equal(asked, 1);
  });

  test('negotiates sessions above the limit away, so that they pass', async (t) => {
    const { open, events, server } = await run(t, { limits: { connections: 1 } });
    const served = await open();
    await served.negotiate();
    const passed = await open();
    const { steps, actions } = await passed.negotiate();
    assert.deepEqual({ steps, actions }, { steps: 0x37f, actions: 0 });
    assert.equal(await passed.connectEvent('mx.example', '192.0.2.7'), undefined);
    assert.equal(await passed.mail('<a@b>'), undefined);
    assert.equal(await passed.rcpt('<u@v>'), undefined);
    assert.deepEqual((await passed.eom()).reply, { kind: 'continue', text: '' });
    assert.equal(server.connections, 2);
    await passed.quit();
    await served.quit();
    await untilLeft(server, 0);
    const next = await open();
    assert.equal((await next.negotiate()).steps, 0x1376);
    assert.deepEqual(
      events.filter((event) => event.startsWith('overloaded')),
      ['overloaded 1'],
    );
  });

  test('reports what its connections report', async (t) => {
    const { open, events, server } = await run(t, {
      filter: () => ({
        open: () => undefined,
        mail: () => {
          throw new Error('broken');
        },
        rcpt: () => replies.continue,
      }),
    });
    const peer = await open();
    await peer.negotiate();
    assert.equal((await peer.rcpt('<u@v>'))?.kind, 'continue');
    assert.equal((await peer.mail('<a@b>'))?.kind, 'tempfail');
    peer.write(Buffer.alloc(4));
    await peer.closed();
    await untilLeft(server, 0);
    assert.deepEqual(events, [
      'connected',
      'out-of-order rcpt',
      'mail: Error: broken',
      'disconnected MILTER_PACKET_EMPTY',
    ]);
  });

  test('lets idle MTAs go', async (t) => {
    const { open, events, pass, server } = await run(t, { limits: { idleMs: 60_000 } });
    const peer = await open();
    await peer.negotiate();
    pass(59_999);
    assert.deepEqual(events, ['connected']);
    pass(1);
    await peer.closed();
    await untilLeft(server, 0);
    assert.deepEqual(events, ['connected', 'disconnected MILTER_IDLE']);
  });

  test('answers for a handler that takes too long', async (t) => {
    let called = (): void => undefined;
    const isCalled = new Promise<void>((resolve) => (called = resolve));
    const { open, pass } = await run(t, {
      filter: () => ({
        open: () => undefined,
        connect: () => {
          called();
          return new Promise(() => undefined);
        },
      }),
    });
    const peer = await open();
    await peer.negotiate();
    const answer = peer.connectEvent('mx.example', '192.0.2.7');
    await isCalled;
    pass(5000);
    assert.equal((await answer)?.kind, 'tempfail');
    await peer.quit();
  });

  test('new limits are for new connections', async (t) => {
    const { open, server, events, pass } = await run(t, { limits: { idleMs: 60_000 } });
    const before = await open();
    await before.negotiate();
    server.setLimits({ idleMs: 1000 });
    const after = await open();
    await after.negotiate();
    pass(1000);
    await after.closed();
    await untilLeft(server, 1);
    assert.equal(events.at(-1), 'disconnected MILTER_IDLE');
    await before.quit();
  });

  test('works without an observer and with the clock of the system', async (t) => {
    const path = join(createTempDirectory(t), 'm.sock');
    const server = new MilterServer({
      filter: () => ({
        open: () => undefined,
        mail: () => {
          throw new Error('broken');
        },
      }),
      limits: { connections: 1 },
    });
    const listener = createServer();
    server.attach(listener);
    await new Promise<void>((resolve) => listener.listen(path, resolve));
    const peer = await MtaPeer.connect({ path });
    const above = await MtaPeer.connect({ path });
    await above.negotiate();
    await peer.negotiate();
    peer.write(packet('D'));
    assert.equal((await peer.mail('<a@b>'))?.kind, 'tempfail');
    await peer.quit();
    await above.quit();
    listener.close();
    await server.drain(1000);
  });
});

describe('drain', () => {
  test('waits until the sessions have ended', async (t) => {
    const { open, server, isTicking } = await run(t);
    const peer = await open();
    await peer.negotiate();
    let isDone = false;
    const drained = server.drain(60_000).then(() => (isDone = true));
    await peer.connectEvent('mx.example', '192.0.2.7');
    await peer.mail('<a@b>');
    assert.equal((await peer.rcpt('<u@v>'))?.kind, 'replycode');
    assert.equal(isDone, false);
    await peer.quit();
    await drained;
    assert.equal(isTicking(), false);
  });

  test('cuts those that are not done in time', async (t) => {
    const { open, server, events } = await run(t);
    const peer = await open();
    await peer.negotiate();
    await server.drain(1);
    await peer.closed();
    assert.equal(server.connections, 0);
    assert.deepEqual(events, ['connected', 'disconnected normally']);
  });

  test('is done at once without connections', async (t) => {
    const { server } = await run(t);
    await server.drain(60_000);
  });
});
