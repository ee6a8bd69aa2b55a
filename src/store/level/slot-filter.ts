/** Each block is half a line of the processor's cache: whatever is asked touches one place in memory. */
const BLOCK_WORDS = 8;

/** So many for each slot that there is room for: of those that are not there one in a hundred seems to be. */
const BITS_FOR_ONE = 10;

/** Odd numbers without a pattern; each chooses the bit of one word of a block. */
const SALTS = Int32Array.of(
  ...[0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d],
  ...[0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31],
);

/** What makes the block depend on the upper bits too, which records of one recipient have in common. */
const SPREAD = 0x9e3779b1;

/**
 * Slots in a set that forgets none of them, and may take others to be in it: a Bloom filter in blocks. (F. Putze,
 * P. Sanders, J. Singler: Cache-, Hash- and Space-Efficient Bloom Filters. The bits of a block are chosen as in
 * the one of Apache Parquet.) Slots are the outcome of a secret hash, so that nobody chooses what shares a block.
 */
export class SlotFilter {
  readonly #words: Int32Array;
  readonly #blocks: number;

  /** @param slots about how many it will have; with more of them it takes more others to be in it */
  constructor(slots: number) {
    this.#blocks = Math.ceil((slots * BITS_FOR_ONE) / (32 * BLOCK_WORDS)) + 1;
    this.#words = new Int32Array(this.#blocks * BLOCK_WORDS);
  }

  /** @returns false if it seemed to have it already */
  add(slot: number): boolean {
    const block = this.#blockOf(slot);
    let isNew = false;
    for (let word = 0; word < BLOCK_WORDS; word++) {
      const before = this.#words[block + word] ?? 0;
      const after = before | bitIn(word, slot);
      if (after === before) continue;
      isNew = true;
      this.#words[block + word] = after;
    }
    return isNew;
  }

  /** Never false for a slot that has been added. */
  mayHave(slot: number): boolean {
    const block = this.#blockOf(slot);
    for (let word = 0; word < BLOCK_WORDS; word++) {
      if (((this.#words[block + word] ?? 0) & bitIn(word, slot)) === 0) return false;
    }
    return true;
  }

  #blockOf(slot: number): number {
    const mixed = (slot ^ Math.imul(slot / 0x1_0000_0000, SPREAD)) >>> 0;
    return Math.floor((mixed * this.#blocks) / 0x1_0000_0000) * BLOCK_WORDS;
  }
}

function bitIn(word: number, slot: number): number {
  return 1 << (Math.imul(slot, SALTS[word] ?? 0) >>> 27);
}
