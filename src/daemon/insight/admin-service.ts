import type { Socket } from 'node:net';
import type { AdminDependencies } from '../../admin/admin-dependencies.js';
import type { AdminListener } from '../../admin/admin-app.js';
import type { AdminServer } from '../../admin/admin-server.js';
import type { Clock } from '../process/clock.js';
import type { DaemonCounts } from './daemon-counts.js';
import { describeError } from '../process/describe-error.js';
import type { LoadedHttpAccess } from '../configuration/load-http-access.js';
import { RepeatedWarning } from '../process/repeated-warning.js';
import type { Logger } from '../../telemetry/logger.js';

/** What the admin interface needs of a daemon. */
export type AdminServiceDependencies = AdminDependencies & {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of whom it does not serve. */
  readonly counts: Pick<DaemonCounts, 'admin'>;
};

/**
 * The admin interface as far as a daemon needs it all the time: next to nothing. What speaks HTTP
 * takes a third of a second to load, and is loaded with the first connection. Those over TCP have a
 * server of their own, so that they can never keep a command from the admin socket.
 */
export class AdminService {
  readonly #dependencies: AdminServiceDependencies;
  readonly #turnedAway: RepeatedWarning;
  readonly #crowded: RepeatedWarning;
  readonly #greedy: RepeatedWarning;
  readonly #servers = new Map<'admin' | 'http', Promise<AdminServer>>();
  #access: LoadedHttpAccess | undefined;
  #isClosed = false;

  /** @param access who may do what over TCP; undefined while nobody listens there */
  constructor(dependencies: AdminServiceDependencies, access: LoadedHttpAccess | undefined) {
    const { logger, clock } = dependencies;
    this.#dependencies = dependencies;
    this.#turnedAway = new RepeatedWarning('admin request refused', logger, clock);
    this.#crowded = new RepeatedWarning('too many admin connections: closed', logger, clock);
    this.#greedy = new RepeatedWarning(
      'an admin connection asks without waiting for answers: closed',
      logger,
      clock,
    );
    this.#access = access;
  }

  /** For requests, and handshakes, from now on. */
  setAccess(access: LoadedHttpAccess | undefined): void {
    this.#access = access;
  }

  /** Serves one connection. */
  accept(socket: Socket, kind: 'admin' | 'http'): void {
    // Whoever hangs up before we are loaded has.
    socket.on('error', () => undefined);
    const server = this.#servers.get(kind) ?? this.#load(kind);
    this.#servers.set(kind, server);
    server.then(
      (ready) => this.#serve(ready, socket, kind),
      (error: unknown) => {
        this.#servers.delete(kind);
        this.#dependencies.logger.error('the admin interface has failed', describeError(error));
        socket.destroy();
      },
    );
  }

  /** Cuts what is connected. What it has been told is in the store, or will be told again. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const loading of this.#servers.values()) {
      const server = await loading.catch(() => undefined);
      server?.close();
    }
  }

  async #load(kind: 'admin' | 'http'): Promise<AdminServer> {
    const onGreedy = (): void => {
      this.#dependencies.counts.admin.greedy.add(kind);
      this.#greedy.warn({ at: `listen.${kind}` });
    };
    const [{ createAdminApp }, { AdminServer: Server }] = await Promise.all([
      import('../../admin/admin-app.js'),
      import('../../admin/admin-server.js'),
    ]);
    return new Server(createAdminApp(this.#dependencies, this.#listener(kind)), {}, onGreedy);
  }

  #serve(server: AdminServer, socket: Socket, kind: 'admin' | 'http'): void {
    const isOpen = kind === 'admin' || this.#access !== undefined;
    if (this.#isClosed || !isOpen) {
      socket.destroy();
      return;
    }
    const isServed = server.accept(socket, kind === 'http' ? this.#access?.tls : undefined);
    if (isServed) return;
    this.#dependencies.counts.admin.crowded.add(kind);
    this.#crowded.warn({ at: `listen.${kind}` });
  }

  #listener(kind: 'admin' | 'http'): AdminListener {
    // Our own commands call it so.
    const named = ['localhost'];
    if (kind === 'admin') return { hosts: () => named.concat(this.#access?.hosts ?? []) };
    const nobody = { tokens: [], hosts: [], write: false };
    return {
      hosts: () => this.#access?.hosts ?? [],
      access: () => this.#access ?? nobody,
      onTurnedAway: (code, peer) => {
        this.#dependencies.counts.admin.turnedAway.add(kind);
        this.#turnedAway.warn({ code, peer });
      },
    };
  }
}
