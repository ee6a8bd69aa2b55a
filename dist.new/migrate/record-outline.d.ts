import type { Correspondence } from '../greylist/correspondence.js';
import type { Network } from '../mail/network.js';
/** Where a client stands: it passes, its clock runs, or both are over. */
export declare const recordStates: readonly ["known", "waiting", "ended"];
export type RecordState = (typeof recordStates)[number];
/** A client of a record, as far as filters go. */
export interface OutlinedClient {
    readonly network: Network;
    readonly state: RecordState;
}
/** What filters look at; a kind of record without a sender or recipient leaves them out. */
export interface RecordOutline {
    readonly kind: string;
    /** Empty for the null sender. */
    readonly sender?: string;
    readonly recipient?: string;
    /** Takes longer than all else, and is only done if it is asked for. */
    clients(now: number): readonly OutlinedClient[];
}
/** The clients of a pair. */
export declare function clientsOf({ sources }: Correspondence, now: number): readonly OutlinedClient[];
