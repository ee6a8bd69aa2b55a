/** A body that is made while it is sent, piece by piece as the reader takes it. */
export declare function toStream(pieces: AsyncGenerator<string, void, undefined>): ReadableStream<Uint8Array>;
