import { setImmediate } from 'node:timers/promises';

/** So long long work keeps the event loop before others get their turn. */
const SLICE_MS = 0.5;

/** What a slice is measured with, and how others get their turn. */
export interface SlicePace {
  /** Milliseconds, from any origin. */
  readonly now: () => number;
  readonly turn: () => Promise<void>;
}

/** Of work that only reads, and of work that writes. */
export interface Paces {
  readonly reading: SlicePace;
  readonly writing: SlicePace;
}

/** Others have their turn, and it goes on: for who has nobody else to serve. */
const steadyPace: SlicePace = { now: () => performance.now(), turn: () => setImmediate() };

/** Cuts long work into pieces of half a millisecond, between which mail has its turn. */
export class TimeSlice {
  readonly #pace: SlicePace;
  #endsAt = 0;

  constructor(pace: SlicePace = steadyPace) {
    this.#pace = pace;
    this.begin();
  }

  /** Others have had their turn for another reason: a wait. */
  begin(): void {
    this.#endsAt = this.#pace.now() + SLICE_MS;
  }

  get isOver(): boolean {
    return this.#pace.now() >= this.#endsAt;
  }

  /** Lets others have their turn. */
  async next(): Promise<void> {
    await this.#pace.turn();
    this.begin();
  }
}
