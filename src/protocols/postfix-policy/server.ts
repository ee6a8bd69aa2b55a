import type { Server, Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { PolicyConnection, type ConnectionHost } from './connection.js';
import type { PolicyProtocolError } from './errors.js';
import { OpenConnections } from '../connections/open-connections.js';
import { defaultLimits, type PolicyLimits } from './limits.js';
import { RequestParser } from './request-parser.js';
import type { PolicyService } from './service.js';

/** What a server reports besides answering. Calls must not throw. */
export interface PolicyServerObserver {
  connected?(): void;
  /**
   * A connection above the limit; its requests pass until there is room for it.
   *
   * @param connections how many there were before, of either kind
   */
  overloaded?(connections: number): void;
  /** A connection above even the limit of those that pass; it is closed. */
  refused?(connections: number): void;
  /** A request that passes because its connection is above the limit. */
  unfiltered?(): void;
  /** A request that cannot be read; it passes. As many as a peer likes: log them sparingly. */
  malformed?(error: PolicyProtocolError): void;
  /** The service threw, rejected, or gave what is no action. */
  handlerFailed?(error: unknown): void;
  /** The service gave no answer in time. */
  late?(): void;
  disconnected?(error: PolicyProtocolError | undefined): void;
}

/** Time, as the limits need it. */
export interface PolicyClock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Calls again and again until the returned function is called; keeps no process alive. */
  every(periodMs: number, call: () => void): () => void;
}

/** How a server is made. */
export interface PolicyServerOptions<Session> {
  /** What the service keeps for a connection; made for its first request. */
  readonly open: () => Session;
  /** The connection is over; called if anything was kept for it. Must not throw. */
  readonly close?: (session: Session) => void;
  /**
   * The service of the moment, asked for each request: Postfix keeps a connection for many SMTP
   * sessions, so a reload would otherwise wait for it. A service that wants one configuration for a
   * whole message keeps it in the session, by the attribute `instance`.
   */
  readonly service: () => PolicyService<Session>;
  readonly limits?: Partial<PolicyLimits>;
  readonly observer?: PolicyServerObserver;
  /** The system's without this. */
  readonly clock?: PolicyClock;
}

const systemClock: PolicyClock = {
  now: () => performance.now(),
  every: (periodMs, call) => {
    const timer = setInterval(call, periodMs).unref();
    return () => clearInterval(timer);
  },
};

/** Exact enough for idle connections. */
const tickMs = 1000;
/** While an answer is awaited; a timer for each answer would cost more than the answer. */
const answerTickMs = 100;

/**
 * All connections of one service, over any number of listeners. Listening itself is the caller's:
 * each socket that a `net.Server` accepts is handed to `accept`.
 */
export class PolicyServer<Session> {
  readonly #service: () => PolicyService<Session>;
  readonly #observer: PolicyServerObserver;
  readonly #connections = new OpenConnections<PolicyConnection<Session>>();
  readonly #bystanders = new Set<PolicyConnection<Session>>();
  readonly #clock: PolicyClock;
  readonly #host: ConnectionHost<Session>;
  readonly #stopTicking: () => void;
  readonly #drained: (() => void)[] = [];
  #unflushed: PolicyConnection<Session>[] = [];
  #limits: PolicyLimits;
  #nowMs: number;
  #stopWatching: (() => void) | undefined;

  constructor(options: PolicyServerOptions<Session>) {
    this.#service = options.service;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#observer = options.observer ?? {};
    this.#clock = options.clock ?? systemClock;
    this.#nowMs = this.#clock.now();
    this.#host = this.#createHost(options);
    this.#stopTicking = this.#clock.every(tickMs, () => this.#tick());
  }

  /** How many peers are connected. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Sets the limits: of connections at once, the others for connections from now on. */
  setLimits(limits: Partial<PolicyLimits>): void {
    this.#limits = { ...defaultLimits, ...limits };
  }

  /** Serves every connection of a listener. */
  attach(server: Server): void {
    server.on('connection', (socket) => this.accept(socket));
  }

  /**
   * Serves one connection. Above the limit all requests pass, because a closed connection is a 451
   * in Postfix; a later request is filtered if there is room by then. Such connections have a bound
   * of their own, above which they are closed.
   */
  accept(socket: Socket): void {
    const { size } = this.#connections;
    if (this.#hasRoom) {
      this.#serve(socket);
    } else if (this.#bystanders.size < this.#limits.bystanders) {
      this.#observer.overloaded?.(size);
      this.#bystanders.add(this.#serve(socket));
    } else {
      this.#observer.refused?.(size);
      // An error that nobody listens to would end the process.
      socket.on('error', () => undefined).destroy();
    }
  }

  /**
   * Ends idle connections at once, and the others when they are answered; Postfix connects again
   * when it has a question. Those that are not done in time are cut. Listeners have to be closed
   * before. Whoever waits with less patience cuts for all.
   */
  async drain(withinMs: number): Promise<void> {
    const cut = setTimeout(() => this.#cut(), withinMs);
    const empty = new Promise<void>((resolve) => this.#drained.push(resolve));
    // What has arrived is read in the next turn; unread it would be lost, and cost Postfix a second.
    await turn();
    await turn();
    for (const connection of this.#connections) connection.drain();
    this.#reportDrained();
    await empty;
    clearTimeout(cut);
    this.#stopTicking();
    this.#stopWatching?.();
  }

  get #hasRoom(): boolean {
    return this.#connections.size - this.#bystanders.size < this.#limits.connections;
  }

  #serve(socket: Socket): PolicyConnection<Session> {
    socket.setNoDelay(true);
    this.#observer.connected?.();
    const connection = new PolicyConnection(socket, this.#host, this.#limits);
    this.#connections.add(connection);
    return connection;
  }

  #createHost({ open, close }: PolicyServerOptions<Session>): ConnectionHost<Session> {
    return {
      parser: new RequestParser(),
      open,
      close: (session) => close?.(session),
      serviceFor: (connection) => this.#serviceFor(connection),
      now: () => this.#nowMs,
      flushSoon: (connection) => this.#flushSoon(connection),
      thinking: () => this.#watch(),
      malformed: (error) => this.#observer.malformed?.(error),
      handlerFailed: (error) => this.#observer.handlerFailed?.(error),
      late: () => this.#observer.late?.(),
      closed: (connection, error) => {
        this.#connections.delete(connection);
        this.#bystanders.delete(connection);
        this.#observer.disconnected?.(error);
        this.#reportDrained();
      },
    };
  }

  #serviceFor(connection: PolicyConnection<Session>): PolicyService<Session> | undefined {
    if (this.#bystanders.has(connection)) {
      if (!this.#hasRoom) {
        this.#observer.unfiltered?.();
        return undefined;
      }
      this.#bystanders.delete(connection);
    }
    return this.#service();
  }

  // All that one turn has said is written together at its end. A write wakes a peer that sleeps, which
  // costs as much as the write; the first one does it for all that have the same peer.
  #flushSoon(connection: PolicyConnection<Session>): void {
    if (this.#unflushed.push(connection) === 1) setImmediate(() => this.#flushAll());
  }

  #flushAll(): void {
    const connections = this.#unflushed;
    this.#unflushed = [];
    for (const connection of connections) connection.flush();
  }

  #reportDrained(): void {
    if (this.#connections.size > 0) return;
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  /** Looks at all connections; whether any answer is awaited. */
  #tick(): boolean {
    this.#nowMs = this.#clock.now();
    let isAnyThinking = false;
    for (const connection of this.#connections) {
      if (connection.tick()) isAnyThinking = true;
    }
    return isAnyThinking;
  }

  // Under load this goes on and on, and costs an answer nothing; without load it soon stops.
  #watch(): void {
    if (this.#stopWatching !== undefined) return;
    this.#nowMs = this.#clock.now();
    const stop = this.#clock.every(answerTickMs, () => {
      if (this.#tick()) return;
      this.#stopWatching = undefined;
      stop();
    });
    this.#stopWatching = stop;
  }

  #cut(): void {
    for (const connection of this.#connections) connection.destroy();
  }
}
