import type { Socket } from 'node:net';
import type { AdminDependencies } from '../admin/admin-dependencies.js';
import type { AdminServer } from '../admin/admin-server.js';
import { describeError } from './describe-error.js';

/**
 * The admin interface as far as a daemon needs it all the time: next to nothing. What speaks HTTP
 * takes a third of a second to load, and is loaded with the first connection.
 */
export class AdminService {
  readonly #dependencies: AdminDependencies;
  #server: Promise<AdminServer> | undefined;
  #isClosed = false;

  constructor(dependencies: AdminDependencies) {
    this.#dependencies = dependencies;
  }

  /** Serves one connection. */
  accept(socket: Socket): void {
    // Whoever hangs up before we are loaded has.
    socket.on('error', () => undefined);
    this.#server ??= loadServer(this.#dependencies);
    this.#server.then(
      (server) => (this.#isClosed ? socket.destroy() : server.accept(socket)),
      (error: unknown) => {
        this.#server = undefined;
        this.#dependencies.logger.error('the admin interface has failed', describeError(error));
        socket.destroy();
      },
    );
  }

  /** Cuts what is connected. What it has been told is in the store, or will be told again. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const server = await this.#server?.catch(() => undefined);
    server?.close();
  }
}

async function loadServer(dependencies: AdminDependencies): Promise<AdminServer> {
  const [{ createAdminApp }, { AdminServer: Server }] = await Promise.all([
    import('../admin/admin-app.js'),
    import('../admin/admin-server.js'),
  ]);
  return new Server(createAdminApp(dependencies));
}
