import { connect, type Socket } from 'node:net';
import type { SocketAddress } from '../../config/socket-address.js';
import type { ProbeFailure } from './probe-report.js';

/** How much of what the other side says first is kept, to tell what it is. */
const keptBytes = 120;

/** A connection, with the first bytes that came over it. */
export interface ProbeConnection {
  readonly socket: Socket;
  /** The first line, if it is text: then nobody speaks the milter protocol there. */
  greeting(): string | undefined;
}

/** Connects within a time, or says why not. */
export function openConnection(
  address: SocketAddress,
  withinMs: number,
): Promise<ProbeConnection | ProbeFailure> {
  return new Promise((resolve) => {
    const socket = connect(
      address.kind === 'unix'
        ? { path: address.path }
        : { host: address.host, port: address.port, noDelay: true },
    );
    const fail = (code: string, why: string): void => {
      clearTimeout(timer);
      socket.destroy();
      const isDenied = code === 'EACCES' || code === 'EPERM';
      const kind = isDenied ? 'denied' : 'unreachable';
      resolve({ kind, code, message: why, event: undefined });
    };
    const timer = setTimeout(() => fail('ETIMEDOUT', 'nothing came back'), withinMs);
    const failed = (error: NodeJS.ErrnoException): void => {
      const code = error.code ?? 'UNKNOWN';
      fail(code, reasons.get(code) ?? error.message);
    };
    socket.once('error', failed);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', failed);
      resolve(watchGreeting(socket));
    });
  });
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such socket: the filter is not running, or listens elsewhere'],
  ['ECONNREFUSED', 'nobody listens there: the filter is not running'],
  ['ENOTSOCK', 'this is no socket'],
  ['EACCES', 'no permission: be root, or a user that the socket is open to'],
  ['EPERM', 'no permission: be root, or a user that the socket is open to'],
  ['EAGAIN', 'the queue of connections is full: the filter takes no more'],
]);

function watchGreeting(socket: Socket): ProbeConnection {
  let first = Buffer.alloc(0);
  const keep = (chunk: Buffer): void => {
    first = Buffer.concat([first, chunk]).subarray(0, keptBytes);
    if (first.length === keptBytes) socket.off('data', keep);
  };
  socket.on('data', keep);
  return {
    socket,
    greeting: () => /^[\x20-\x7e\t]{4,}/.exec(first.toString('latin1'))?.[0].trimEnd(),
  };
}
