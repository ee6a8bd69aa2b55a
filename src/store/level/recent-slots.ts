import type { Slot } from './slot.js';

/** Of two generations; a slot takes some 600 bytes, with one entry in it. */
const SLOTS_OF_A_GENERATION = 4096;

/**
 * What was read last: mail comes from those who have just written, and LevelDB takes some microseconds to find
 * it again.
 */
export class RecentSlots {
  #younger = new Map<number, Slot>();
  #older = new Map<number, Slot>();

  /** Undefined if it is not known; an empty slot may be known to be one. */
  find(slot: number): Slot | undefined {
    return this.#younger.get(slot) ?? this.#older.get(slot);
  }

  /** @param content what the database has there; its entries are not to be changed any more */
  keep(slot: number, content: Slot): void {
    if (this.#younger.size >= SLOTS_OF_A_GENERATION) {
      this.#older = this.#younger;
      this.#younger = new Map();
    }
    this.#younger.set(slot, content);
  }

  /** It is about to become another. */
  forget(slot: number): void {
    this.#younger.delete(slot);
    this.#older.delete(slot);
  }
}
