import type { Durations } from './durations.js';
import type { Story } from './story.js';

/** How many first attempts there were, and what came of them. */
export interface GroupCounts {
  first: number;
  returned: number;
  elsewhere: number;
  never: number;
  open: number;
  /** Of those that came back: how long until they got through, all together. */
  waitedS: number;
}

/** Nothing yet. */
export function noneOfGroup(): GroupCounts {
  return { first: 0, returned: 0, elsewhere: 0, never: 0, open: 0, waitedS: 0 };
}

/** Counts a story. */
export function countStory(counts: GroupCounts, { ending, passedAfter }: Story): void {
  counts.first++;
  counts[ending]++;
  if (ending === 'returned' && passedAfter !== undefined) {
    counts.waitedS += Math.floor(passedAfter / 1000);
  }
}

/** A group and its counts. */
export interface NamedGroup extends GroupCounts {
  readonly key: string;
}

/** The list of who is most often among those that were put off. */
export interface TopGroups {
  readonly groups: readonly NamedGroup[];
  /** What has been left out is at most so big; 0 if nothing was left out. */
  readonly mayMiss: number;
}

/** So many different keys are counted each for itself before the smallest are given up. */
const MAX_KEYS = 100_000;

/**
 * Counts stories by a key of theirs. Spammers invent keys without end; so when there are too many, the
 * smaller half is given up, and how big the biggest of them was is remembered.
 */
export class GroupTally {
  readonly #groups = new Map<string, GroupCounts>();
  readonly #maxKeys: number;
  #givenUp = 0;

  constructor(maxKeys = MAX_KEYS) {
    this.#maxKeys = maxKeys;
  }

  add(key: string, story: Story): void {
    let counts = this.#groups.get(key);
    if (counts === undefined) {
      if (this.#groups.size >= this.#maxKeys) this.#shrink();
      counts = noneOfGroup();
      this.#groups.set(key, counts);
    }
    countStory(counts, story);
  }

  /** The biggest, by a count of theirs. */
  top(most: number, by: keyof GroupCounts = 'first'): TopGroups {
    const groups = [...this.#groups]
      .map(([key, counts]) => ({ key, ...counts }))
      .toSorted((a, b) => b[by] - a[by] || b.first - a.first || (a.key < b.key ? -1 : 1));
    return { groups: groups.slice(0, most), mayMiss: this.#givenUp };
  }

  #shrink(): void {
    const inOrder = [...this.#groups].toSorted(([, a], [, b]) => a.first - b.first);
    for (const [key, { first }] of inOrder.slice(0, Math.ceil(inOrder.length / 2))) {
      this.#groups.delete(key);
      this.#givenUp = Math.max(this.#givenUp, first);
    }
  }
}

/** Of the stories that ended well, how long that took. */
export function addWait(durations: Durations, { ending, passedAfter }: Story): void {
  if (ending === 'returned' && passedAfter !== undefined) durations.add(passedAfter);
}
