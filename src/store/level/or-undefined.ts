import { CorrespondenceFormatError } from '../../greylist/byte-reader.js';

/** What a decoder makes of bytes; undefined if they are nothing that it can read. */
export function orUndefined<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    // The second is what a Buffer throws.
    if (error instanceof CorrespondenceFormatError || error instanceof RangeError) return undefined;
    throw error;
  }
}
