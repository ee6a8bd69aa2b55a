import type { LoggedDecision } from './logged-decision.js';

/**
 * What became of a mail that was put off. `returned`: its client came back and got through.
 * `elsewhere`: its sender and recipient got through from another network. `never`: the time in which it
 * could have come back is over. `open`: the log ends before that.
 */
export type Ending = 'returned' | 'elsewhere' | 'never' | 'open';

/** A first attempt that was put off, and what came of it. */
export interface Story {
  /** The decision about the first attempt. */
  readonly first: LoggedDecision;
  /** Milliseconds from the first attempt to each further one, those that were put off, at most 16. */
  readonly retries: readonly number[];
  /** How often it was tried, with the first and the last. */
  readonly attempts: number;
  readonly ending: Ending;
  /** Milliseconds from the first attempt to the one that got through; undefined if none did. */
  readonly passedAfter: number | undefined;
  /**
   * Whether its beginning is in the log: false for an early retry that nothing was before, and where
   * the first line may be one.
   */
  readonly isWhole: boolean;
}

/** What is a text of a line, and may be long. */
type Texts = Pick<LoggedDecision, 'id' | 'client' | 'name' | 'helo' | 'from' | 'to' | 'rule'>;

/** More retries than that tell nothing more. */
export const MAX_RETRIES = 16;

/**
 * A story that goes on. The texts of its first attempt are kept as one of their own: each by itself would
 * be a piece of the part of the log that it was read from, and keep all of that in memory.
 */
export class OpenStory {
  readonly at: number;
  readonly isWhole: boolean;
  readonly #rest: Omit<LoggedDecision, keyof Texts | 'via'>;
  readonly #texts: string;
  readonly #retries: number[] = [];
  #attempts = 1;
  #elsewhereAfter: number | undefined;

  constructor(first: LoggedDecision, isWhole: boolean) {
    const { client, name, helo, from, to, rule } = first;
    const { at, voice, verdict, would, mode, reason, identity, delayedS } = first;
    this.at = at;
    this.isWhole = isWhole;
    this.#rest = { at, voice, verdict, would, mode, reason, identity, delayedS };
    this.#texts = [client, name, helo, from, to, rule].map((text) => text ?? '').join('\0');
  }

  /** The decision about its first attempt, without what only messages are told apart by. */
  get first(): LoggedDecision {
    const [client, name, helo, from = '', to = '', rule] = this.#texts.split('\0');
    const texts = { client: client || undefined, name: name || undefined, from, to };
    const untold = { id: '', via: undefined };
    return { ...this.#rest, ...texts, ...untold, helo: helo || undefined, rule: rule || undefined };
  }

  /** It was put off again. */
  retry(at: number): void {
    this.#attempts++;
    if (this.#retries.length < MAX_RETRIES) this.#retries.push(Math.max(0, at - this.at));
  }

  /** The same mail, it seems, got through from another network. */
  passElsewhere(at: number): void {
    this.#elsewhereAfter ??= Math.max(0, at - this.at);
  }

  /** It got through. */
  pass(at: number): Story {
    const passedAfter = Math.max(0, at - this.at);
    return this.#end('returned', this.#attempts + 1, passedAfter);
  }

  /** Nothing more will be heard of it, or the log ends. */
  end(isOver: boolean): Story {
    if (this.#elsewhereAfter !== undefined) {
      return this.#end('elsewhere', this.#attempts, this.#elsewhereAfter);
    }
    return this.#end(isOver ? 'never' : 'open', this.#attempts, undefined);
  }

  #end(ending: Ending, attempts: number, passedAfter: number | undefined): Story {
    const { first, isWhole } = this;
    return { first, retries: this.#retries, attempts, ending, passedAfter, isWhole };
  }
}
