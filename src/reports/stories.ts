import { parseIpAddress } from '../mail/ip-address.js';
import { networkOf } from '../mail/network.js';
import { isPutOff, type LoggedDecision } from './logged-decision.js';
import { OpenStory, type Story } from './story.js';

/** How first attempts are joined to what came of them. */
export interface StorySettings {
  /** How long a client may take to come back. */
  readonly windowMs: number;
  /** How many first attempts may be waited for at once. */
  readonly maxOpen: number;
}

/**
 * Two days, as Postgrey and we remember a first attempt. Half a million of them take some 300 MB;
 * a day with more is no longer read for its retries alone.
 */
export const STORY_SETTINGS: StorySettings = { windowMs: 2 * 86_400_000, maxOpen: 500_000 };

/** A client's network, as greylisters have it; its address where it is none. */
export function networkText(client: string | undefined): string {
  const address = client === undefined ? undefined : parseIpAddress(client);
  if (address === undefined) return client ?? '';
  return networkOf(address, address.family === 4 ? 24 : 64).text;
}

/** The sender and recipient of a mail, which together are its own. */
function pairOf({ from, to }: LoggedDecision): string {
  return `${from}\0${to}`.toLowerCase();
}

type Stories = Map<string, OpenStory>;

/**
 * Joins first attempts to what came of them: by network, sender and recipient, for as long as a client may
 * take to come back, and no more of them at once than there is room for; the oldest are then given up.
 */
export class StoryJoiner {
  readonly #settings: StorySettings;
  /** By pair and network; in the order in which they began. */
  readonly #open: Stories = new Map();
  /** The keys of those of a pair, for what gets through from another network. */
  readonly #ofPair = new Map<string, readonly string[]>();
  #startAt: number | undefined;
  #now = -Infinity;
  #givenUp = 0;

  constructor(settings: StorySettings = STORY_SETTINGS) {
    this.#settings = settings;
  }

  /** How many were given up for want of room; what came of them is not known. */
  get givenUp(): number {
    return this.#givenUp;
  }

  /** @returns the stories that have ended by now */
  take(decision: LoggedDecision): readonly Story[] {
    this.#startAt ??= decision.at;
    this.#now = Math.max(this.#now, decision.at);
    const ended = this.#expire();
    const pair = pairOf(decision);
    const key = `${pair}\0${networkText(decision.client)}`;
    ended.push(...this.#endLate(key, pair));
    const story = this.#open.get(key);
    // Who passes because of the mode might have come back, and nobody knows when.
    if (decision.verdict !== decision.would) {
      if (story !== undefined) {
        this.#remove(key, pair);
        ended.push(story.end(false));
      }
      return ended;
    }
    if (isPutOff(decision)) {
      if (story !== undefined) story.retry(decision.at);
      else ended.push(...this.#begin(key, pair, decision));
    } else if (decision.verdict === 'accept') ended.push(...this.#pass(key, pair, decision));
    return ended;
  }

  /** What is open when the log ends, one after the other: all of them at once would be large. */
  *end(): Generator<Story, void, undefined> {
    for (const story of this.#open.values()) {
      yield story.end(this.#now - story.at >= this.#settings.windowMs);
    }
    this.#open.clear();
    this.#ofPair.clear();
  }

  #begin(key: string, pair: string, decision: LoggedDecision): readonly Story[] {
    const { reason, at } = decision;
    const isFirst = reason === 'greylist-new' || reason === 'greylist-expired';
    // Where the line does not say, what was before the log began may have been the first time.
    const isLate = at - (this.#startAt ?? at) >= this.#settings.windowMs;
    const isWhole = isFirst || (reason === 'greylist' && isLate);
    this.#open.set(key, new OpenStory(decision, isWhole));
    this.#ofPair.set(pair, [...(this.#ofPair.get(pair) ?? []), key]);
    if (this.#open.size <= this.#settings.maxOpen) return [];
    this.#givenUp++;
    return this.#endFirst(false);
  }

  #pass(key: string, pair: string, { at, from }: LoggedDecision): readonly Story[] {
    const story = this.#open.get(key);
    if (story !== undefined) this.#remove(key, pair);
    // Everybody uses the null sender: a bounce from elsewhere is another one.
    if (from !== '') {
      for (const other of this.#ofPair.get(pair) ?? []) this.#open.get(other)?.passElsewhere(at);
    }
    return story === undefined ? [] : [story.pass(at)];
  }

  #expire(): Story[] {
    const ended: Story[] = [];
    for (const [, { at }] of this.#open) {
      if (this.#now - at < this.#settings.windowMs) break;
      ended.push(...this.#endFirst(true));
    }
    return ended;
  }

  /** In a log that is not in order, an old one may stand behind a younger one. */
  #endLate(key: string, pair: string): readonly Story[] {
    const story = this.#open.get(key);
    if (story === undefined || this.#now - story.at < this.#settings.windowMs) return [];
    this.#remove(key, pair);
    return [story.end(true)];
  }

  #endFirst(isOver: boolean): readonly Story[] {
    for (const [key, story] of this.#open) {
      this.#remove(key, pairOf(story.first));
      return [story.end(isOver)];
    }
    return [];
  }

  #remove(key: string, pair: string): void {
    this.#open.delete(key);
    const left = (this.#ofPair.get(pair) ?? []).filter((other) => other !== key);
    if (left.length === 0) this.#ofPair.delete(pair);
    else this.#ofPair.set(pair, left);
  }
}
