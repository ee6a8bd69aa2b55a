import type { JsonFields } from '../migrate/json-fields.js';
import type { ImportTarget, ImportTally } from '../migrate/import-records.js';
import type { LineNote, ReadBatch } from '../migrate/stored-record.js';
import type { GreylistStore } from '../store/store.js';
import type { RecordFilter } from './record-filter.js';
/** A record as the admin interface shows it: its JSON of an export, and how to name it. */
export type ShownRecord = JsonFields & {
    readonly id: string;
};
/** Some of the records that are wanted. */
export interface RecordPage {
    readonly records: readonly ShownRecord[];
    /** Where the next page begins; undefined behind the last one. A page may be empty before. */
    readonly next: string | undefined;
}
/** Which page of which records. */
export interface PageQuery {
    readonly filter: RecordFilter;
    /** Records of a page at most. */
    readonly limit: number;
    readonly cursor: string | undefined;
}
/** What reading records needs of a store. */
export type ReadableRecords = Pick<GreylistStore, 'get' | 'scan'>;
/** One page of the records that a filter wants. @throws AdminError ADMIN_BAD_REQUEST, StoreError */
export declare function listRecords(store: ReadableRecords, { filter, limit, cursor }: PageQuery, now: number): Promise<RecordPage>;
/** One record; undefined if there is none of that id. @throws StoreError */
export declare function findRecord(store: Pick<GreylistStore, 'get'>, id: string): Promise<ShownRecord | undefined>;
/** Deletes one record; undefined if there is none of that id. @throws StoreError */
export declare function forgetRecord(store: Pick<GreylistStore, 'get' | 'delete'>, id: string): Promise<ShownRecord | undefined>;
/** All records as an export, in pieces of some tens of kilobytes. @throws StoreError */
export declare function exportRecords(store: Pick<GreylistStore, 'scan'>, header: string): AsyncGenerator<string, void, undefined>;
/** What has become of an import so far. */
export interface ImportProgress extends ImportTally {
    /** Lines that could not be read. */
    refused: number;
}
/** An import that has not begun. */
export declare function emptyProgress(): ImportProgress;
/**
 * Brings what was read into a store, and tells after each batch how far it is; the last time all of
 * it is committed.
 *
 * @throws StoreError, and whatever reading throws; what was read before is committed then
 */
export declare function importBatches(store: ImportTarget, batches: AsyncIterable<ReadBatch>, now: () => number): AsyncGenerator<{
    readonly progress: ImportProgress;
    readonly refused: readonly LineNote[];
}, ImportProgress, undefined>;
/** The name of a record in paths. */
export declare function idOfKey(key: string): string;
