import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as realTime } from 'node:timers/promises';
import { PolicyClient } from '../../../../src/protocols/postfix-policy/mta/policy-client.js';
import { PolicyServer } from '../../../../src/protocols/postfix-policy/server.js';
import { postfixRequest, rawRequest } from '../../../support/policy-request-text.js';
import { deferred, testService } from './connection-rig.js';
import { run, until } from './server-rig.js';

const asked = [['sender', 'a@x']] as const;
const gone = { code: 'POLICY_SERVICE_GONE' };

describe('PolicyServer', () => {
  test('serves any number of requests and connections', async (t) => {
    const { server, open, events } = await run(t);
    const clients = await Promise.all(Array.from({ length: 20 }, open));
    await until(() => server.connections === 20);
    for (let round = 0; round < 3; round++) {
      const answers = await Promise.all(clients.map((client) => client.ask(asked)));
      assert.deepEqual(answers, Array(20).fill('REJECT a@x'));
    }
    await Promise.all(clients.map((client) => client.close()));
    await until(() => server.connections === 0);
    assert.equal(events.filter((event) => event === 'connected').length, 20);
    assert.equal(events.filter((event) => event === 'disconnected normally').length, 20);
  });

  test('asks the service of the moment, for each request', async (t) => {
    let text = 'old';
    const { open } = await run(t, { service: () => testService(() => `DEFER ${text}`) });
    const client = await open();
    assert.equal(await client.ask(asked), 'DEFER old');
    text = 'new';
    assert.equal(await client.ask(asked), 'DEFER new');
  });

  test('keeps a session for each connection', async (t) => {
    const service = testService((_request, count) => `DEFER ${count}`);
    const { open } = await run(t, { service: () => service });
    const [first, second] = await Promise.all([open(), open()]);
    assert.equal(await first.ask(asked), 'DEFER 1');
    assert.equal(await first.ask(asked), 'DEFER 2');
    assert.equal(await second.ask(asked), 'DEFER 1');
  });

  test('says when a session is not needed any more, if there was one', async (t) => {
    const closed: number[] = [];
    const { open, socket, events } = await run(t, {
      close: ({ requests }) => closed.push(requests),
    });
    const client = await open();
    await client.ask(asked);
    await client.ask(asked);
    (await socket()).end();
    await until(() => events.includes('disconnected normally'));
    assert.deepEqual(closed, []);
    await client.close();
    await until(() => closed.length > 0);
    assert.deepEqual(closed, [2]);
  });

  test('reports what its connections report', async (t) => {
    const service = testService((_request, count) => {
      if (count === 1) throw new Error('broken');
      return new Promise(() => undefined);
    });
    const { socket, events, pass } = await run(t, { service: () => service });
    const peer = await socket();
    let received = '';
    peer.on('data', (chunk: Buffer) => (received += chunk.toString()));
    const request = postfixRequest();
    peer.write(Buffer.concat([rawRequest(['x']), request, request]));
    await until(() => received.endsWith('failed\n\n'));
    pass(5000);
    await until(() => received.endsWith('late\n\n'));
    peer.end('x');
    await until(() => events.length === 5);
    assert.deepEqual(events, [
      'connected',
      'POLICY_LINE_INVALID',
      'Error: broken',
      'late',
      'disconnected POLICY_REQUEST_TRUNCATED',
    ]);
  });

  test('does without an observer and with the time of the system', async (t) => {
    const service = testService((_request, count) => {
      if (count === 1) throw new Error('broken');
      return count === 2 ? new Promise(() => undefined) : 'DUNNO';
    });
    const server = new PolicyServer({
      open: () => ({ requests: 0 }),
      service: () => service,
      limits: { answerMs: 1, connections: 1, bystanders: 1 },
    });
    const listener = createServer();
    server.attach(listener);
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    t.after(() => listener.close());
    const address = listener.address();
    assert.ok(address !== null && typeof address === 'object');
    const client = await PolicyClient.connect({ port: address.port });
    const answers = [client.ask([['request', 'x']]), client.ask(asked), client.ask(asked)];
    assert.deepEqual(await Promise.all(answers), ['DUNNO', 'DEFER failed', 'DEFER late']);
    const bystander = await PolicyClient.connect({ port: address.port });
    assert.equal(await bystander.ask(asked), 'DUNNO');
    const refused = await PolicyClient.connect({ port: address.port });
    await assert.rejects(refused.ask(asked), gone);
    await client.close();
    await bystander.close();
    await server.drain(0);
    assert.equal(server.connections, 0);
  });

  test('ends what is idle', async (t) => {
    const { open, pass, server, events } = await run(t, { limits: { idleMs: 60_000 } });
    const client = await open();
    await client.ask(asked);
    pass(59_000);
    assert.equal(server.connections, 1);
    pass(1000);
    await until(() => server.connections === 0);
    assert.deepEqual(events, ['connected', 'disconnected POLICY_IDLE']);
    await assert.rejects(client.ask(asked), gone);
  });

  test('looks at the clock more often only while an answer is awaited', async (t) => {
    const first = deferred<string>();
    const { open, pass, periods } = await run(t, {
      service: () => testService(() => first.promise),
    });
    const [client, other] = await Promise.all([open(), open()]);
    assert.deepEqual(periods(), [1000]);
    const answers = [client.ask(asked), other.ask(asked)];
    await until(() => periods().length === 2);
    assert.deepEqual(periods(), [1000, 100]);
    first.resolve('DUNNO');
    await Promise.all(answers);
    pass(100);
    assert.deepEqual(periods(), [1000]);
  });

  test('an answer has all of its time, however long ago the clock was looked at', async (t) => {
    const service = testService(() => new Promise(() => undefined));
    const { open, pass, periods } = await run(t, { service: () => service });
    const client = await open();
    pass(999);
    const answer = client.ask(asked);
    await until(() => periods().length === 2);
    pass(4999);
    assert.equal(await Promise.race([answer, realTime(20, 'waiting')]), 'waiting');
    pass(100);
    assert.equal(await answer, 'DEFER late');
  });

  test('new limits are for later connections', async (t) => {
    const { socket, server, events } = await run(t);
    const old = await socket();
    await until(() => server.connections === 1);
    server.setLimits({ requestBytes: 10 });
    const young = await socket();
    await until(() => server.connections === 2);
    old.end(postfixRequest());
    assert.match(String(await once(old, 'data')), /^action=REJECT/);
    young.end(postfixRequest());
    assert.equal(String(await once(young, 'data')), 'action=DUNNO\n\n');
    await until(() => server.connections === 0);
    assert.ok(events.includes('disconnected POLICY_REQUEST_TOO_LONG'));
  });
});

describe('connections above the limit', () => {
  test('pass until there is room, which is looked for at each request', async (t) => {
    const { open, server, events } = await run(t, { limits: { connections: 1 } });
    const served = await open();
    assert.equal(await served.ask(asked), 'REJECT a@x');
    const passed = await open();
    assert.equal(await passed.ask(asked), 'DUNNO');
    assert.equal(await served.ask(asked), 'REJECT a@x');
    await served.close();
    await until(() => server.connections === 1);
    assert.equal(await passed.ask(asked), 'REJECT a@x');
    const next = await open();
    assert.equal(await next.ask(asked), 'DUNNO', 'there is room for one');
    assert.deepEqual(events, [
      'connected',
      'overloaded 1',
      'connected',
      'unfiltered',
      'disconnected normally',
      'overloaded 1',
      'connected',
      'unfiltered',
    ]);
  });

  test('have room at once if the limit is raised', async (t) => {
    const { open, server } = await run(t, { limits: { connections: 0 } });
    const client = await open();
    assert.equal(await client.ask(asked), 'DUNNO');
    server.setLimits({ connections: 1 });
    assert.equal(await client.ask(asked), 'REJECT a@x');
  });

  test('have a limit of their own, above which they are closed', async (t) => {
    const { open, server, events } = await run(t, { limits: { connections: 1, bystanders: 1 } });
    const served = await open();
    const passed = await open();
    await until(() => server.connections === 2);
    const refused = await open();
    await assert.rejects(refused.ask(asked), gone);
    assert.equal(await passed.ask(asked), 'DUNNO');
    await passed.close();
    await until(() => server.connections === 1);
    const next = await open();
    assert.equal(await next.ask(asked), 'DUNNO', 'there is room again');
    assert.equal(await served.ask(asked), 'REJECT a@x');
    assert.ok(events.includes('refused 2'));
  });
});

describe('draining', () => {
  test('ends idle connections at once, answers what was asked, and waits for nothing else', async (t) => {
    const first = deferred<string>();
    const { open, server, stopListening, periods } = await run(t, {
      service: () => testService(() => first.promise),
    });
    const [idle, asking] = await Promise.all([open(), open()]);
    const answer = asking.ask(asked);
    await until(() => server.connections === 2 && periods().length === 2);
    stopListening();
    let isDrained = false;
    const drained = server.drain(60_000).then(() => (isDrained = true));
    await until(() => server.connections === 1);
    await assert.rejects(idle.ask(asked), gone);
    assert.equal(isDrained, false);
    first.resolve('DEFER answered');
    assert.equal(await answer, 'DEFER answered');
    await drained;
    assert.equal(server.connections, 0);
  });

  test('answers what has arrived and is not read yet', async (t) => {
    const { open, server, stopListening } = await run(t);
    const client = await open();
    await until(() => server.connections === 1);
    stopListening();
    const answer = client.ask(asked);
    await server.drain(60_000);
    assert.equal(await answer, 'REJECT a@x');
  });

  test('cuts what is not done in time', async (t) => {
    const { open, server, stopListening, periods } = await run(t, {
      service: () => testService(() => new Promise(() => undefined)),
    });
    const client = await open();
    const answer = assert.rejects(client.ask(asked), gone);
    await until(() => periods().length === 2);
    stopListening();
    const patient = server.drain(60_000);
    await server.drain(1);
    await Promise.all([patient, answer]);
    assert.equal(server.connections, 0);
    assert.deepEqual(periods(), []);
  });

  test('is done at once where nobody is', async (t) => {
    const { server } = await run(t);
    await server.drain(60_000);
    assert.equal(server.connections, 0);
  });
});

describe('a peer that closes its side first', () => {
  test('is answered all the same', async (t) => {
    const { socket, server } = await run(t);
    const peer = await socket();
    let received = '';
    peer.on('data', (chunk: Buffer) => (received += chunk.toString()));
    peer.end(postfixRequest());
    await once(peer, 'end');
    assert.equal(received, 'action=REJECT alice@sender.example\n\n');
    await until(() => server.connections === 0);
  });
});
