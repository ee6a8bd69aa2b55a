/** A connection that knows where it is kept. */
export interface KeptConnection {
  /** Belongs to {@link OpenConnections}. */
  place: number;
}

/**
 * Those that are open, in no order.
 *
 * Not a Set: when V8 makes a new table for one that many come to and leave, the old table still leads
 * to the new one, and to what it held. Once a single one of them has lived long enough to be moved to
 * the old part of the heap, the collector of the young part finds all that come after it reachable, so
 * that each connection that has ended is copied twice, and kept until all of the heap is looked at.
 */
export class OpenConnections<T extends KeptConnection> implements Iterable<T> {
  readonly #all: T[] = [];

  get size(): number {
    return this.#all.length;
  }

  add(connection: T): void {
    connection.place = this.#all.push(connection) - 1;
  }

  /** Forgets it, if it is among them. */
  delete(connection: T): void {
    const { place } = connection;
    if (this.#all[place] !== connection) return;
    const last = this.#all.pop();
    if (last === undefined || last === connection) return;
    this.#all[place] = last;
    last.place = place;
  }

  /** All that are open now; what comes or leaves meanwhile changes nothing. */
  [Symbol.iterator](): Iterator<T> {
    return this.#all.slice()[Symbol.iterator]();
  }
}
