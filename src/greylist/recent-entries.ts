/**
 * Entries by key, as many as there is room for: those that were used last. It keeps two generations,
 * and forgets the older one as a whole when the newer one is full. To forget one at a time would need
 * a `Map` in the order of use, and V8 goes through all that was deleted from one before it finds its
 * first entry: with ten thousand entries that costs ten times as much as everything here.
 */
export class RecentEntries<Key, Value extends object> {
  readonly #generation: number;
  #newer = new Map<Key, Value>();
  #older = new Map<Key, Value>();

  /** @param capacity how many entries there are at most; half of them are never forgotten */
  constructor(capacity: number) {
    this.#generation = Math.max(1, Math.floor(capacity / 2));
  }

  get size(): number {
    return this.#newer.size + this.#older.size;
  }

  /** An entry that is asked for has been used. */
  get(key: Key): Value | undefined {
    const value = this.#newer.get(key);
    if (value !== undefined || this.#older.size === 0) return value;
    const older = this.#older.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: Key, value: Value): void {
    if (this.#older.size > 0) this.#older.delete(key);
    if (this.#newer.size >= this.#generation && !this.#newer.has(key)) {
      this.#older = this.#newer;
      this.#newer = new Map();
    }
    this.#newer.set(key, value);
  }

  delete(key: Key): void {
    this.#newer.delete(key);
    this.#older.delete(key);
  }
}
