import { countOf } from './count-of.js';
import type { Output } from './output.js';

/** Not more often, so that it costs nothing. */
const EVERY_MS = 200;

const TAKE_AWAY = '\r\u001b[K';

/** Says on a terminal how many lines have been read, where nobody knows how many there are. */
export class ProgressCount {
  readonly #output: Output;
  #shownAt = -Infinity;
  #isShown = false;

  constructor(output: Output) {
    this.#output = output;
  }

  show(lines: number): void {
    if (this.#output.isTerminal !== true) return;
    const now = performance.now();
    if (now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    this.#isShown = true;
    this.#output.error(`\r${countOf(lines, 'line')} ...`);
  }

  /** Takes it away again, for good or for something else to be said. */
  takeAway(): void {
    if (this.#isShown) this.#output.error(TAKE_AWAY);
    this.#isShown = false;
  }
}
