import type { Correspondence } from './correspondence.js';
export { CorrespondenceFormatError } from './byte-reader.js';
export type { CorrespondenceFormatErrorCode } from './byte-reader.js';
/**
 * The record's stored form. Instants and counts must be safe integers and not negative, names
 * without lone surrogates, sources at most {@link MAX_SOURCES}; `advance` gives no others.
 */
export declare function encodeCorrespondence(record: Correspondence): Uint8Array;
/**
 * Reads a record back.
 *
 * @throws CorrespondenceFormatError, and nothing else, for bytes that are no record.
 */
export declare function decodeCorrespondence(bytes: Uint8Array): Correspondence;
