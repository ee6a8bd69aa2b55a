import { createRandom } from '../support/seeded-random.js';
import { below } from './mutate.js';

/** An input in pieces as a socket might hand it out; the same input is always cut in the same places. */
export function* piecesOf(input: Buffer): Generator<Buffer, void, undefined> {
  const random = createRandom(input.reduce((sum, byte) => (sum * 31 + byte) | 0, input.length));
  // All at once, byte by byte, or anything between.
  const longest = [input.length, 1, 7, 200][below(random, 4)] ?? 1;
  for (let at = 0; at < input.length;) {
    const length = 1 + below(random, longest);
    yield input.subarray(at, at + length);
    at += length;
  }
}

/** The same, as a file is read. */
export async function* chunksOf(input: Buffer): AsyncGenerator<Buffer, void, undefined> {
  for (const piece of piecesOf(input)) yield await Promise.resolve(piece);
}

/** The input in one piece. */
export async function* wholeOf(input: Buffer): AsyncGenerator<Buffer, void, undefined> {
  yield await Promise.resolve(input);
}
