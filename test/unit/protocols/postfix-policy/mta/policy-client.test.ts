import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import {
  PolicyClient,
  type PolicyClientOptions,
} from '../../../../../src/protocols/postfix-policy/mta/policy-client.js';
import { createTempDirectory } from '../../../../support/temp-directory.js';
import { until } from '../server-rig.js';

const asked = [['sender', 'a@x']] as const;
const request = 'request=smtpd_access_policy\nsender=a@x\n\n';

interface Pair {
  readonly client: PolicyClient;
  /** The service's end, played by the test. */
  readonly service: Socket;
  /** All that the client has sent. */
  readonly sent: () => string;
}

/** A client and the socket at the other end of it. */
async function openPair(t: TestContext, options?: PolicyClientOptions): Promise<Pair> {
  const path = join(createTempDirectory(t), 's.sock');
  const listener = createServer();
  await once(listener.listen(path), 'listening');
  const accepted = once(listener, 'connection');
  // Without connect(), so that the time for an answer is not the time for the connection.
  const client = new PolicyClient(connect(path), options);
  const [service] = (await accepted) as [Socket];
  let sent = '';
  service.on('data', (chunk: Buffer) => (sent += chunk.toString()));
  service.on('error', () => undefined);
  t.after(async () => {
    await client.close();
    service.destroy();
    listener.close();
  });
  return { client, service, sent: () => sent };
}

describe('PolicyClient', () => {
  test('asks several questions at once, and gets their answers in order', async (t) => {
    const { client, service, sent } = await openPair(t);
    const answers = [client.ask(asked), client.ask(asked), client.ask(asked)];
    await until(() => sent() === request.repeat(3));
    service.write('action=DUNNO\n\naction=REJECT no, really=1\n');
    assert.equal(await answers[0], 'DUNNO');
    service.write('\n');
    assert.equal(await answers[1], 'REJECT no, really=1');
    for (const byte of 'action=OK\n\n') {
      service.write(byte);
      await new Promise(setImmediate);
    }
    assert.equal(await answers[2], 'OK');
  });

  test('leaves other attributes of an answer alone, as Postfix does', async (t) => {
    const { client, service } = await openPair(t);
    const answer = client.ask(asked);
    service.write('a=b\naction=DUNNO\naction=REJECT\nc\n\n');
    assert.equal(await answer, 'DUNNO');
  });

  const faults: readonly (readonly [string, string, string])[] = [
    ['an answer without an action', 'a=b\n\n', 'POLICY_ANSWER_INVALID'],
    ['an empty action', 'action=\n\n', 'POLICY_ANSWER_INVALID'],
    ['an empty answer', '\n', 'POLICY_ANSWER_INVALID'],
    ['CR LF', 'action=DUNNO\r\n\n', 'POLICY_ANSWER_INVALID'],
    ['bytes that are not ASCII', 'action=REJECT ü\n\n', 'POLICY_ANSWER_INVALID'],
    ['an answer that is long', `action=${'x'.repeat(30)}\n\n`, 'POLICY_ANSWER_TOO_LONG'],
    ['an answer without end', 'x'.repeat(31), 'POLICY_ANSWER_TOO_LONG'],
  ];
  for (const [name, bytes, code] of faults)
    test(`${name} ends the connection, and all questions`, async (t) => {
      const { client, service } = await openPair(t, { answerBytes: 30 });
      const answers = [client.ask(asked), client.ask(asked)];
      service.write(bytes);
      for (const answer of answers) await assert.rejects(answer, { code });
      await assert.rejects(client.ask(asked), { code });
      if (!service.readableEnded) await once(service, 'end');
    });

  test('an answer to nothing ends the connection', async (t) => {
    const { client, service } = await openPair(t);
    service.write('action=DUNNO\n\n');
    await once(service, 'end');
    await assert.rejects(client.ask(asked), { code: 'POLICY_ANSWER_UNEXPECTED' });
  });

  test('one answer too many ends the connection, but counts no less', async (t) => {
    const { client, service } = await openPair(t);
    const answer = client.ask(asked);
    service.write('action=DUNNO\n\naction=REJECT\n\n');
    assert.equal(await answer, 'DUNNO');
    await assert.rejects(client.ask(asked), { code: 'POLICY_ANSWER_UNEXPECTED' });
  });

  test('a service that closes leaves no question waiting', async (t) => {
    const { client, service } = await openPair(t);
    const answer = client.ask(asked);
    service.end('action=DUN');
    await assert.rejects(answer, { code: 'POLICY_SERVICE_GONE' });
  });

  test('an answer has its time', async (t) => {
    const { client } = await openPair(t, { answerMs: 5 });
    await assert.rejects(client.ask(asked), { code: 'POLICY_ANSWER_LATE' });
  });

  test('no time passes while nothing is asked', async (t) => {
    // Long enough for a machine that stands still for a second.
    const { client, service } = await openPair(t, { answerMs: 2000 });
    const answer = client.ask(asked);
    service.write('action=DUNNO\n\n');
    await answer;
    await new Promise((resolve) => setTimeout(resolve, 2100));
    service.once('data', () => service.write('action=OK\n\n'));
    assert.equal(await client.ask(asked), 'OK');
  });

  test('what cannot be sent does no harm', async (t) => {
    const { client, service, sent } = await openPair(t);
    await assert.rejects(client.ask([['', '']]), { code: 'POLICY_ATTRIBUTE_INVALID' });
    const answer = client.ask(asked);
    await until(() => sent() === request);
    service.write('action=DUNNO\n\n');
    assert.equal(await answer, 'DUNNO');
  });

  test('after close nothing is answered', async (t) => {
    const { client, service } = await openPair(t);
    const answer = client.ask(asked);
    const refused = assert.rejects(answer, { code: 'POLICY_CLIENT_CLOSED' });
    await client.close();
    await refused;
    await assert.rejects(client.ask(asked), { code: 'POLICY_CLIENT_CLOSED' });
    if (!service.readableEnded) await once(service, 'end');
    await client.close();
  });
});

describe('PolicyClient.connect', () => {
  test('fails where nobody listens, and says why', async (t) => {
    const path = join(createTempDirectory(t), 'none.sock');
    await assert.rejects(PolicyClient.connect({ path }), {
      name: 'PolicyProtocolError',
      code: 'POLICY_SERVICE_GONE',
      message: /ENOENT/,
    });
  });

  test('connects over TCP, to the loopback address if nothing else is said', async (t) => {
    const listener = createServer((socket) => socket.resume());
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    t.after(() => listener.close());
    const address = listener.address();
    assert.ok(address !== null && typeof address === 'object');
    for (const where of [{ port: address.port }, { host: '127.0.0.1', port: address.port }]) {
      const client = await PolicyClient.connect(where);
      await client.close();
    }
  });

  test('gives up when its time is over', async (t) => {
    const path = join(createTempDirectory(t), 's.sock');
    const listener = createServer((socket) => socket.resume());
    await once(listener.listen(path), 'listening');
    t.after(() => listener.close());
    // From here timers are looked at before sockets.
    await new Promise(setImmediate);
    const connecting = PolicyClient.connect({ path }, { answerMs: 1 });
    const startedMs = performance.now();
    while (performance.now() - startedMs < 5) continue;
    await assert.rejects(connecting, { code: 'POLICY_SERVICE_GONE', message: /within 1 ms/ });
  });

  test('takes a socket that is not connected yet', async (t) => {
    const path = join(createTempDirectory(t), 's.sock');
    const listener = createServer((socket) =>
      socket.once('data', () => socket.write('action=OK\n\n')),
    );
    await once(listener.listen(path), 'listening');
    t.after(() => listener.close());
    const client = new PolicyClient(connect(path));
    assert.equal(await client.ask(asked), 'OK');
    await client.close();
  });
});
