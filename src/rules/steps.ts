/** Long work that stops now and then, so that others can have their turn there. */
export type Steps<Result> = Generator<void, Result, void>;

/** When others have to have their turn, and how they get it. */
export interface Turns {
  readonly isOver: boolean;
  next(): Promise<void>;
}

/** So many of what takes about a microsecond each make one step. */
export const STEP_SIZE = 64;

/** Does it all at once: for who has nobody else to serve. */
export function finish<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Does it bit by bit, with turns for others in between. */
export async function finishInTurns<Result>(steps: Steps<Result>, turns: Turns): Promise<Result> {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (turns.isOver) await turns.next();
  }
}

/**
 * Visits items one after the other, a step after each so many.
 *
 * @param size fewer where one of them may take longer
 */
export function* visitInSteps<Item>(
  items: Iterable<Item>,
  visit: (item: Item) => void,
  size = STEP_SIZE,
): Steps<void> {
  let count = 0;
  for (const item of items) {
    if (count++ % size === 0) yield;
    visit(item);
  }
}

/**
 * Puts items into order; of those that are equal the earlier stays before the later. The built-in order of a
 * hundred thousand takes a tenth of a second in one go.
 */
export function* sortInSteps<Item extends object>(
  items: readonly Item[],
  compare: (a: Item, b: Item) => number,
): Steps<Item[]> {
  let runs: Item[][] = [];
  for (let from = 0; from < items.length; from += STEP_SIZE) {
    runs.push(items.slice(from, from + STEP_SIZE).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const longer: Item[][] = [];
    for (let at = 0; at < runs.length; at += 2) {
      const [one = [], other = []] = [runs[at], runs[at + 1]];
      longer.push(yield* merge(one, other, compare));
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

function* merge<Item extends object>(
  one: readonly Item[],
  other: readonly Item[],
  compare: (a: Item, b: Item) => number,
): Steps<Item[]> {
  const merged: Item[] = [];
  let [at, otherAt] = [0, 0];
  let [a, b] = [one[at], other[otherAt]];
  while (a !== undefined || b !== undefined) {
    if (a !== undefined && (b === undefined || compare(a, b) <= 0)) {
      merged.push(a);
      a = one[++at];
    } else if (b !== undefined) {
      merged.push(b);
      b = other[++otherAt];
    }
    if (merged.length % STEP_SIZE === 0) yield;
  }
  return merged;
}
