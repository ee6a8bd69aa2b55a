import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket, type SecureContext } from 'node:tls';
import { getRequestListener } from '@hono/node-server';
import type { AdminHandler } from './admin-app.js';
import { problemWith, problemOf, PROBLEM_TYPE } from './problem.js';

/** What a server bears. */
export interface AdminServerLimits {
  /** Silence in the middle of something: longer than anybody at a terminal, and any program, is silent; an export that nobody reads ends. */
  readonly idleMs: number;
  /** How long a handshake and the lines of a request may take, and a connection may do nothing. */
  readonly headersMs: number;
  /** One daemon has a few people and a monitor; each connection costs a file descriptor. */
  readonly connections: number;
  /** Requests of one connection that wait for their answer. No browser sends a second one before that. */
  readonly unanswered: number;
}

const usual: AdminServerLimits = {
  ...{ idleMs: 120_000, headersMs: 10_000, connections: 64 },
  unanswered: 8,
};

/** Tokens and cursors have a few hundred bytes. */
const MAX_HEADER_BYTES = 8 * 1024;

/** Speaks HTTP on connections that others have accepted. */
export class AdminServer {
  readonly #server: Server;
  readonly #limits: AdminServerLimits;
  readonly #sockets = new Set<Socket>();
  /** Ends whoever does not say what he wants, by connection. */
  readonly #deadlines = new Map<Duplex, NodeJS.Timeout>();
  readonly #unanswered = new Map<Duplex, number>();
  readonly #onGreedy: () => void;

  /** @param onGreedy hears of a connection that is closed because it asks without waiting for answers */
  constructor(
    handler: AdminHandler,
    limits: Partial<AdminServerLimits> = {},
    onGreedy: () => void = () => undefined,
  ) {
    this.#limits = { ...usual, ...limits };
    this.#onGreedy = onGreedy;
    const listener = getRequestListener(
      (request, env) => handler(request, addressOf(env.incoming)),
      { overrideGlobalObjects: false, hostname: 'localhost', errorHandler: refuseRequest },
    );
    const settings = {
      maxHeaderSize: MAX_HEADER_BYTES,
      // Their timers run only in a server that listens by itself: see `#expect`.
      ...{ requestTimeout: 0, headersTimeout: 0 },
      // Who has no name for us hears so as a problem.
      requireHostHeader: false,
    };
    this.#server = createServer(settings, (request, response) => {
      if (this.#await(request, response)) void listener(request, response);
    });
    this.#server.setTimeout(this.#limits.idleMs);
    this.#server.on('clientError', refuseConnection);
  }

  /**
   * Serves one connection, in TLS if there is something for that.
   *
   * @returns false if it is one too many, which is closed
   */
  accept(socket: Socket, tls?: SecureContext): boolean {
    if (this.#sockets.size >= this.#limits.connections) {
      socket.destroy();
      return false;
    }
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    if (tls === undefined) {
      this.#serve(socket);
      return true;
    }
    const secured = new TLSSocket(socket, { isServer: true, secureContext: tls });
    this.#expect(secured);
    // Whoever speaks something else, or likes none of our ciphers.
    const giveUp = (): void => void socket.destroy();
    secured.once('error', giveUp);
    secured.once('secure', () => {
      secured.off('error', giveUp);
      this.#serve(secured);
    });
    return true;
  }

  /** Cuts what is connected. */
  close(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    this.#expect(socket);
    this.#server.emit('connection', socket);
  }

  /** Gives a connection its time to say what it wants, from now on. */
  #expect(socket: Duplex): void {
    if (!this.#deadlines.has(socket)) socket.once('close', () => this.#settle(socket));
    clearTimeout(this.#deadlines.get(socket));
    const timer = setTimeout(() => socket.destroy(), this.#limits.headersMs);
    this.#deadlines.set(socket, timer.unref());
  }

  #settle(socket: Duplex): void {
    clearTimeout(this.#deadlines.get(socket));
    this.#deadlines.delete(socket);
    this.#unanswered.delete(socket);
  }

  /** Returns whether it is to be answered at all. */
  #await({ socket }: IncomingMessage, response: ServerResponse): boolean {
    // The parser goes on with what it has in hand, thousands of requests, after their connection is gone.
    if (socket.destroyed) return false;
    const unanswered = (this.#unanswered.get(socket) ?? 0) + 1;
    if (unanswered > this.#limits.unanswered) {
      socket.destroy();
      this.#onGreedy();
      return false;
    }
    this.#unanswered.set(socket, unanswered);
    clearTimeout(this.#deadlines.get(socket));
    response.once('close', () => {
      if (socket.destroyed) return;
      const left = (this.#unanswered.get(socket) ?? 1) - 1;
      this.#unanswered.set(socket, left);
      if (left === 0) this.#expect(socket);
    });
    return true;
  }
}

function addressOf(incoming: IncomingMessage | { readonly socket?: unknown }): string | undefined {
  const { socket } = incoming;
  if (typeof socket !== 'object' || socket === null || !('remoteAddress' in socket))
    return undefined;
  return typeof socket.remoteAddress === 'string' ? socket.remoteAddress : undefined;
}

// What the framework cannot make a request of: a Host or a path that is none.
function refuseRequest(error: unknown): Response {
  const isTheirs = error instanceof Error && error.name === 'RequestError';
  if (!isTheirs) return Response.json(...problemOf(error));
  const problem = problemWith(400, 'ADMIN_BAD_HTTP', error.message);
  return Response.json(problem, { status: 400, headers: { 'content-type': PROBLEM_TYPE } });
}

// What the parser cannot make anything of. Nobody knows where the next request would begin.
function refuseConnection(error: Error, socket: Duplex): void {
  if (!socket.writable || ('code' in error && error.code === 'ECONNRESET')) {
    socket.destroy();
    return;
  }
  const isLong = 'code' in error && error.code === 'HPE_HEADER_OVERFLOW';
  const problem = isLong
    ? problemWith(
        431,
        'ADMIN_BAD_HTTP',
        `a request has at most ${MAX_HEADER_BYTES} bytes of headers`,
      )
    : problemWith(400, 'ADMIN_BAD_HTTP', 'this is not HTTP');
  const body = JSON.stringify(problem);
  const lines = [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
