/** How long what is to be sent waits at most for what else is. */
const LONGEST_MS = 0.5;

/** A turn of the event loop that took no longer had nothing else to do. */
const IDLE_TURN_MS = 0.015;

/**
 * Gathers what is to be sent until it leaves, all of it at once: each journey costs both ends some tens
 * of microseconds, however little it carries.
 *
 * Where the event loop is idle it leaves after the turn in which the first came, and the next one, which
 * shows that nothing else is to be done. Where the loop is busy more comes with each turn, so it waits
 * for those, half a millisecond at most.
 */
export class Flight<T> {
  readonly #leave: (gathered: readonly T[]) => void;
  readonly #now: () => number;
  #gathered: T[] = [];
  #leavesAt = 0;
  #turnAt = 0;
  readonly #turn = (): void => this.#afterTurn();

  /** `now` is in milliseconds, from any origin. */
  constructor(leave: (gathered: readonly T[]) => void, now: () => number) {
    this.#leave = leave;
    this.#now = now;
  }

  add(item: T): void {
    if (this.#gathered.push(item) > 1) return;
    this.#turnAt = this.#now();
    this.#leavesAt = this.#turnAt + LONGEST_MS;
    setImmediate(this.#turn);
  }

  #afterTurn(): void {
    const now = this.#now();
    const isBusy = now - this.#turnAt > IDLE_TURN_MS;
    this.#turnAt = now;
    if (isBusy && now < this.#leavesAt) {
      setImmediate(this.#turn);
      return;
    }
    const gathered = this.#gathered;
    this.#gathered = [];
    this.#leave(gathered);
  }
}
