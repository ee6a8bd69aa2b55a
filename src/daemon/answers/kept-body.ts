import type { MessageBody } from '../../rules/facts.js';

/** The beginning of a message's body, as much of it as is kept. */
export class KeptBody implements MessageBody {
  readonly #limit: number;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #isWhole = true;
  #text: string | undefined;

  /** @param limit in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether nothing of it was left out. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Chunks are views of what was read: what is kept is copied. */
  add(chunk: Uint8Array): void {
    const kept = chunk.subarray(0, this.#limit - this.#length);
    if (kept.length < chunk.length) this.#isWhole = false;
    if (kept.length === 0) return;
    this.#chunks.push(Buffer.from(kept));
    this.#length += kept.length;
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  /** Borders of chunks may be anywhere, so that it is read as a whole, when somebody asks. */
  get text(): string {
    this.#text ??= this.bytes.toString('utf8').replaceAll('\r\n', '\n');
    return this.#text;
  }
}
