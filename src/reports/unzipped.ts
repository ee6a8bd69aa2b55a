import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** What is packed as gzip, unpacked. */
export function unzipped(packed: AsyncIterable<Uint8Array>): AsyncIterable<unknown> {
  const ignore = (): void => {
    // What is wrong on the way is thrown to whoever reads; whoever has read enough hears of nothing.
  };
  return pipeline(Readable.from(packed), createGunzip(), ignore);
}
