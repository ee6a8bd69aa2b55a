import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Puts the bytes of one turn on their way; they must leave in order. */
export type WriteSegments = (stream: Duplex, segments: readonly Buffer[]) => void;

/** One write for all that was gathered, without copying: what MTAs do, and the default. */
export const writeTogether: WriteSegments = (stream, segments) => {
  const [only, ...more] = segments;
  if (only === undefined) return;
  if (more.length === 0) {
    stream.write(only);
    return;
  }
  stream.cork();
  for (const segment of segments) stream.write(segment);
  stream.uncork();
};

/**
 * For tests: cuts what is sent into pieces of the given sizes, one write each, over and over; with
 * `pauseMs` between them if the other side is to see them one by one.
 */
export function writeInPieces(sizes: readonly number[], pauseMs?: number): WriteSegments {
  let turn = 0;
  let queue = Promise.resolve();
  return (stream, segments) => {
    const bytes = Buffer.concat(segments);
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length;) {
      const size = Math.max(1, sizes[turn++ % sizes.length] ?? bytes.length);
      pieces.push(bytes.subarray(at, at + size));
      at += size;
    }
    if (pauseMs === undefined) {
      for (const piece of pieces) stream.write(piece);
      return;
    }
    queue = queue.then(async () => {
      for (const piece of pieces) {
        if (!stream.writable) return;
        stream.write(piece);
        await sleep(pauseMs);
      }
    });
  };
}
