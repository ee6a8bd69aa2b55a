import type { Server, Socket } from 'node:net';
import { MilterConnection } from './connection.js';
import type { MilterProtocolError } from './errors.js';
import type { CommandName, EventName } from './events.js';
import type { MilterFilter, MilterIncident } from './filter.js';
import { defaultLimits, type MilterLimits } from './limits.js';
import { prepareFilter, type PreparedFilter } from './prepared-filter.js';

/** What a server reports besides answering. Calls must not throw. */
export interface MilterServerObserver {
  connected?(): void;
  /** A connection above the limit; its session passes without a filter. */
  overloaded?(connections: number): void;
  incident?(kind: MilterIncident, command: CommandName): void;
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
  /** The filter for a new SMTP session; a snapshot, so that a reload concerns new sessions only. */
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

const tickMs = 1000;
/** A filter that sees nothing: all is negotiated away. */
const bystander = prepareFilter<undefined>({ open: () => undefined });

/**
 * All connections of one filter, over any number of listeners. Listening itself is the caller's:
 * each socket that a `net.Server` accepts is handed to `accept`.
 */
export class MilterServer<Session> {
  readonly #filter: () => MilterFilter<Session>;
  readonly #observer: MilterServerObserver;
  readonly #connections = new Set<{ tick(): void; destroy(): void }>();
  readonly #prepared = new WeakMap<MilterFilter<Session>, PreparedFilter<Session>>();
  readonly #clock: MilterClock;
  readonly #stopTicking: () => void;
  #limits: MilterLimits;
  #nowMs: number;
  #drained: (() => void) | undefined;

  constructor(options: MilterServerOptions<Session>) {
    this.#filter = options.filter;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#observer = options.observer ?? {};
    this.#clock = options.clock ?? systemClock;
    this.#nowMs = this.#clock.now();
    this.#stopTicking = this.#clock.every(tickMs, () => this.#tick());
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
   * closed connection is a 451 in Postfix and no filter at all in Sendmail.
   */
  accept(socket: Socket): void {
    socket.setNoDelay(true);
    this.#observer.connected?.();
    if (this.#connections.size < this.#limits.connections) {
      this.#serve(socket, () => this.#prepare());
    } else {
      this.#observer.overloaded?.(this.#connections.size);
      this.#serve(socket, () => bystander);
    }
  }

  /**
   * Waits until the MTAs have ended their SMTP sessions, since a filter that closes first costs the
   * client a 451 in Postfix; those that are not done in time are cut. Listeners have to be closed
   * before.
   */
  async drain(withinMs: number): Promise<void> {
    const cut = setTimeout(() => this.#cut(), withinMs);
    const empty = new Promise<void>((resolve) => (this.#drained = resolve));
    if (this.#connections.size > 0) await empty;
    clearTimeout(cut);
    this.#stopTicking();
  }

  #serve<S>(socket: Socket, prepare: () => PreparedFilter<S>): void {
    const connection: MilterConnection<S> = new MilterConnection({
      socket,
      prepare,
      limits: this.#limits,
      clock: () => this.#nowMs,
      observer: {
        incident: (kind, command) => this.#observer.incident?.(kind, command),
        handlerFailed: (event, error) => this.#observer.handlerFailed?.(event, error),
        closed: (error) => {
          this.#connections.delete(connection);
          this.#observer.disconnected?.(error);
          if (this.#connections.size === 0) this.#drained?.();
        },
      },
    });
    this.#connections.add(connection);
  }

  #prepare(): PreparedFilter<Session> {
    const filter = this.#filter();
    const known = this.#prepared.get(filter);
    if (known !== undefined) return known;
    const prepared = prepareFilter(filter);
    this.#prepared.set(filter, prepared);
    return prepared;
  }

  #tick(): void {
    this.#nowMs = this.#clock.now();
    for (const connection of this.#connections) connection.tick();
  }

  #cut(): void {
    for (const connection of this.#connections) connection.destroy();
  }
}
