import type { RecordKind } from './record-kinds.js';
import type { StoredRecord } from './stored-record.js';
/**
 * Whatever no other kind understands: damaged, or written by a newer version. It goes from store to
 * store as it is, so that nothing is lost.
 */
export declare const opaqueKind: RecordKind;
/** The one that lives longer; the first if both live as long. */
export declare function keepLonger(mine: StoredRecord, theirs: StoredRecord): StoredRecord;
