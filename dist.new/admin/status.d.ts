import type { StoreStats } from '../store/store.js';
/** How the daemon is. Times are RFC 3339. */
export interface DaemonStatus {
    readonly version: string;
    readonly pid: number;
    readonly startedAt: string;
    /** Since then. */
    readonly uptimeSeconds: number;
    /** When the configuration in force was read: at the start or by a reload. */
    readonly configuredAt: string;
    readonly mode: string;
    /** Where MTAs reach it, in Sendmail's spelling. */
    readonly listening: readonly string[];
    /** MTAs that are connected. */
    readonly connections: number;
    readonly store: StoreStats & {
        readonly path: string;
    };
}
