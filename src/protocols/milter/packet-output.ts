/** Small packets share buffers of this size; larger strings get one of their own. */
const sharedBytes = 2048;
/** From here on a chunk is passed on as it is: writing one more segment is cheaper than copying. */
const copyBelow = 1024;

/**
 * Packets on their way out, built in place. What is taken is never written to again, so that a
 * stream may keep it; one buffer serves many turns.
 */
export class PacketOutput {
  #segments: Buffer[] = [];
  #sealedBytes = 0;
  #buffer = Buffer.allocUnsafe(sharedBytes);
  #start = 0;
  #at = 0;
  #lengthIn = this.#buffer;
  #lengthAt = 0;
  #packetBytes = 0;

  /** Bytes of the packet that is being built: the command and its payload. */
  get packetBytes(): number {
    return this.#packetBytes;
  }

  /** Bytes built and not yet taken. */
  get pendingBytes(): number {
    return this.#sealedBytes + this.#at - this.#start;
  }

  get isEmpty(): boolean {
    return this.pendingBytes === 0;
  }

  /** Starts a packet; what follows, up to `end`, is its payload. */
  begin(command: number): void {
    this.#reserve(5);
    this.#lengthIn = this.#buffer;
    this.#lengthAt = this.#at;
    this.#at += 4;
    this.#packetBytes = 0;
    this.byte(command);
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#at++] = value;
    this.#packetBytes++;
  }

  uint16(value: number): void {
    this.#reserve(2);
    this.#at = this.#buffer.writeUInt16BE(value, this.#at);
    this.#packetBytes += 2;
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#at = this.#buffer.writeUInt32BE(value >>> 0, this.#at);
    this.#packetBytes += 4;
  }

  /** Text as it is, without a NUL. */
  text(text: string, encoding: 'utf8' | 'latin1' = 'utf8'): void {
    this.#reserve(text.length * 3);
    const bytes = this.#buffer.write(text, this.#at, encoding);
    this.#at += bytes;
    this.#packetBytes += bytes;
  }

  /** Text with its NUL. */
  string(text: string): void {
    this.text(text);
    this.byte(0);
  }

  /** A chunk, which must not change until it has been sent. */
  bytes(chunk: Uint8Array): void {
    if (chunk.length < copyBelow) {
      this.#reserve(chunk.length);
      this.#buffer.set(chunk, this.#at);
      this.#at += chunk.length;
    } else {
      this.#seal();
      this.#segments.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length));
      this.#sealedBytes += chunk.length;
    }
    this.#packetBytes += chunk.length;
  }

  /** Ends the packet. */
  end(): void {
    this.#lengthIn.writeUInt32BE(this.#packetBytes, this.#lengthAt);
  }

  /** Everything built since the last call, in order. */
  take(): Buffer[] {
    this.#seal();
    const segments = this.#segments;
    this.#segments = [];
    this.#sealedBytes = 0;
    return segments;
  }

  #reserve(bytes: number): void {
    if (this.#buffer.length - this.#at >= bytes) return;
    this.#seal();
    this.#buffer = Buffer.allocUnsafe(Math.max(sharedBytes, bytes));
    this.#start = this.#at = 0;
  }

  #seal(): void {
    if (this.#start === this.#at) return;
    this.#segments.push(this.#buffer.subarray(this.#start, this.#at));
    this.#sealedBytes += this.#at - this.#start;
    this.#start = this.#at;
  }
}
