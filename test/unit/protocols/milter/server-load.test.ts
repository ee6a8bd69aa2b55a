import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MilterFilter } from '../../../../src/protocols/milter/filter.js';
import { replies, type Reply } from '../../../../src/protocols/milter/replies.js';
import type { MtaPeer } from '../../../support/mta-peer.js';
import { deferred } from './filter-harness.js';
import { putOff, run, untilLeft } from './server-rig.js';

/** Which steps a session of `putOff` asks to be left out, and one that is negotiated away. */
const filtered = 0x1376;
const away = 0x37f;

async function stepsOf(peer: MtaPeer): Promise<number> {
  return (await peer.negotiate()).steps;
}

describe('sessions above the limit', () => {
  test('are negotiated away, so that they pass', async (t) => {
    const { open, events, server } = await run(t, { limits: { connections: 1 } });
    const served = await open();
    await served.negotiate();
    const passed = await open();
    const { steps, actions } = await passed.negotiate();
    assert.deepEqual({ steps, actions }, { steps: away, actions: 0 });
    assert.equal(await passed.connectEvent('mx.example', '192.0.2.7'), undefined);
    assert.equal(await passed.mail('<a@b>'), undefined);
    assert.equal(await passed.rcpt('<u@v>'), undefined);
    assert.deepEqual((await passed.eom()).reply, { kind: 'continue', text: '' });
    assert.equal(server.connections, 2);
    await passed.quit();
    await served.quit();
    await untilLeft(server, 0);
    assert.equal(await stepsOf(await open()), filtered);
    assert.deepEqual(
      events.filter((event) => event.startsWith('overloaded')),
      ['overloaded 1'],
    );
  });

  test('do not count: the next is filtered as soon as one that was has ended', async (t) => {
    const { open, server } = await run(t, { limits: { connections: 1 } });
    const served = await open();
    await served.negotiate();
    const passing = [await open(), await open()];
    for (const peer of passing) assert.equal(await stepsOf(peer), away);
    await served.quit();
    await untilLeft(server, 2);
    assert.equal(await stepsOf(await open()), filtered);
    assert.equal(await stepsOf(await open()), away);
  });

  test('stay away for all SMTP sessions of their connection', async (t) => {
    const { open, server } = await run(t, { limits: { connections: 1 } });
    const served = await open();
    await served.negotiate();
    const passed = await open();
    await passed.negotiate();
    await served.quit();
    await untilLeft(server, 1);
    passed.quitNc();
    await passed.mail('<a@b>');
    assert.equal(await passed.rcpt('<u@v>'), undefined);
    assert.equal((await passed.eom()).reply.kind, 'continue');
  });

  test('have a limit of their own, above which connections are closed', async (t) => {
    const { open, events, server } = await run(t, { limits: { connections: 1, bystanders: 1 } });
    await (await open()).negotiate();
    const passed = await open();
    await passed.negotiate();
    const refused = await open();
    await refused.closed();
    assert.equal(server.connections, 2);
    await passed.quit();
    await untilLeft(server, 1);
    assert.equal(await stepsOf(await open()), away, 'there is room again');
    assert.deepEqual(events, [
      'connected',
      'overloaded 1',
      'connected',
      'refused 2',
      'disconnected normally',
      'overloaded 1',
      'connected',
    ]);
  });
});

describe('an answer that takes too long', () => {
  /** A filter whose answer to CONNECT does not come, and when it is asked for. */
  function silent(): { readonly filter: MilterFilter<undefined>; readonly asked: Promise<void> } {
    let called = (): void => undefined;
    const asked = new Promise<void>((resolve) => (called = resolve));
    const connect = (): Promise<Reply<'continue'>> => {
      called();
      return new Promise(() => undefined);
    };
    return { filter: { open: () => undefined, connect }, asked };
  }

  for (const offsetMs of [0, 1, 99, 350, 999]) {
    test(`is given up at the limit, by 100 ms, if it is asked for after ${offsetMs} ms`, async (t) => {
      const { filter, asked } = silent();
      const { open, pass, events } = await run(t, { filter: () => filter });
      const peer = await open();
      await peer.negotiate();
      pass(offsetMs);
      const answer = peer.connectEvent('mx.example', '192.0.2.7');
      await asked;
      pass(4900);
      assert.deepEqual(events, ['connected']);
      pass(200);
      assert.deepEqual(events, ['connected', 'connect: Error: no answer within the limit']);
      assert.equal((await answer)?.kind, 'tempfail');
      await peer.quit();
    });
  }

  test('is watched for closely only while one is awaited', async (t) => {
    const slow = deferred();
    const { open, pass, periods } = await run(t, {
      filter: () => ({
        open: () => undefined,
        mail: () => slow.promise.then(() => replies.continue),
      }),
    });
    const peer = await open();
    await peer.negotiate();
    assert.deepEqual(periods(), [1000]);
    const answer = peer.mail('<a@b>');
    while (periods().length < 2) await new Promise(setImmediate);
    pass(1000);
    assert.deepEqual(periods(), [1000, 100], 'still');
    slow.resolve(replies.continue);
    await answer;
    pass(100);
    assert.deepEqual(periods(), [1000]);
    await peer.quit();
  });

  test('is watched for by one timer for all', async (t) => {
    let asked = 0;
    const { open, periods } = await run(t, {
      filter: () => ({
        open: () => undefined,
        connect: () => {
          asked++;
          return new Promise(() => undefined);
        },
      }),
    });
    for (let sessions = 0; sessions < 3; sessions++) {
      const peer = await open();
      await peer.negotiate();
      void peer.connectEvent('mx.example', '192.0.2.7').catch(() => undefined);
    }
    while (asked < 3) await new Promise(setImmediate);
    assert.deepEqual(periods(), [1000, 100]);
  });
});

describe('drain', () => {
  test('waits until the sessions have ended', async (t) => {
    const { open, server, periods } = await run(t);
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
    assert.deepEqual(periods(), []);
  });

  test('waits for sessions that pass, too', async (t) => {
    const { open, server } = await run(t, { limits: { connections: 1 } });
    const served = await open();
    await served.negotiate();
    const passed = await open();
    await passed.negotiate();
    const drained = server.drain(60_000);
    await served.quit();
    await untilLeft(server, 1);
    assert.equal((await passed.eom()).reply.kind, 'continue');
    await passed.quit();
    await drained;
  });

  test('waits for an answer that is under way, and tells it', async (t) => {
    const slow = deferred();
    const { open, server, periods } = await run(t, {
      filter: () => ({
        ...putOff,
        rcpt: () => slow.promise.then(() => replies.continue),
      }),
    });
    const peer = await open();
    await peer.negotiate();
    await peer.connectEvent('mx.example', '192.0.2.7');
    await peer.mail('<a@b>');
    const answer = peer.rcpt('<u@v>');
    while (periods().length < 2) await new Promise(setImmediate);
    const drained = server.drain(60_000);
    slow.resolve(replies.continue);
    assert.equal((await answer)?.kind, 'continue');
    await peer.quit();
    await drained;
    assert.deepEqual(periods(), []);
  });

  test('cuts those that are not done in time, also one that is still thinking', async (t) => {
    const slow = deferred();
    const { open, server, events, periods } = await run(t, {
      filter: () => ({
        open: () => undefined,
        connect: () => slow.promise.then(() => replies.continue),
      }),
    });
    const idle = await open();
    await idle.negotiate();
    const waiting = await open();
    await waiting.negotiate();
    const answer = waiting.connectEvent('mx.example', '192.0.2.7');
    const failed = assert.rejects(answer, /closed the connection/);
    while (periods().length < 2) await new Promise(setImmediate);
    await server.drain(1);
    await idle.closed();
    await failed;
    slow.resolve(replies.continue);
    await untilLeft(server, 0);
    assert.deepEqual(events, [
      'connected',
      'connected',
      'disconnected normally',
      'disconnected normally',
    ]);
    assert.deepEqual(periods(), []);
  });

  test('may be waited for twice; the shorter patience is that of all', async (t) => {
    const { open, server } = await run(t);
    const peer = await open();
    await peer.negotiate();
    const first = server.drain(60_000);
    await Promise.all([first, server.drain(1)]);
    await peer.closed();
    await server.drain(60_000);
  });

  test('is done at once without connections', async (t) => {
    const { server } = await run(t);
    await server.drain(60_000);
  });
});
