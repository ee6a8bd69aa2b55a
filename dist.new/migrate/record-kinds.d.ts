import type { Correspondence } from '../greylist/correspondence.js';
import type { JsonFields } from './json-fields.js';
import type { RecordOutline } from './record-outline.js';
import type { StoredRecord } from './stored-record.js';
/**
 * How one kind of record is said in JSON, read again, and merged with another of the same key. A
 * further kind is a further row of {@link recordKinds}.
 */
export interface RecordKind {
    /** The field `kind` of its JSON. */
    readonly name: string;
    /** Its JSON without the field `kind`; undefined if the record is of another kind, or damaged. */
    write(record: StoredRecord): JsonFields | undefined;
    /** @throws RecordError */
    read(fields: JsonFields): StoredRecord;
    /** What filters look at; undefined if the record is of another kind. */
    outline(record: StoredRecord): RecordOutline | undefined;
    /**
     * What is to be stored where `mine` is, and `theirs` comes; `mine` itself if nothing is to
     * change; undefined if one of them is not of this kind.
     */
    merge(mine: StoredRecord, theirs: StoredRecord, now: number): StoredRecord | undefined;
}
/** All kinds; the last one takes whatever no other one has. */
export declare const recordKinds: readonly RecordKind[];
/** A pair's record under its key. */
export declare function recordOf(key: string, record: Correspondence): StoredRecord;
