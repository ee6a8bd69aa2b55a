import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { connectFilter } from '../../../../../src/protocols/milter/mta/connect-filter.js';
import { writeInPieces, writeTogether } from '../../../../../src/protocols/milter/mta/wire.js';
import { createTempDirectory } from '../../../../support/temp-directory.js';
import { client, createStub, openSession, settle } from './filter-stub.js';

function recordingStream(): { stream: PassThrough; chunks: string[] } {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  return { stream, chunks };
}

const abc = [Buffer.from('ab'), Buffer.from('cdef')];

describe('how bytes are written', () => {
  test('together', async () => {
    const { stream, chunks } = recordingStream();
    writeTogether(stream, []);
    writeTogether(stream, [Buffer.from('x')]);
    writeTogether(stream, abc);
    await settle();
    assert.equal(chunks.join(''), 'xabcdef');
  });

  test('in pieces, the sizes over and over', async () => {
    const { stream, chunks } = recordingStream();
    const write = writeInPieces([1, 3]);
    write(stream, abc);
    write(stream, abc);
    await settle();
    assert.deepEqual(chunks, ['a', 'bcd', 'e', 'f', 'a', 'bcd', 'e', 'f']);
  });

  test('in pieces with pauses, in order, until the stream is over', async () => {
    const { stream, chunks } = recordingStream();
    const write = writeInPieces([4], 1);
    write(stream, abc);
    write(stream, [Buffer.from('gh')]);
    while (chunks.length < 3) await settle();
    assert.deepEqual(chunks, ['abcd', 'ef', 'gh']);
    write(stream, abc);
    stream.destroy();
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(chunks.length, 3);
  });

  test('no sizes mean whole', async () => {
    const { stream, chunks } = recordingStream();
    writeInPieces([])(stream, abc);
    writeInPieces([0])(stream, [Buffer.from('yz')]);
    await settle();
    assert.deepEqual(chunks, ['abcdef', 'y', 'z']);
  });

  test('a filter sees the same', async () => {
    const stub = createStub();
    const mta = await openSession(stub, { write: writeInPieces([1], 0) });
    assert.deepEqual(await mta.connect(client), { kind: 'continue' });
    assert.equal(stub.letters.join(' '), 'O DC C');
    mta.abandon();
  });
});

describe('connecting to a filter', () => {
  test('on a port and on a path', async (t) => {
    const path = join(createTempDirectory(t), 'filter.sock');
    for (const where of [{ port: 0 }, { path }]) {
      const server = createServer((socket) => socket.end('hello'));
      server.listen({ ...where, ...('port' in where ? { host: '127.0.0.1' } : {}) });
      await once(server, 'listening');
      const address = server.address();
      const isPort = typeof address === 'object' && address !== null;
      const socket = await connectFilter(isPort ? { port: address.port } : { path });
      const [greeting] = (await once(socket, 'data')) as [Buffer];
      assert.equal(greeting.toString(), 'hello');
      socket.destroy();
      server.close();
    }
  });

  test('where nobody listens', async (t) => {
    const path = join(createTempDirectory(t), 'none.sock');
    await assert.rejects(connectFilter({ path }), (error: unknown) => {
      assert.ok(error instanceof Error && error.cause instanceof Error);
      assert.equal('code' in error && error.code, 'MILTER_FILTER_GONE');
      return true;
    });
    await assert.rejects(connectFilter({ host: '127.0.0.1', port: 1 }), {
      code: 'MILTER_FILTER_GONE',
    });
  });
});
