/**
 * Collects a record's bytes from front to back, in a buffer that is kept for the next record: one is
 * encoded for each new triplet.
 */
export declare class ByteWriter {
    #private;
    /** Forgets what was collected. */
    clear(): void;
    writeByte(byte: number): void;
    writeBytes(bytes: Uint8Array): void;
    /** Unsigned LEB128 of a safe integer; beyond 31 bits by division, where the bit operators end. */
    writeVarint(value: number): void;
    /** The length in bytes as a varint, then UTF-8. */
    writeText(text: string): void;
    /** A copy of what was collected. */
    toBytes(): Uint8Array;
}
