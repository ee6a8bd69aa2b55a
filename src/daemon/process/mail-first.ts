import type { Paces, SlicePace } from '../../store/level/time-slice.js';

/** So many milliseconds what reads rests behind each piece: somebody waits for a list. */
const READING_RESTS = 1;

/** And what writes: it has the threads of the store at work as well. */
const WRITING_RESTS = 3;

/** For so long after a decision the next one is expected; where they are fewer, none of them waits for much. */
const MEMORY_MS = 50;

/**
 * The paces of long work beside mail. While there is much mail it rests behind each piece, so that it has a
 * third of the time, or a seventh: a session takes several turns of the event loop, and would wait for a
 * piece in each. A thread that is never idle is also one that the kernel lets wait, for longer than any
 * piece takes. While nobody asks, work goes on at once.
 */
export class MailFirst implements Paces {
  readonly reading: SlicePace = this.#resting(READING_RESTS);
  readonly writing: SlicePace = this.#resting(WRITING_RESTS);
  readonly #now: () => number;
  #decidedAt = Number.NEGATIVE_INFINITY;

  /** @param now monotonic milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Hears of each decision. */
  decided(): void {
    this.#decidedAt = this.#now();
  }

  #resting(restMs: number): SlicePace {
    return {
      now: () => this.#now(),
      turn: () => {
        const isBusy = this.#now() - this.#decidedAt < MEMORY_MS;
        return new Promise((resolve) =>
          isBusy ? setTimeout(resolve, restMs) : setImmediate(resolve),
        );
      },
    };
  }
}
