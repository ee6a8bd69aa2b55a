import type { ClientAutowhite } from '../greylist/client-autowhite.js';
import type { RecordKind } from './record-kinds.js';
import type { StoredRecord } from './stored-record.js';
/** Clients whose triplets have passed one after the other. */
export declare const clientKind: RecordKind;
/** A client's record under its key. */
export declare function recordOfClient(key: string, record: ClientAutowhite): StoredRecord;
