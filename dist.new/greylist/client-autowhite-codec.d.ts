import type { ClientAutowhite } from './client-autowhite.js';
/** The record's stored form; what `countPass` and `renewExempt` give can be written. */
export declare function encodeClientAutowhite(record: ClientAutowhite): Uint8Array;
/**
 * Reads a record back.
 *
 * @throws CorrespondenceFormatError, and nothing else, for bytes that are no record.
 */
export declare function decodeClientAutowhite(bytes: Uint8Array): ClientAutowhite;
