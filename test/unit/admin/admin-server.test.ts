import assert from 'node:assert/strict';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, test, type TestContext } from 'node:test';

import { AdminServer, type AdminServerLimits } from '../../../src/admin/admin-server.js';

/** Long enough for a machine that is busy, and longer than any test would wait. */
const NEVER = 3_600_000;
/** The shortest in which a request is sure to come that was sent at once. */
const BRIEF = 1000;

async function serve(
  t: TestContext,
  limits: Partial<AdminServerLimits>,
  handler: () => Response | Promise<Response> = () => new Response('yes'),
  onGreedy?: () => void,
): Promise<() => Socket> {
  const admin = new AdminServer(handler, limits, onGreedy);
  const listener = createServer((socket) => admin.accept(socket)).listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  t.after(() => {
    admin.close();
    listener.close();
  });
  // A server on TCP.
  const { port } = listener.address() as AddressInfo;
  return () => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    t.after(() => socket.destroy());
    return socket;
  };
}

/** All that comes until the other end closes. */
function readAll(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.once('close', () => resolve(text));
  });
}

describe('a connection ends', () => {
  test('that never says anything', async (t) => {
    const open = await serve(t, { headersMs: 50, idleMs: NEVER });
    assert.equal(await readAll(open()), '');
  });

  test('that says what it wants byte by byte', async (t) => {
    const open = await serve(t, { headersMs: 200, idleMs: NEVER });
    const socket = open();
    const answer = readAll(socket);
    const letters = 'GET / HTTP/1.1\r\nHost: localhost\r\nX: '.split('');
    const timer = setInterval(() => socket.write(letters.shift() ?? 'x'), 10);
    t.after(() => clearInterval(timer));
    assert.equal(await answer, '');
  });

  test('that asks nothing further', async (t) => {
    const open = await serve(t, { headersMs: BRIEF, idleMs: NEVER });
    const socket = open();
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.match(await readAll(socket), /^HTTP\/1\.1 200 OK[^]*yes$/);
  });

  test('whose request is silent in the middle', async (t) => {
    const open = await serve(t, { headersMs: NEVER, idleMs: 50 });
    const socket = open();
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n');
    assert.equal(await readAll(socket), '');
  });

  test('that is one too many', async (t) => {
    const open = await serve(t, { connections: 1, headersMs: NEVER });
    const first = open();
    await new Promise((resolve) => first.once('connect', resolve));
    first.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await new Promise((resolve) => first.once('data', resolve));
    assert.equal(await readAll(open()), '');
    assert.equal(first.destroyed, false);
  });
});

describe('a connection that asks before it has its answers', () => {
  const request = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

  test('is closed, and costs no more than the questions that it may ask', async (t) => {
    let [asked, greedy] = [0, 0];
    const handler = (): Promise<Response> => {
      asked += 1;
      return new Promise(() => undefined);
    };
    const limits = { headersMs: NEVER, idleMs: NEVER, unanswered: 3 };
    const open = await serve(t, limits, handler, () => (greedy += 1));
    for (let count = 1; count <= 2; count++) {
      const socket = open();
      socket.write(request.repeat(1000));
      assert.equal(await readAll(socket), '');
      assert.deepEqual([asked, greedy], [3 * count, count]);
    }
  });

  test('hears them all if there are few, and may then ask further', async (t) => {
    const open = await serve(t, { headersMs: NEVER, idleMs: NEVER, unanswered: 3 });
    const socket = open();
    const answers = readAll(socket);
    socket.write(request.repeat(3));
    let heard = '';
    while (heard.split('yes').length <= 3) {
      heard += await new Promise<string>((resolve) => socket.once('data', resolve));
    }
    const last = request.replace('Host', 'Connection: close\r\nHost');
    socket.write(request.repeat(2) + last);
    assert.equal((await answers).split('yes').length, 7);
  });
});

test('what takes long is not cut off', async (t) => {
  let answer: (response: Response) => void = () => undefined;
  const waiting = new Promise<Response>((resolve) => (answer = resolve));
  const open = await serve(t, { headersMs: BRIEF, idleMs: NEVER }, () => waiting);
  const [idle, busy] = [open(), open()];
  const answered = readAll(busy);
  busy.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  // By then the time of both would be over.
  await readAll(idle);
  await readAll(open());
  answer(new Response('at last'));
  assert.match(await answered, /at last$/);
});

test('a handler that fails is a problem of ours', async (t) => {
  const open = await serve(t, { headersMs: NEVER }, () => {
    throw new Error('a bug');
  });
  const socket = open();
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  const text = await readAll(socket);
  assert.match(text, /^HTTP\/1\.1 500 [^]*ADMIN_FAILED/);
  assert.doesNotMatch(text, /a bug/);
});
