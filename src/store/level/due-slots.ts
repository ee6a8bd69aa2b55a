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
    const runs = new RunHeap(this.#runs.splice(0));
    let taken = -1;
    for (let slot = runs.take(); slot !== undefined; slot = runs.take()) {
      if (slot !== taken) yield slot;
      taken = slot;
    }
  }
}

/** Runs as a heap, the one with the least slot first: of many hundreds ten or so are looked at for each slot. */
class RunHeap {
  readonly #runs: Run[];

  /** @param runs none of them empty */
  constructor(runs: Run[]) {
    // In order they are a heap.
    this.#runs = runs.sort((one, other) => headOf(one) - headOf(other));
  }

  /** The least of all slots that have not been taken. */
  take(): number | undefined {
    const first = this.#runs[0];
    if (first === undefined) return undefined;
    const slot = first.slots[first.at++];
    if (first.at < first.slots.length) this.#sink(first);
    else {
      const last = this.#runs.pop();
      if (last !== undefined && last !== first) this.#sink(last);
    }
    return slot;
  }

  /** Puts a run in the place of the first one, below all that have a lesser slot. */
  #sink(run: Run): void {
    const runs = this.#runs;
    const head = headOf(run);
    let at = 0;
    for (;;) {
      const left = runs[2 * at + 1];
      if (left === undefined) break;
      const right = runs[2 * at + 2];
      const isRight = right !== undefined && headOf(right) < headOf(left);
      const least = isRight ? right : left;
      if (headOf(least) >= head) break;
      runs[at] = least;
      at = 2 * at + (isRight ? 2 : 1);
    }
    runs[at] = run;
  }
}

function headOf({ slots, at }: Run): number {
  return slots[at] ?? Number.POSITIVE_INFINITY;
}
