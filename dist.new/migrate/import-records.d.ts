import type { GreylistStore } from '../store/store.js';
import type { StoredRecord } from './stored-record.js';
/** What became of records. */
export interface ImportTally {
    /** Of keys that the store did not have. */
    taken: number;
    /** United with what the store had. */
    merged: number;
    /** The store knew all of it. */
    unchanged: number;
    expired: number;
}
/** A tally of nothing. */
export declare function emptyTally(): ImportTally;
/** What an import needs of a store. */
export type ImportTarget = Pick<GreylistStore, 'get' | 'compareAndSet'>;
/**
 * Brings records into a store that others may use at the same time: what is newer there stays, what
 * is older is united with it. Whatever was counted is committed. It may end at any moment, and doing
 * it again does nothing twice.
 *
 * Commits of one batch go on while the next one is merged; there are never more than two batches in
 * memory.
 */
export declare class RecordImport {
    #private;
    readonly tally: ImportTally;
    constructor(target: ImportTarget, now: () => number);
    /** Takes a batch; resolves when the next one may come. @throws StoreError */
    take(records: readonly StoredRecord[]): Promise<void>;
    /** Resolves once all that was taken is committed. @throws StoreError */
    end(): Promise<ImportTally>;
}
