import { Durations } from './durations.js';
import { GroupTally } from './group-counts.js';
import { keyOf } from './story-keys.js';
import type { Story } from './story.js';

/** What a delay would do to what a log tells of. */
export interface DelayEffect {
  readonly delayS: number;
  /**
   * Of the second tries of those that never got through, how many came before the delay was over, a share
   * from 0 to 1; undefined if there was none.
   */
  readonly stopped: number | undefined;
  /** Mail that came back: how long it would take, in the median and for 95 of 100, seconds. */
  readonly medianS: number | undefined;
  readonly p95S: number | undefined;
  /** Of the mail that came back, how much would get through with its first retry, a share. */
  readonly firstRetry: number | undefined;
  /** Mail whose next retry nobody has seen, since it was let through before: its times are "at least". */
  readonly unseen: number;
}

/** Senders that greylisting costs more than it brings. */
export interface ExceptionAdvice {
  readonly domain: string;
  /** How many mails had to wait, and for how long together. */
  readonly mails: number;
  readonly waitedS: number;
}

/** What history says about delays. */
export interface Tuning {
  readonly returned: number;
  readonly never: number;
  /** Of those that never came back, how many tried a second time. */
  readonly secondTries: number;
  /** Stories whose beginning is not in the log, whose end is not, or that got through elsewhere. */
  readonly leftOut: number;
  /** When mail that got through was tried for the second time, and when it got through. */
  readonly retries: Durations;
  readonly effects: readonly DelayEffect[];
  readonly exceptions: readonly ExceptionAdvice[];
  readonly advice: DelayAdvice | undefined;
}

/** The delays that are worth having. */
export interface DelayAdvice {
  readonly fromS: number;
  readonly toS: number;
}

/** From half a minute to an hour; beyond that retries are so rare that no log tells much. */
export const USUAL_DELAYS: readonly number[] = [30, 60, 120, 180, 240, 300, 420, 600, 900].concat([
  1200, 1800, 3600,
]);

/** What advice wants to have seen. */
export const ENOUGH_RETURNED = 50;
export const ENOUGH_SECOND_TRIES = 20;
/** A sender that came back so often, and never failed to, needs no greylisting. */
const ENOUGH_OF_SENDER = 5;

/** Looks at stories one after the other, and says what each delay would have done. */
export class Tuner {
  readonly #delays: readonly DelayTally[];
  readonly #retries = new Durations();
  readonly #senders = new GroupTally();
  readonly #counts = { returned: 0, never: 0, secondTries: 0, leftOut: 0 };

  constructor(delaysS: readonly number[] = USUAL_DELAYS) {
    const inOrder = [...new Set(delaysS)].toSorted((a, b) => a - b);
    this.#delays = inOrder.map((delayS) => new DelayTally(delayS));
  }

  add(story: Story): void {
    const { ending, isWhole, passedAfter, retries } = story;
    if (!isWhole || ending === 'open' || ending === 'elsewhere') {
      this.#counts.leftOut++;
      return;
    }
    if (story.first.from !== '') this.#senders.add(keyOf(story, 'sender-domain'), story);
    if (ending === 'returned' && passedAfter !== undefined) {
      this.#counts.returned++;
      this.#retries.add(retries[0] ?? passedAfter);
      const tries = [...retries, passedAfter];
      for (const tally of this.#delays) tally.addReturned(tries);
      return;
    }
    this.#counts.never++;
    const [second] = retries;
    if (second === undefined) return;
    this.#counts.secondTries++;
    for (const tally of this.#delays) tally.addSecondTry(second);
  }

  finish(): Tuning {
    const effects = this.#delays.map((tally) => tally.effect());
    return {
      ...this.#counts,
      retries: this.#retries,
      effects,
      exceptions: this.#exceptions(),
      advice: adviceOf(effects, this.#counts),
    };
  }

  #exceptions(): readonly ExceptionAdvice[] {
    return this.#senders
      .top(Infinity, 'waitedS')
      .groups.filter(
        ({ key, never, returned }) => key !== '-' && never === 0 && returned >= ENOUGH_OF_SENDER,
      )
      .slice(0, 10)
      .map(({ key, returned, waitedS }) => ({ domain: key, mails: returned, waitedS }));
  }
}

/** What one delay would have done. */
class DelayTally {
  readonly #delayMs: number;
  readonly #waits = new Durations();
  #stopped = 0;
  #secondTries = 0;
  #firstRetry = 0;
  #unseen = 0;

  constructor(delayS: number) {
    this.#delayMs = delayS * 1000;
  }

  /** @param tries milliseconds to each further try, of which the last got through */
  addReturned(tries: readonly number[]): void {
    const passing = tries.find((after) => after >= this.#delayMs);
    if (passing === undefined) this.#unseen++;
    else if (passing === tries[0]) this.#firstRetry++;
    // What was let through before would have had to wait at least for the delay.
    this.#waits.add(passing ?? this.#delayMs);
  }

  addSecondTry(after: number): void {
    this.#secondTries++;
    if (after < this.#delayMs) this.#stopped++;
  }

  effect(): DelayEffect {
    const { count } = this.#waits;
    return {
      delayS: this.#delayMs / 1000,
      stopped: this.#secondTries === 0 ? undefined : this.#stopped / this.#secondTries,
      medianS: this.#waits.quantile(0.5),
      p95S: this.#waits.quantile(0.95),
      firstRetry: count === 0 ? undefined : this.#firstRetry / count,
      unseen: this.#unseen,
    };
  }
}

/**
 * From the shortest delay that stops nearly as many second tries as the longest that the log can speak of,
 * to the longest with which mail takes no longer in the median than a tenth more.
 */
function adviceOf(
  effects: readonly DelayEffect[],
  { returned, secondTries }: { readonly returned: number; readonly secondTries: number },
): DelayAdvice | undefined {
  if (returned < ENOUGH_RETURNED || secondTries < ENOUGH_SECOND_TRIES) return undefined;
  // Where more than a twentieth was let through earlier, nobody knows what the delay would do.
  const known = effects.filter(({ unseen }) => unseen <= returned / 20);
  const best = Math.max(0, ...known.map(({ stopped = 0 }) => stopped));
  const low = known.find(({ stopped = 0 }) => stopped >= best * 0.98);
  if (low?.medianS === undefined) return undefined;
  const bearable = low.medianS * 1.1;
  const high = known.findLast(
    ({ delayS, medianS = Infinity }) => delayS >= low.delayS && medianS <= bearable,
  );
  return { fromS: low.delayS, toS: high?.delayS ?? low.delayS };
}
