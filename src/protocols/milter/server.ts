import type { Server, Socket } from 'node:net';
import { MilterConnection, type ConnectionHost } from './connection.js';
import type { MilterProtocolError } from './errors.js';
import type { CommandName, EventName } from './events.js';
import type { MilterFilter, MilterIncident } from './filter.js';
import { OpenConnections, type KeptConnection } from '../connections/open-connections.js';
import { defaultLimits, type MilterLimits } from './limits.js';
import type { Agreement } from './negotiation.js';
import { prepareFilter, type PreparedFilter } from './prepared-filter.js';

/** What a server reports besides answering. Calls must not throw. */
export interface MilterServerObserver {
  connected?(): void;
  /**
   * A connection above the limit; its session passes without a filter.
   *
   * @param connections how many there were before, of either kind
   */
  overloaded?(connections: number): void;
  /** A connection above even the limit of those that pass; it is closed. */
  refused?(connections: number): void;
  incident?(kind: MilterIncident, command: CommandName): void;
  /** Once for each connection, also for those that pass. */
  negotiated?(agreement: Agreement): void;
  handlerFailed?(event: EventName | 'abort' | 'close', error: unknown): void;
  disconnected?(error: MilterProtocolError | undefined): void;
}

/** Time, as the limits need it. */
export interface MilterClock {
  /** Monotonic milliseconds. */
  now(): number;
  /** Calls again and again until the returned function is called; keeps no process alive. */
  every(periodMs: number, call: () => void): () => void;
}

/** How a server is made. */
export interface MilterServerOptions<Session> {
  /**
   * The filter for a new SMTP session; a snapshot, so that a reload concerns new sessions only. What
   * was negotiated holds for the whole connection, also if it carries several sessions.
   */
  readonly filter: () => MilterFilter<Session>;
  readonly limits?: Partial<MilterLimits>;
  readonly observer?: MilterServerObserver;
  /** The system's without this. */
  readonly clock?: MilterClock;
}

const systemClock: MilterClock = {
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
/** Enough for macros, and for the chunks of a body that an old MTA cannot be kept from sending. */
const bystanderPacketBytes = 128 * 1024;
/** A filter that sees nothing: all is negotiated away. */
const bystander = prepareFilter<undefined>({ open: () => undefined });

/** Filtered, or a bystander. */
type AnyConnection = KeptConnection & { tick(): boolean; destroy(): void };

/**
 * All connections of one filter, over any number of listeners. Listening itself is the caller's:
 * each socket that a `net.Server` accepts is handed to `accept`.
 */
export class MilterServer<Session> {
  readonly #filter: () => MilterFilter<Session>;
  readonly #observer: MilterServerObserver;
  readonly #connections = new OpenConnections<AnyConnection>();
  /** Weak: a filter that was replaced goes with its last session, whenever the next one comes. */
  readonly #prepared = new WeakMap<MilterFilter<Session>, PreparedFilter<Session>>();
  readonly #clock: MilterClock;
  readonly #stopTicking: () => void;
  readonly #drained: (() => void)[] = [];
  readonly #filtered: ConnectionHost<Session>;
  readonly #passing: ConnectionHost<undefined>;
  #limits: MilterLimits;
  #nowMs: number;
  #bystanders = 0;
  #stopWatching: (() => void) | undefined;

  constructor(options: MilterServerOptions<Session>) {
    this.#filter = options.filter;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#observer = options.observer ?? {};
    this.#clock = options.clock ?? systemClock;
    this.#nowMs = this.#clock.now();
    this.#stopTicking = this.#clock.every(tickMs, () => this.#tick());
    this.#filtered = this.#host(() => this.#prepare());
    this.#passing = this.#host(
      () => bystander,
      () => this.#bystanders--,
    );
  }

  /** How many MTAs are connected. */
  get connections(): number {
    return this.#connections.size;
  }

  /** Sets the limits for connections from now on; the others keep theirs. */
  setLimits(limits: Partial<MilterLimits>): void {
    this.#limits = { ...defaultLimits, ...limits };
  }

  /** Serves every connection of a listener. */
  attach(server: Server): void {
    server.on('connection', (socket) => this.accept(socket));
  }

  /**
   * Serves one connection. Above the limit a session is negotiated away and passes, because a
   * closed connection is a 451 in Postfix and no filter at all in Sendmail. Such a session does not
   * count against the limit: it costs next to nothing, and the next one can be filtered as soon as
   * one that is filtered ends. They have a bound of their own, above which connections are closed.
   */
  accept(socket: Socket): void {
    const { size } = this.#connections;
    if (size - this.#bystanders < this.#limits.connections) {
      this.#serve(socket, this.#filtered, this.#limits);
    } else if (this.#bystanders < this.#limits.bystanders) {
      this.#observer.overloaded?.(size);
      this.#bystanders++;
      const packetBytes = Math.min(this.#limits.packetBytes, bystanderPacketBytes);
      this.#serve(socket, this.#passing, { ...this.#limits, packetBytes });
    } else {
      this.#observer.refused?.(size);
      socket.destroy();
    }
  }

  /**
   * Waits until the MTAs have ended their SMTP sessions, since a filter that closes first costs the
   * client a 451 in Postfix; those that are not done in time are cut. Listeners have to be closed
   * before. Whoever waits with less patience cuts for all.
   */
  async drain(withinMs: number): Promise<void> {
    const cut = setTimeout(() => this.#cut(), withinMs);
    const empty = new Promise<void>((resolve) => this.#drained.push(resolve));
    this.#reportDrained();
    await empty;
    clearTimeout(cut);
    this.#stopTicking();
    this.#stopWatching?.();
  }

  #reportDrained(): void {
    if (this.#connections.size > 0) return;
    for (const resolve of this.#drained.splice(0)) resolve();
  }

  #serve<S>(socket: Socket, host: ConnectionHost<S>, limits: MilterLimits): void {
    socket.setNoDelay(true);
    this.#observer.connected?.();
    this.#connections.add(new MilterConnection(socket, host, limits));
  }

  #host<S>(prepare: () => PreparedFilter<S>, ended?: () => void): ConnectionHost<S> {
    return {
      prepare,
      now: () => this.#nowMs,
      incident: (kind, command) => this.#observer.incident?.(kind, command),
      negotiated: (agreement) => this.#observer.negotiated?.(agreement),
      thinking: () => this.#watch(),
      handlerFailed: (event, error) => this.#observer.handlerFailed?.(event, error),
      closed: (connection, error) => {
        this.#connections.delete(connection);
        ended?.();
        this.#observer.disconnected?.(error);
        this.#reportDrained();
      },
    };
  }

  #prepare(): PreparedFilter<Session> {
    const filter = this.#filter();
    const known = this.#prepared.get(filter);
    if (known !== undefined) return known;
    const prepared = prepareFilter(filter);
    this.#prepared.set(filter, prepared);
    return prepared;
  }

  /** Looks at all connections; whether any handler is thinking. */
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
