import type { JsonFields } from './json-fields.js';
import type { RecordOutline } from './record-outline.js';
import type { ReadBatch, StoredRecord } from './stored-record.js';
/** A record as JSON; whatever it is, there is a kind that can say it. */
export declare function writeRecord(record: StoredRecord): JsonFields;
/** What filters look at, whatever the record is. */
export declare function outlineRecord(record: StoredRecord): RecordOutline;
/** @throws RecordError */
export declare function readRecord(fields: JsonFields): StoredRecord;
/**
 * The first line of an export.
 *
 * @param version of greymilter, for people
 */
export declare function formatHeader(version: string, now: number): string;
/** One record as a line of an export. */
export declare function formatRecord(record: StoredRecord): string;
/** An export: the header, then a line for each record, some hundred lines at a time. */
export declare function writeExport(header: string, records: AsyncIterable<StoredRecord>): AsyncGenerator<string, void, undefined>;
/**
 * Reads an export again. A line that is no record is refused; the others count.
 *
 * @throws MigrateError IMPORT_NOT_UNDERSTOOD without a header, IMPORT_NEWER_FORMAT
 */
export declare function readExport(pages: AsyncIterable<readonly string[]>): AsyncGenerator<ReadBatch, void, undefined>;
