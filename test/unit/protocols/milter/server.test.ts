import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { MilterFilter } from '../../../../src/protocols/milter/filter.js';
import { customReply } from '../../../../src/protocols/milter/custom-reply.js';
import { replies } from '../../../../src/protocols/milter/replies.js';
import { MilterServer } from '../../../../src/protocols/milter/server.js';
import { untilCollected } from '../../../support/garbage.js';
import { MtaPeer } from '../../../support/mta-peer.js';
import { packet } from '../../../support/packet-builder.js';
import { createTempDirectory } from '../../../support/temp-directory.js';
import { putOff, run, untilLeft } from './server-rig.js';

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

  test('lets a filter go that another has taken the place of, also if nobody connects any more', async (t) => {
    const filters: MilterFilter<undefined>[] = [{ ...putOff }];
    const old = filters.map((filter) => new WeakRef(filter));
    const { open, server } = await run(t, { filter: () => filters[0] ?? putOff });
    const peer = await open();
    await peer.negotiate();
    filters.pop();
    await peer.quit();
    await untilLeft(server, 0);
    assert.equal(await untilCollected(old, 0), 0);
  });

  test('takes the filter of the moment for each SMTP session of a connection', async (t) => {
    const asking = (name: string): MilterFilter<undefined> => ({
      open: () => undefined,
      connect: { observe: () => undefined },
      rcpt: () => customReply({ code: 451, enhanced: '4.7.1', text: name }),
    });
    let filter = asking('old');
    const { open } = await run(t, { filter: () => filter });
    const peer = await open();
    await peer.negotiate();
    const talk = async (): Promise<string | undefined> => {
      await peer.connectEvent('mx.example', '192.0.2.7');
      await peer.mail('<a@b>');
      return (await peer.rcpt('<u@v>'))?.text;
    };
    assert.equal(await talk(), '451 4.7.1 old');
    filter = asking('new');
    await peer.mail('<a@b>');
    assert.equal((await peer.rcpt('<u@v>'))?.text, '451 4.7.1 old', 'the session goes on with it');
    peer.quitNc();
    filter = asking('newest');
    assert.equal(await talk(), '451 4.7.1 newest');
    await peer.quit();
  });

  test('what was negotiated holds for the later sessions of a connection', async (t) => {
    let filter: MilterFilter<undefined> = { ...putOff, actions: [] };
    const { open } = await run(t, { filter: () => filter });
    const peer = await open();
    await peer.negotiate();
    await peer.connectEvent('mx.example', '192.0.2.7');
    peer.quitNc();
    filter = {
      open: () => undefined,
      data: () => assert.fail('the MTA was asked not to send it'),
      eom: (_session, _event, context) =>
        context.may('addHeaders') ? replies.reject : replies.tempfail,
    };
    await peer.connectEvent('mx.example', '192.0.2.7');
    assert.equal(await peer.mail('<a@b>'), undefined);
    assert.equal((await peer.rcpt('<u@v>'))?.kind, 'continue', 'nobody else answers it');
    assert.equal(await peer.data(), undefined);
    assert.equal((await peer.eom()).reply.kind, 'tempfail');
    await peer.quit();
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

  test('tells which version each connection has agreed on', async (t) => {
    const path = join(createTempDirectory(t), 'm.sock');
    const agreed: number[] = [];
    const server = new MilterServer({
      filter: () => ({ open: () => undefined }),
      observer: { negotiated: ({ version }) => agreed.push(version) },
    });
    const listener = createServer();
    server.attach(listener);
    await new Promise<void>((resolve) => listener.listen(path, resolve));
    for (const version of [6, 2]) {
      const peer = await MtaPeer.connect({ path });
      await peer.negotiate(version, 0x3f, 0x7f);
      await peer.quit();
    }
    assert.deepEqual(agreed, [6, 2]);
    listener.close();
    await server.drain(1000);
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
      limits: { connections: 1, bystanders: 1 },
    });
    const listener = createServer();
    server.attach(listener);
    await new Promise<void>((resolve) => listener.listen(path, resolve));
    const peer = await MtaPeer.connect({ path });
    const above = await MtaPeer.connect({ path });
    await above.negotiate();
    await peer.negotiate();
    await (await MtaPeer.connect({ path })).closed();
    peer.write(packet('D'));
    assert.equal((await peer.mail('<a@b>'))?.kind, 'tempfail');
    await peer.quit();
    await above.quit();
    listener.close();
    await server.drain(1000);
  });
});
