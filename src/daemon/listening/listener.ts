import { chmod, lchown, lstat, mkdir, unlink } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { formatSocketAddress, type SocketAddress } from '../../config/socket-address.js';
import { codeOf, isForbidden } from '../../mail/file-problem.js';
import { addressOfHandedOver, type HandedOverSocket } from '../process/socket-activation.js';

/**
 * Connections that wait until we look at them, which is soon. Node.js has 511; an MTA that connects while
 * so many wait is refused at a Unix socket at once, and its mail comes unfiltered. The system may allow less
 * (net.core.somaxconn).
 */
const QUEUE = 4096;

/** Why a listener cannot be had. */
export type ListenerErrorCode =
  /** Another process answers at that address. */
  | 'LISTENER_IN_USE'
  /** The path is taken by something that is no socket, or must not be used. */
  | 'LISTENER_PATH'
  | 'LISTENER_PERMISSION'
  /** A socket was handed over that no setting names: whoever connects there would wait in vain. */
  | 'LISTENER_NOT_CONFIGURED'
  | 'LISTENER_FAILED';

/** A listener that cannot be had; the message says where and what to do. */
export class ListenerError extends Error {
  readonly code: ListenerErrorCode;

  constructor(code: ListenerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ListenerError';
    this.code = code;
  }
}

/** Mode and owners of Unix sockets, in numbers; undefined leaves what the system gives. */
export interface SocketFileSettings {
  readonly mode: number;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/** How listeners are opened. */
export interface ListenerOptions {
  readonly socketFile: SocketFileSettings;
  readonly onConnection: (socket: Socket) => void;
}

/** One open listener. */
export interface Listener {
  readonly socketAddress: SocketAddress;
  /** As configured, which a reload compares. */
  readonly configured: string;
  /** Where it really is, with the port that was given for port 0. */
  readonly address: string;
  /** Opened by whoever started us: its file is not ours, neither to change nor to remove. */
  readonly isHandedOver: boolean;
  /** Stops listening at once, and removes a socket file of ours; connections go on. */
  close(): void;
}

/**
 * Starts to listen. A Unix socket that nobody answers at is left over from a crash and replaced;
 * one that is alive, or a file of another kind, is left alone.
 *
 * @throws ListenerError
 */
export async function openListener(
  address: SocketAddress,
  options: ListenerOptions,
): Promise<Listener> {
  const configured = formatSocketAddress(address);
  const server = createServer(options.onConnection);
  try {
    if (address.kind === 'unix') await listenOnPath(server, address.path, options.socketFile);
    else await listening(server, { host: address.host, port: address.port });
  } catch (error) {
    server.close();
    throw asListenerError(configured, error);
  }
  return {
    socketAddress: address,
    configured,
    address: describeAddress(server, address),
    isHandedOver: false,
    close: () => server.close(),
  };
}

/**
 * Listens on a socket that was handed over. Connections that have come before wait in it, and will
 * wait in it for our successor once we have closed it.
 *
 * @throws ListenerError
 */
export async function adoptListener(
  { fd, name }: HandedOverSocket,
  onConnection: (socket: Socket) => void,
): Promise<Listener> {
  const server = createServer(onConnection);
  const refuse = (problem: string, cause?: unknown): ListenerError => {
    server.close();
    const message = `the socket "${name}" that was handed over (LISTEN_FDS) ${problem}`;
    return new ListenerError('LISTENER_FAILED', message, { cause });
  };
  try {
    await listening(server, { fd });
  } catch (error) {
    throw refuse('takes no connections: the socket unit needs ListenStream= and Accept=no', error);
  }
  const socketAddress = addressOfHandedOver(server, fd);
  if (socketAddress === undefined) {
    throw refuse('does not show its path: do without PrivateNetwork= and ProcSubset=pid');
  }
  const address = formatSocketAddress(socketAddress);
  const close = (): void => void server.close();
  return { socketAddress, configured: address, address, isHandedOver: true, close };
}

function describeAddress(server: Server, address: SocketAddress): string {
  const bound = server.address();
  return address.kind === 'inet' && bound !== null && typeof bound === 'object'
    ? formatSocketAddress({ ...address, port: bound.port })
    : formatSocketAddress(address);
}

function listening(
  server: Server,
  where:
    | { readonly path: string }
    | { readonly host: string; readonly port: number }
    | { readonly fd: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...where, backlog: QUEUE }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function listenOnPath(
  server: Server,
  path: string,
  socketFile: SocketFileSettings,
): Promise<void> {
  await clearPath(path);
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  // It has its mode from the first: a chmod afterwards would reach through whatever link somebody has put
  // there by then, if the directory is not ours. The umask is another one only while bind is called.
  const umask = process.umask(0o777 & ~socketFile.mode);
  let isBound: Promise<void>;
  try {
    isBound = listening(server, { path });
  } finally {
    process.umask(umask);
  }
  await isBound;
  await applySocketFile(path, socketFile);
}

/**
 * Gives a Unix socket its owners and its mode. What it has already is not given again, since by the time
 * of a reload we may not be allowed to; and a link is never followed to give anything away.
 *
 * @throws ListenerError
 */
export async function applySocketFile(
  path: string,
  { mode, uid, gid }: SocketFileSettings,
): Promise<void> {
  try {
    const found = await lstat(path);
    const isTheirs = (uid ?? found.uid) === found.uid && (gid ?? found.gid) === found.gid;
    if (!isTheirs) await lchown(path, uid ?? found.uid, gid ?? found.gid);
    if ((found.mode & 0o777) !== mode) await chmod(path, mode);
  } catch (error) {
    const isRefused = isForbidden(error);
    throw new ListenerError(
      isRefused ? 'LISTENER_PERMISSION' : 'LISTENER_PATH',
      isRefused
        ? `no permission to change the owner, group or mode of ${path}: restart as root with --user`
        : `${path} has been taken away while we listen there: restart`,
      { cause: error },
    );
  }
}

/** Whether the system refuses to show us the file of a socket, since a directory above is closed to us. */
export async function isOutOfSight(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return false;
  } catch (error) {
    return isForbidden(error);
  }
}

async function clearPath(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw new ListenerError(
      'LISTENER_PATH',
      `${path} exists and is no socket: move it away, or choose another path`,
    );
  }
  if (await isAnswered(path)) {
    throw new ListenerError(
      'LISTENER_IN_USE',
      `another process listens on ${path}: stop it, or choose another path`,
    );
  }
  await unlink(path);
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', (error) => {
      if (codeOf(error) === 'ECONNREFUSED' || codeOf(error) === 'ENOENT') resolve(false);
      else reject(error);
    });
  });
}

function asListenerError(configured: string, error: unknown): ListenerError {
  if (error instanceof ListenerError) return error;
  const cause = { cause: error };
  if (codeOf(error) === 'EADDRINUSE') {
    return new ListenerError(
      'LISTENER_IN_USE',
      `another process listens on ${configured}: stop it, or choose another port`,
      cause,
    );
  }
  if (isForbidden(error)) {
    return new ListenerError(
      'LISTENER_PERMISSION',
      `no permission to listen on ${configured}: start as root with --user, or choose another address`,
      cause,
    );
  }
  return new ListenerError(
    'LISTENER_FAILED',
    `cannot listen on ${configured}: ${error instanceof Error ? error.message : String(error)}`,
    cause,
  );
}
