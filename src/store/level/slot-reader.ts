import { SLOT_KEY_BYTES, slotIn, writeSlotKey } from './layout.js';
import type { LevelDatabase, Pair } from './level-database.js';

/** Slots, each with what is stored in it; nothing if it is empty. A caller may do with it as it likes. */
type Contents = Map<number, Buffer | undefined>;

/** So many are read in one go for each that is asked for, at most; the others lie between these. */
const READ_FOR_ONE = 2;

/** After slots that were far apart, how many reads go by before it is looked whether the next ones are not. */
const FAR_APART_READS = 32;

/**
 * Reads many slots at a time, off the main thread. To read a slot by itself LevelDB unpacks its block, and
 * takes a lock twice that reads on the main thread need as well: whoever is interrupted while he has it
 * lets those wait. Where most of what lies between the first and the last is asked for all of it is read
 * in one go instead.
 */
export class SlotReader {
  readonly #database: LevelDatabase;
  #farApart = 0;

  constructor(database: LevelDatabase) {
    this.#database = database;
  }

  /** @param slots in their order. Rejects with a StoreError. */
  async read(slots: readonly number[]): Promise<Contents> {
    const found = this.#farApart > 0 ? undefined : await this.#readRange(slots);
    if (found !== undefined) return found;
    this.#farApart = this.#farApart > 0 ? this.#farApart - 1 : FAR_APART_READS;
    const contents = await this.#database.readMany(slots.map(keyOf));
    return new Map(slots.map((slot, index) => [slot, contents[index]]));
  }

  /** Undefined if there is too much between them. */
  async #readRange(slots: readonly number[]): Promise<Contents | undefined> {
    const [first, last] = [slots[0], slots.at(-1)];
    if (first === undefined || last === undefined) return new Map();
    const range = { gte: keyOf(first), lt: keyOf(last + 1) };
    const pairs = await this.#database.readRange(range, slots.length * READ_FOR_ONE);
    if (pairs === undefined) return undefined;
    const found: Contents = new Map();
    let at = 0;
    let next = slotOf(pairs[at]);
    for (const slot of slots) {
      // Both are in the same order.
      while (next < slot) next = slotOf(pairs[++at]);
      found.set(slot, next === slot ? pairs[at]?.[1] : undefined);
    }
    return found;
  }
}

/** Behind the last pair there is none. */
function slotOf(pair: Pair | undefined): number {
  return pair === undefined ? Number.POSITIVE_INFINITY : slotIn(pair[0]);
}

function keyOf(slot: number): Buffer {
  return writeSlotKey(slot, Buffer.alloc(SLOT_KEY_BYTES));
}
