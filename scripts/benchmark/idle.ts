import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { FilterAddress } from '../../src/protocols/milter/index.js';

/** Opens connections that say nothing, as a busy mail server keeps them. */
export async function openIdle(to: FilterAddress, count: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const socket = connect(to);
    try {
      await once(socket, 'connect');
      socket.on('error', () => undefined);
      sockets.push(socket);
    } catch (error) {
      // A server's queue of those that it has not accepted yet is short.
      if (!(error instanceof Error) || !error.message.includes('EAGAIN')) throw error;
      await pause(10);
    }
  }
  return sockets;
}
