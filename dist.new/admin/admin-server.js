import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
/** Longer than anybody at a terminal, and any program, is silent; an export that nobody reads ends. */
const IDLE_MS = 120_000;
/** One daemon has a few people and a monitor; each connection costs a file descriptor. */
const MAX_CONNECTIONS = 64;
/** Speaks HTTP on connections that others have accepted. */
export class AdminServer {
    #server;
    #sockets = new Set();
    constructor(handler) {
        const listener = getRequestListener((request) => handler(request), {
            overrideGlobalObjects: false,
        });
        // An import may take as long as it likes, as long as something comes.
        const limits = { requestTimeout: 0, headersTimeout: 10_000, keepAliveTimeout: 5_000 };
        this.#server = createServer(limits, (request, response) => void listener(request, response));
        this.#server.setTimeout(IDLE_MS);
    }
    /** Serves one connection; one too many is closed. */
    accept(socket) {
        if (this.#sockets.size >= MAX_CONNECTIONS) {
            socket.destroy();
            return;
        }
        this.#sockets.add(socket);
        socket.once('close', () => this.#sockets.delete(socket));
        this.#server.emit('connection', socket);
    }
    /** Cuts what is connected. */
    close() {
        for (const socket of this.#sockets)
            socket.destroy();
    }
}
//# sourceMappingURL=admin-server.js.map