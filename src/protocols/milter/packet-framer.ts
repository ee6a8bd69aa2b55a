import { MilterProtocolError } from './errors.js';

const lengthBytes = 4;
/** What a packet's first bytes are kept in until its length is known. */
const minBufferBytes = 256;
const nothing = Buffer.alloc(0);

/**
 * Cuts a byte stream into packets: `uint32 length, byte command, byte[length - 1] payload`, big
 * endian. A packet that arrives whole is a view of the chunk it came in; only one that is spread
 * over chunks is copied, into a buffer that grows as its bytes arrive and not as its length claims.
 */
export class PacketFramer {
  readonly #maxPacketBytes: number;
  #buffer: Buffer = nothing;
  #position = 0;
  #end = 0;
  #owned = false;
  #payloadStart = 0;
  #payloadEnd = 0;
  #command = 0;

  constructor(maxPacketBytes: number) {
    this.#maxPacketBytes = maxPacketBytes;
  }

  /** Bytes that have arrived and do not yet belong to a packet that was taken. */
  get bufferedBytes(): number {
    return this.#end - this.#position;
  }

  /** The buffer that holds the packet that `next` found. */
  get buffer(): Buffer {
    return this.#buffer;
  }

  get command(): number {
    return this.#command;
  }

  get payloadStart(): number {
    return this.#payloadStart;
  }

  get payloadEnd(): number {
    return this.#payloadEnd;
  }

  /** Takes over a chunk; the caller must not change it afterwards. */
  push(chunk: Buffer): void {
    if (this.#position === this.#end) {
      this.#buffer = chunk;
      this.#position = 0;
      this.#end = chunk.length;
      this.#owned = false;
      return;
    }
    if (!this.#owned || this.#buffer.length - this.#end < chunk.length) this.#grow(chunk.length);
    chunk.copy(this.#buffer, this.#end);
    this.#end += chunk.length;
  }

  /**
   * Moves on to the next packet; false if it is not all there. `command`, `payloadStart` and
   * `payloadEnd` then describe it until the next call.
   *
   * @throws MilterProtocolError MILTER_PACKET_EMPTY, MILTER_PACKET_TOO_LONG
   */
  next(): boolean {
    const available = this.#end - this.#position;
    if (available < lengthBytes) {
      this.#release(available);
      return false;
    }
    const length = this.#buffer.readUInt32BE(this.#position);
    if (length === 0) {
      throw new MilterProtocolError('MILTER_PACKET_EMPTY', 'packet of length 0');
    }
    if (length > this.#maxPacketBytes) {
      throw new MilterProtocolError(
        'MILTER_PACKET_TOO_LONG',
        `packet of ${length} bytes, limit is ${this.#maxPacketBytes}`,
      );
    }
    if (available < lengthBytes + length) return false;
    const start = this.#position + lengthBytes;
    this.#command = this.#buffer.readUInt8(start);
    this.#payloadStart = start + 1;
    this.#payloadEnd = this.#position = start + length;
    return true;
  }

  /** Forgets what is buffered, for a connection that is over. */
  clear(): void {
    this.#buffer = nothing;
    this.#position = this.#end = 0;
    this.#owned = false;
  }

  // Nothing may hold on to a chunk between packets: an idle connection costs no buffer.
  #release(available: number): void {
    if (available === 0 && this.#buffer !== nothing) this.clear();
  }

  // Twice what is there, so that little is copied; but for a packet that is not whole yet no more
  // than it says it has.
  #grow(bytes: number): void {
    const waiting = this.#end - this.#position;
    const needed = waiting + bytes;
    const whole =
      waiting < lengthBytes
        ? minBufferBytes
        : lengthBytes + this.#buffer.readUInt32BE(this.#position);
    const size = needed < whole ? Math.min(2 * needed, whole) : 2 * needed;
    const grown = Buffer.allocUnsafe(Math.max(needed, size));
    this.#buffer.copy(grown, 0, this.#position, this.#end);
    this.#buffer = grown;
    this.#position = 0;
    this.#end = waiting;
    this.#owned = true;
  }
}
