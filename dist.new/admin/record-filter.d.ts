import type { RecordOutline } from '../migrate/record-outline.js';
/** Which records are wanted, as it is written; what is absent makes no difference. */
export interface RecordFilterTexts {
    /** An address or a network: of clients in it, or around it. */
    readonly client?: string | undefined;
    /** `local@domain`, `@domain`, `local@`, or `<>`. */
    readonly sender?: string | undefined;
    /** The same. */
    readonly recipient?: string | undefined;
    readonly kind?: string | undefined;
    readonly state?: string | undefined;
}
/** Whether a record is wanted; `now` in epoch milliseconds. */
export type RecordFilter = (outline: RecordOutline, now: number) => boolean;
/** @throws AdminError ADMIN_BAD_REQUEST */
export declare function parseRecordFilter(texts: RecordFilterTexts): RecordFilter;
