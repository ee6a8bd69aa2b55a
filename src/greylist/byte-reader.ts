/** What can be wrong with a stored record. */
export type CorrespondenceFormatErrorCode =
  'CORRESPONDENCE_DAMAGED' | 'CORRESPONDENCE_NEWER_FORMAT';

/** Bytes that are no record this version can read. */
export class CorrespondenceFormatError extends Error {
  readonly code: CorrespondenceFormatErrorCode;

  constructor(code: CorrespondenceFormatErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CorrespondenceFormatError';
    this.code = code;
  }
}

/** The error for bytes that no version has written. */
export function damaged(what: string, options?: ErrorOptions): CorrespondenceFormatError {
  return new CorrespondenceFormatError(
    'CORRESPONDENCE_DAMAGED',
    `The stored record is damaged: ${what}`,
    options,
  );
}

/** The error for bytes that a later version may have written. */
export function newerFormat(what: string): CorrespondenceFormatError {
  return new CorrespondenceFormatError(
    'CORRESPONDENCE_NEWER_FORMAT',
    `The stored record was written by a newer greymilter: ${what}`,
  );
}

/** Whether a record was refused because a later version may have written it: it must be left as it is. */
export function isNewerFormat(error: unknown): boolean {
  return error instanceof CorrespondenceFormatError && error.code === 'CORRESPONDENCE_NEWER_FORMAT';
}

/** Whether bytes are of a later version by what one of our decoders says of them. */
export function isOfNewerFormat(
  value: Uint8Array,
  decode: (value: Uint8Array) => unknown,
): boolean {
  try {
    decode(value);
    return false;
  } catch (error) {
    return isNewerFormat(error);
  }
}

/** The same decoder, but what is damaged or of a later version is undefined to it, and no error. */
export function ifReadable<T>(
  decode: (value: Uint8Array) => T,
): (value: Uint8Array) => T | undefined {
  return (value) => {
    try {
      return decode(value);
    } catch (error) {
      if (error instanceof CorrespondenceFormatError) return undefined;
      throw error;
    }
  };
}

/** A varint of eight bytes carries 56 bits, enough for every safe integer. */
const MAX_VARINT_BYTES = 8;

const textDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads a record's bytes from front to back; throws a CorrespondenceFormatError beyond the end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  readByte(): number {
    const byte = this.#bytes[this.#offset];
    if (byte === undefined) throw damaged('it ends too early');
    this.#offset += 1;
    return byte;
  }

  /** An unsigned LEB128 number that is a safe integer. */
  readVarint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < MAX_VARINT_BYTES; i++) {
      const byte = this.readByte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return safeInteger(value);
      scale *= 128;
    }
    throw damaged('a number is too long');
  }

  /**
   * A copy, so that what is kept of a record does not keep the store's buffer. Byte by byte: they are few, and to
   * make a view of a Buffer takes longer.
   */
  readBytes(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw damaged('it ends too early');
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at++) bytes[at] = Number(this.#bytes[this.#offset + at]);
    this.#offset = end;
    return bytes;
  }

  /** What `writeText` of the writer has written. */
  readText(): string {
    const bytes = this.readBytes(this.readVarint());
    try {
      return textDecoder.decode(bytes);
    } catch (error) {
      throw damaged('a text is no UTF-8', { cause: error });
    }
  }

  /** Complains about bytes that nobody has asked for. */
  end(): void {
    if (!this.isAtEnd) throw damaged('it has bytes behind its end');
  }
}

/** The number itself; throws a CorrespondenceFormatError if it is more than a clock or count holds. */
export function safeInteger(value: number): number {
  if (value > Number.MAX_SAFE_INTEGER) throw damaged('a number is too large');
  return value;
}
