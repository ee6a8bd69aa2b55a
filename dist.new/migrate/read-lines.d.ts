/**
 * The lines of a UTF-8 text, those of a chunk at a time: a promise for each line would cost more
 * than to read it. Ends of line are `\n` or `\r\n`; the last line may have none. What is no UTF-8
 * becomes U+FFFD.
 *
 * @throws MigrateError IMPORT_NOT_UNDERSTOOD for a line of more than 1 MiB
 */
export declare function readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[], void, undefined>;
