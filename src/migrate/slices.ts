import { setImmediate as turn } from 'node:timers/promises';

/** So long one works before others get their turn. */
const SLICE_MS = 1;

/** Lets others have their turn in the middle of long work: mail must not wait for an import. */
export class Slices {
  #end = performance.now() + SLICE_MS;

  /** To be awaited between two pieces of work if it is not undefined: next to nothing as a rule. */
  next(): Promise<void> | undefined {
    return performance.now() < this.#end ? undefined : this.#turn();
  }

  async #turn(): Promise<void> {
    await turn();
    this.#end = performance.now() + SLICE_MS;
  }
}
