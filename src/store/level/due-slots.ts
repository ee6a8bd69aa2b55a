/** So many are sorted at a time: in a fraction of a millisecond. */
const RUN_SLOTS = 4096;

/** Slots that are sorted already, and how many of them have been taken. */
interface Run {
  readonly slots: Float64Array;
  at: number;
}

/**
 * Slots that are to be looked at, in the order in which they lie on the disk: a block of LevelDB holds some
 * sixty of them, and is unpacked once for those that are looked at one after the other.
 */
export class DueSlots {
  readonly #runs: Run[] = [];
  #last = new Float64Array(RUN_SLOTS);
  #inLast = 0;

  /** How many have been added. */
  get size(): number {
    return this.#runs.length * RUN_SLOTS + this.#inLast;
  }

  add(slots: readonly number[]): void {
    for (const slot of slots) {
      this.#last[this.#inLast++] = slot;
      if (this.#inLast === RUN_SLOTS) this.#sort();
    }
  }

  /** Takes all of them, each once, so many at a time. */
  *steps(batch: number): Generator<readonly number[], void, undefined> {
    let step: number[] = [];
    for (const slot of this.#inOrder()) {
      step.push(slot);
      if (step.length < batch) continue;
      yield step;
      step = [];
    }
    if (step.length > 0) yield step;
  }

  #sort(): void {
    this.#runs.push({ slots: this.#last.subarray(0, this.#inLast).sort(), at: 0 });
    this.#last = new Float64Array(RUN_SLOTS);
    this.#inLast = 0;
  }

  *#inOrder(): Generator<number, void, undefined> {
    if (this.#inLast > 0) this.#sort();
    const runs = this.#runs.splice(0).sort((one, other) => headOf(one) - headOf(other));
    let taken = -1;
    for (let run = runs.shift(); run !== undefined; run = runs.shift()) {
      const slot = headOf(run);
      if (slot !== taken) yield slot;
      taken = slot;
      run.at += 1;
      if (run.at < run.slots.length) runs.splice(placeOf(headOf(run), runs), 0, run);
    }
  }
}

function headOf({ slots, at }: Run): number {
  return slots[at] ?? Number.POSITIVE_INFINITY;
}

/** How many of the runs, which are in order, begin before it. */
function placeOf(slot: number, runs: readonly Run[]): number {
  let [low, high] = [0, runs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const run = runs[middle];
    if (run !== undefined && headOf(run) < slot) low = middle + 1;
    else high = middle;
  }
  return low;
}
