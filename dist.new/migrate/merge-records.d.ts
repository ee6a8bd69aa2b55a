import type { StoredRecord } from './stored-record.js';
/**
 * What is to be stored of two records with the same key; the first itself if nothing is to change.
 *
 * @param now epoch milliseconds
 */
export declare function mergeRecords(mine: StoredRecord, theirs: StoredRecord, now: number): StoredRecord;
