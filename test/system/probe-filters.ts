import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { packet, uint32 } from '../support/packet-builder.js';
import { createTempDirectory } from '../support/temp-directory.js';

/** What a filter does when it gets a letter: bytes to send, none at all, or the end. */
export type Reaction = Buffer | 'silence' | 'close';

/** What registers the clean-up. */
interface CleanUp {
  after(stop: () => void | Promise<void>): void;
}

/** A filter's answer to an offer, right unless it is told otherwise. */
export function agreement(version = 6, actions = 0, steps = 0): Buffer {
  return packet('O', uint32(version), uint32(actions), uint32(steps));
}

/** A custom reply, with whatever is to be wrong about it. */
export function customReply(text: string): Buffer {
  return packet('y', text);
}

/**
 * A filter that does to each letter what it is told, and answers everything else with `continue`.
 *
 * @returns its address, in Sendmail's spelling
 */
export async function startScriptedFilter(
  cleanUp: CleanUp,
  reactions: Readonly<Record<string, Reaction>> = {},
): Promise<string> {
  return await startPeer(cleanUp, (socket) => {
    let bytes = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      while (bytes.length >= 5 && bytes.length >= 4 + bytes.readUInt32BE(0)) {
        const letter = bytes.toString('latin1', 4, 5);
        bytes = bytes.subarray(4 + bytes.readUInt32BE(0));
        react(socket, reactions[letter] ?? usual(letter));
      }
    });
  });
}

/** Something that listens on a Unix socket, and does what it likes with each connection. */
export async function startPeer(
  cleanUp: CleanUp,
  serve: (socket: Socket) => void,
): Promise<string> {
  const path = join(createTempDirectory(cleanUp), 's');
  await listen(cleanUp, path, serve);
  return `unix:${path}`;
}

/** The same on a port of 127.0.0.1. */
export async function startTcpPeer(
  cleanUp: CleanUp,
  serve: (socket: Socket) => void,
): Promise<string> {
  const address = (await listen(cleanUp, 0, serve)).address();
  if (address === null || typeof address === 'string') throw new Error('it has no port');
  return `inet:${address.port}@127.0.0.1`;
}

async function listen(
  cleanUp: CleanUp,
  where: string | number,
  serve: (socket: Socket) => void,
): Promise<Server> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // The probe may leave first.
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    serve(socket);
  });
  if (typeof where === 'string') server.listen(where);
  else server.listen(where, '127.0.0.1');
  await once(server, 'listening');
  cleanUp.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return server;
}

function usual(letter: string): Reaction {
  if (letter === 'O') return agreement();
  if (letter === 'Q') return 'close';
  return letter === 'D' || letter === 'A' ? 'silence' : packet('c');
}

function react(socket: Socket, reaction: Reaction): void {
  if (reaction === 'close') socket.end();
  else if (reaction !== 'silence') socket.write(reaction);
}
