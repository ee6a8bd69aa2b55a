import { systemClock, type Clock } from './clock.js';

/** A clock that tests set; until they do it is the system's. */
export class TestClock implements Clock {
  #now: number | undefined;

  now(): number {
    return this.#now ?? systemClock.now();
  }

  /** @param epochMs what time it is from now on */
  set(epochMs: number): void {
    this.#now = epochMs;
  }
}
