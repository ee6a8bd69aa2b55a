/** The longest varint of a safe integer. */
const maxVarintBytes = 8;
/**
 * Collects a record's bytes from front to back, in a buffer that is kept for the next record: one is
 * encoded for each new triplet.
 */
export class ByteWriter {
    #bytes = Buffer.alloc(1024);
    #length = 0;
    /** Forgets what was collected. */
    clear() {
        this.#length = 0;
    }
    writeByte(byte) {
        this.#reserve(1);
        this.#bytes[this.#length++] = byte;
    }
    writeBytes(bytes) {
        this.#reserve(bytes.length);
        this.#bytes.set(bytes, this.#length);
        this.#length += bytes.length;
    }
    /** Unsigned LEB128 of a safe integer; beyond 31 bits by division, where the bit operators end. */
    writeVarint(value) {
        this.#reserve(maxVarintBytes);
        const bytes = this.#bytes;
        let at = this.#length;
        let rest = value;
        while (rest > 0x7fffffff) {
            bytes[at++] = (rest % 128) | 0x80;
            rest = Math.floor(rest / 128);
        }
        while (rest > 0x7f) {
            bytes[at++] = (rest & 0x7f) | 0x80;
            rest >>>= 7;
        }
        bytes[at++] = rest;
        this.#length = at;
    }
    /** The length in bytes as a varint, then UTF-8. */
    writeText(text) {
        this.writeVarint(Buffer.byteLength(text));
        this.#reserve(3 * text.length);
        this.#length += this.#bytes.write(text, this.#length);
    }
    /** A copy of what was collected. */
    toBytes() {
        const copy = Buffer.allocUnsafe(this.#length);
        this.#bytes.copy(copy, 0, 0, this.#length);
        return copy;
    }
    #reserve(bytes) {
        const needed = this.#length + bytes;
        if (needed <= this.#bytes.length)
            return;
        const grown = Buffer.alloc(2 * needed);
        this.#bytes.copy(grown, 0, 0, this.#length);
        this.#bytes = grown;
    }
}
//# sourceMappingURL=byte-writer.js.map