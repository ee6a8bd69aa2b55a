import { MilterProtocolError } from './errors.js';
import { decodeText } from './text.js';

/**
 * A cursor over one packet's payload that cannot leave it. Strings that lack their NUL end with the
 * payload, as both MTAs' peers have always read them.
 */
export class PayloadReader {
  readonly #buffer: Buffer;
  readonly #end: number;
  #position: number;

  constructor(buffer: Buffer, start: number, end: number) {
    this.#buffer = buffer;
    this.#position = start;
    this.#end = end;
  }

  get remaining(): number {
    return this.#end - this.#position;
  }

  /** @throws MilterProtocolError MILTER_PAYLOAD_TOO_SHORT */
  readByte(): number {
    return this.#buffer.readUInt8(this.#take(1));
  }

  /** @throws MilterProtocolError MILTER_PAYLOAD_TOO_SHORT */
  readUint16(): number {
    return this.#buffer.readUInt16BE(this.#take(2));
  }

  /** @throws MilterProtocolError MILTER_PAYLOAD_TOO_SHORT */
  readUint32(): number {
    return this.#buffer.readUInt32BE(this.#take(4));
  }

  /** Text up to the next NUL, which is consumed, or up to the end. Empty if nothing is left. */
  readString(): string {
    const start = this.#position;
    const nul = this.#buffer.indexOf(0, start);
    const end = nul === -1 || nul > this.#end ? this.#end : nul;
    this.#position = Math.min(end + 1, this.#end);
    return decodeText(this.#buffer, start, end);
  }

  /** A view of all that is left; valid as long as the packet is. */
  readRest(): Buffer {
    const rest = this.#buffer.subarray(this.#position, this.#end);
    this.#position = this.#end;
    return rest;
  }

  /** All that is left, one character a byte; a copy that outlives the packet. */
  readRestAsLatin1(): string {
    const rest = this.#buffer.toString('latin1', this.#position, this.#end);
    this.#position = this.#end;
    return rest;
  }

  #take(bytes: number): number {
    const at = this.#position;
    if (this.#end - at < bytes) {
      throw new MilterProtocolError(
        'MILTER_PAYLOAD_TOO_SHORT',
        `payload ends ${bytes - (this.#end - at)} bytes too early`,
      );
    }
    this.#position = at + bytes;
    return at;
  }
}
