import type { Output } from './output.js';

/** Not more often, so that it costs nothing. */
const EVERY_MS = 200;
const WIDTH = 30;

/** Shows on a terminal how much of something has been read. */
export class ProgressBar {
  readonly #total: number;
  readonly #output: Output;
  #done = 0;
  #shownAt = 0;
  #isShown = false;

  /** @param total bytes; NaN if nobody knows, and nothing is shown then */
  constructor(total: number, output: Output) {
    this.#total = total;
    this.#output = output;
  }

  add(bytes: number): void {
    this.#done += bytes;
    if (this.#output.isTerminal !== true || !(this.#total > 0)) return;
    const now = performance.now();
    if (now - this.#shownAt < EVERY_MS) return;
    this.#shownAt = now;
    this.#isShown = true;
    this.#output.error(`\r${progressLine(this.#done / this.#total)}`);
  }

  /** Takes it away again. */
  end(): void {
    if (this.#isShown) this.#output.error(`\r${' '.repeat(WIDTH + 7)}\r`);
    this.#isShown = false;
  }
}

/** `[#######.......]  47 %` */
export function progressLine(share: number): string {
  const bounded = Math.min(1, Math.max(0, share));
  const full = Math.round(bounded * WIDTH);
  const percent = String(Math.floor(bounded * 100)).padStart(3);
  return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${percent} %`;
}
