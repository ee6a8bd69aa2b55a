/** A record as a store keeps it, whatever kind it is of. */
export interface StoredRecord {
    readonly key: string;
    readonly value: Uint8Array;
    /** Epoch milliseconds. */
    readonly expiresAt: number;
}
/** What a reader has to say of a line of its input. */
export interface LineNote {
    /** Counted from 1. */
    readonly line: number;
    /** One of few texts, by which notes are counted. */
    readonly reason: string;
    /** What this line has of its own. */
    readonly detail?: string;
}
/** What was read of a part of some input; readers go through it batch by batch. */
export interface ReadBatch {
    readonly records: readonly StoredRecord[];
    /** Lines that would be forgotten by now. */
    readonly expired: number;
    /** Lines that are not in {@link records}, and why. */
    readonly refused: readonly LineNote[];
    /** Lines that are, and what is to be known of them. */
    readonly noted: readonly LineNote[];
}
/** A batch that is being filled. */
export declare class BatchBuilder {
    #private;
    add(record: StoredRecord): void;
    expire(): void;
    refuse(note: LineNote): void;
    note(note: LineNote): void;
    /** What has come together since this was asked last. */
    take(): ReadBatch;
}
