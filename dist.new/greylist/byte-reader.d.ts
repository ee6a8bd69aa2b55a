/** What can be wrong with a stored record. */
export type CorrespondenceFormatErrorCode = 'CORRESPONDENCE_DAMAGED' | 'CORRESPONDENCE_NEWER_FORMAT';
/** Bytes that are no record this version can read. */
export declare class CorrespondenceFormatError extends Error {
    readonly code: CorrespondenceFormatErrorCode;
    constructor(code: CorrespondenceFormatErrorCode, message: string, options?: ErrorOptions);
}
/** The error for bytes that no version has written. */
export declare function damaged(what: string, options?: ErrorOptions): CorrespondenceFormatError;
/** The error for bytes that a later version may have written. */
export declare function newerFormat(what: string): CorrespondenceFormatError;
/** Reads a record's bytes from front to back; throws a CorrespondenceFormatError beyond the end. */
export declare class ByteReader {
    #private;
    constructor(bytes: Uint8Array);
    readByte(): number;
    /** An unsigned LEB128 number that is a safe integer. */
    readVarint(): number;
    /**
     * A copy, so that what is kept of a record does not keep the store's buffer. Not by `slice`, which
     * makes a view where the store hands out a Buffer.
     */
    readBytes(length: number): Uint8Array;
    /** What `writeText` of the writer has written. */
    readText(): string;
    /** Complains about bytes that nobody has asked for. */
    end(): void;
}
/** The number itself; throws a CorrespondenceFormatError if it is more than a clock or count holds. */
export declare function safeInteger(value: number): number;
