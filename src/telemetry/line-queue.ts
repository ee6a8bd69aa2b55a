import type { LogFile } from './log-file.js';

/** Whole lines that leave with one system call, unless the destination takes less at a time. */
export interface Chunk {
  file: LogFile;
  readonly bytes: Buffer;
  /** How many of the bytes are filled. */
  length: number;
  /** How many of those have been written. */
  offset: number;
}

/** One write: large enough that the system call does not matter, small enough to pass quickly. */
const CHUNK_BYTES = 64 * 1024;

/** What may wait in memory if the disk is stuck or full: some 70 000 decisions. */
const MAX_QUEUED_BYTES = 16 * 1024 * 1024;

/** What a UTF-16 unit can become in UTF-8. */
const MAX_BYTES_PER_UNIT = 3;

const LINE_FEED = 0x0a;

function countLineFeeds(bytes: Buffer, from: number, to: number): number {
  let count = 0;
  let at = bytes.indexOf(LINE_FEED, from);
  while (at >= 0 && at < to) {
    count++;
    at = bytes.indexOf(LINE_FEED, at + 1);
  }
  return count;
}

/**
 * Lines waiting to be written, in order and each bound to a file. They are kept as bytes, since
 * the string of a line that was put together from twenty pieces takes five times its room.
 */
export class LineQueue {
  readonly #chunks: Chunk[] = [];
  /** The last chunk, while lines may be added to it. */
  #open: Chunk | undefined;
  #capacity = 0;
  /** One buffer is filled while another is written; this is the one for the next turn. */
  #spare: Buffer | undefined;

  /** The chunk to write next. */
  get head(): Chunk | undefined {
    return this.#chunks[0];
  }

  get chunks(): readonly Chunk[] {
    return this.#chunks;
  }

  /** Returns false, and keeps nothing, if the line has no room. */
  add(file: LogFile, line: string): boolean {
    const room = line.length * MAX_BYTES_PER_UNIT + 1;
    let chunk = this.#open;
    if (chunk === undefined || chunk.length + room > chunk.bytes.length || chunk.file !== file) {
      chunk = this.#begin(file, room);
      if (chunk === undefined) return false;
    }
    const end = chunk.length + chunk.bytes.write(line, chunk.length);
    chunk.bytes[end] = LINE_FEED;
    chunk.length = end + 1;
    return true;
  }

  /** No line joins this chunk any more: it is about to be written. */
  seal(chunk: Chunk): void {
    if (this.#open === chunk) this.#open = undefined;
  }

  /** Takes out what has been written, wherever it stands. */
  remove(chunk: Chunk): void {
    const index = this.#chunks.indexOf(chunk);
    if (index < 0) return;
    this.#chunks.splice(index, 1);
    this.seal(chunk);
    this.#capacity -= chunk.bytes.length;
    if (chunk.bytes.length === CHUNK_BYTES) this.#spare = chunk.bytes;
  }

  /** Forgets everything; returns how many lines that were not written whole. */
  discard(): number {
    let lines = 0;
    for (const { bytes, offset, length } of this.#chunks) {
      lines += countLineFeeds(bytes, offset, length);
    }
    this.#chunks.length = 0;
    this.#open = undefined;
    this.#capacity = 0;
    return lines;
  }

  /**
   * Sends chunks to another file. One that was broken off begins there with the whole line that
   * it was broken off in, so that no line is torn between two files.
   */
  move(chunks: readonly Chunk[], file: LogFile): void {
    for (const chunk of chunks) {
      chunk.file = file;
      if (chunk.offset > 0) chunk.offset = chunk.bytes.lastIndexOf(LINE_FEED, chunk.offset - 1) + 1;
    }
  }

  #begin(file: LogFile, room: number): Chunk | undefined {
    const size = Math.max(room, CHUNK_BYTES);
    if (this.#capacity + size > MAX_QUEUED_BYTES) return undefined;
    const bytes =
      size === CHUNK_BYTES && this.#spare !== undefined
        ? this.#spare
        : Buffer.allocUnsafeSlow(size);
    if (bytes === this.#spare) this.#spare = undefined;
    this.#capacity += size;
    this.#open = { file, bytes, length: 0, offset: 0 };
    this.#chunks.push(this.#open);
    return this.#open;
  }
}
