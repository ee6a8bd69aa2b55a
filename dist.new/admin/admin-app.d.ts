import type { GreylistStore } from '../store/store.js';
import type { Logger } from '../telemetry/logger.js';
import type { DaemonStatus } from './status.js';
/** What the admin interface shows and steers. */
export interface AdminDependencies {
    readonly store: GreylistStore;
    readonly clock: {
        now(): number;
    };
    readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
    /** Of greymilter. */
    readonly version: string;
    readonly status: () => Promise<DaemonStatus>;
}
/** Answers one request of the Fetch API. */
export type AdminHandler = (request: Request) => Response | Promise<Response>;
export declare const JSON_LINES = "application/x-ndjson";
/**
 * The admin interface: JSON over HTTP, below a version. Errors are problem details (RFC 9457) with a
 * `code`; whatever changes something leaves a line in the log.
 */
export declare function createAdminApp(dependencies: AdminDependencies): AdminHandler;
