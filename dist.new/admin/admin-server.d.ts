import type { Socket } from 'node:net';
import type { AdminHandler } from './admin-app.js';
/** Speaks HTTP on connections that others have accepted. */
export declare class AdminServer {
    #private;
    constructor(handler: AdminHandler);
    /** Serves one connection; one too many is closed. */
    accept(socket: Socket): void;
    /** Cuts what is connected. */
    close(): void;
}
