import { PolicyProtocolError } from './errors.js';

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const minBufferBytes = 1024;
const nothing = Buffer.alloc(0);

/**
 * Cuts a byte stream into requests: lines that end in LF or CR LF, up to an empty one. A request
 * that arrives whole stays in the chunk it came in; only one that is spread over chunks is copied.
 * Each byte is looked at once, however small the pieces are.
 */
export class RequestFramer {
  readonly #maxRequestBytes: number;
  #buffer: Buffer = nothing;
  /** Where the next request begins. */
  #position = 0;
  #end = 0;
  #owned = false;
  /** Where the line begins that is not complete yet, and how far it has been searched. */
  #lineStart = 0;
  #searched = 0;
  #lineEnds: number[] = [];
  #requestStart = 0;
  #foundEnds: readonly number[] = [];

  constructor(maxRequestBytes: number) {
    this.#maxRequestBytes = maxRequestBytes;
  }

  /** Bytes that have arrived and do not yet belong to a request that was taken. */
  get bufferedBytes(): number {
    return this.#end - this.#position;
  }

  /** The buffer that holds the request that `next` found. */
  get buffer(): Buffer {
    return this.#buffer;
  }

  get requestStart(): number {
    return this.#requestStart;
  }

  /** Where the lines of that request end, counted from its start; the empty one is left out. */
  get lineEnds(): readonly number[] {
    return this.#foundEnds;
  }

  /** Takes over a chunk; the caller must not change it afterwards. */
  push(chunk: Buffer): void {
    if (this.#position === this.#end) {
      this.#buffer = chunk;
      this.#position = this.#lineStart = this.#searched = 0;
      this.#end = chunk.length;
      this.#owned = false;
      return;
    }
    if (!this.#owned || this.#buffer.length - this.#end < chunk.length) this.#grow(chunk.length);
    chunk.copy(this.#buffer, this.#end);
    this.#end += chunk.length;
  }

  /**
   * Moves on to the next request; false if it is not all there.
   *
   * @throws PolicyProtocolError POLICY_REQUEST_TOO_LONG; where the next one begins is then unknown
   */
  next(): boolean {
    for (;;) {
      const lineEnd = this.#findLineFeed();
      const isWhole = lineEnd >= 0 && this.#isEmptyLine(lineEnd);
      const bytes = (lineEnd < 0 ? this.#end : lineEnd + 1) - this.#position;
      if (bytes > this.#maxRequestBytes) this.#tooLong();
      if (lineEnd < 0) {
        this.#release();
        return false;
      }
      if (isWhole) {
        this.#take(lineEnd);
        return true;
      }
      this.#lineEnds.push(lineEnd - this.#position);
      this.#lineStart = this.#searched = lineEnd + 1;
    }
  }

  /** Forgets what is buffered, for a connection that is over. */
  clear(): void {
    this.#buffer = nothing;
    this.#position = this.#end = this.#lineStart = this.#searched = 0;
    this.#owned = false;
    this.#lineEnds = [];
  }

  // A loop: a line is some twenty bytes, and it takes longer to call `indexOf` than to look at them.
  // A buffer that is our own has bytes behind its end that mean nothing.
  #findLineFeed(): number {
    const buffer = this.#buffer;
    const end = this.#end;
    for (let at = this.#searched; at < end; at++) if (buffer[at] === lineFeed) return at;
    this.#searched = end;
    return -1;
  }

  #isEmptyLine(lineEnd: number): boolean {
    const length = lineEnd - this.#lineStart;
    return length === 0 || (length === 1 && this.#buffer[this.#lineStart] === carriageReturn);
  }

  #take(lineEnd: number): void {
    this.#requestStart = this.#position;
    this.#foundEnds = this.#lineEnds;
    this.#lineEnds = [];
    this.#position = this.#lineStart = this.#searched = lineEnd + 1;
  }

  #tooLong(): never {
    const problem = `no end of a request within ${this.#maxRequestBytes} bytes`;
    throw new PolicyProtocolError('POLICY_REQUEST_TOO_LONG', problem);
  }

  // Nothing may hold on to a chunk between requests: an idle connection costs no buffer.
  #release(): void {
    if (this.#position === this.#end && this.#buffer !== nothing) this.clear();
  }

  // Twice what is there, so that little is copied.
  #grow(bytes: number): void {
    const waiting = this.#end - this.#position;
    const grown = Buffer.allocUnsafe(Math.max(2 * (waiting + bytes), minBufferBytes));
    this.#buffer.copy(grown, 0, this.#position, this.#end);
    this.#lineStart -= this.#position;
    this.#searched -= this.#position;
    this.#buffer = grown;
    this.#position = 0;
    this.#end = waiting;
    this.#owned = true;
  }
}
