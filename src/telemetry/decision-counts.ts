import { verdictIn } from '../greylist/decision.js';
import type { Decision, Mode, Reason, Verdict } from '../greylist/decision.js';
import { BucketCounts } from './bucket-counts.js';

/** Decisions of one kind. */
export interface DecisionReading {
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly mode: Mode;
  readonly would: Verdict;
  readonly count: number;
}

const verdicts = ['accept', 'tempfail', 'reject', 'discard', 'quarantine'] as const;
const modes = ['enforce', 'learn', 'shadow'] as const;

/** What each reason can come with in `enforce`; these are shown from the start, at zero. */
const verdictsOf = {
  'greylist-new': ['tempfail'],
  'greylist-early': ['tempfail'],
  'greylist-passed': ['accept'],
  'greylist-known': ['accept'],
  'greylist-expired': ['tempfail'],
  pool: ['accept'],
  patience: ['accept'],
  'client-autowhite': ['accept'],
  reply: ['accept'],
  provider: ['accept'],
  trusted: ['accept'],
  authenticated: ['accept'],
  tls: ['accept'],
  local: ['accept'],
  'access-map': ['accept'],
  rule: verdicts,
  'store-unavailable': ['accept', 'tempfail'],
  overload: [],
  error: ['tempfail'],
} as const satisfies Record<Reason, readonly Verdict[]>;

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The usual delays and the first retries of MTAs are in the first hour, the retry window is two days. */
const DELAY_SECONDS = [1, 2, 3, 5, 10, 15, 20, 30]
  .map((minutes) => minutes * MINUTE)
  .concat([1, 2, 4, 8, 16].map((hours) => hours * HOUR))
  .concat([1, 2, 4].map((days) => days * DAY));

const ANSWER_SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

const reasons = Object.keys(verdictsOf);

/** Every verdict, and every reason, as words. */
export const knownVerdicts: readonly string[] = verdicts;
export const knownReasons: readonly string[] = reasons;

const indexOf = (words: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(words.map((word, index) => [word, index]));
const reasonIndex = indexOf(reasons);
const verdictIndex = indexOf(verdicts);
const modeIndex = indexOf(modes);

/**
 * Counts decisions. What was told follows from what would be told and the mode, so three words make
 * a place in one array; a decision costs two additions and two short searches.
 */
export class DecisionCounts {
  readonly #counts = new Float64Array(reasons.length * verdicts.length * modes.length);
  /** Seconds from the first attempt to the one that passed, where everybody has to wait. */
  readonly timeToPass = new BucketCounts(DELAY_SECONDS);
  /** Seconds from the arrival of the question to its answer. */
  readonly answerTime = new BucketCounts(ANSWER_SECONDS);

  count(decision: Decision): void {
    const { reason, would, mode, tookUs } = decision;
    const place = placeOf(reason, would, mode);
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.answerTime.observe(tookUs / 1e6);
    // In other modes nobody was told to wait, so nobody shows how long it takes.
    if (mode !== 'enforce') return;
    if (decision.reason !== 'greylist-passed' && decision.reason !== 'patience') return;
    if (decision.delayedMs !== undefined) this.timeToPass.observe(decision.delayedMs / 1000);
  }

  /** All that was counted, and what may be in the mode of now. */
  read(mode: Mode): readonly DecisionReading[] {
    return allKinds().flatMap(({ reason, would, mode: its }) => {
      const count = this.#counts[placeOf(reason, would, its)] ?? 0;
      const isUsual = its === mode && isPossible(reason, would);
      if (count === 0 && !isUsual) return [];
      return [{ verdict: verdictIn(its, would), reason, mode: its, would, count }];
    });
  }
}

function isPossible(reason: Reason, would: Verdict): boolean {
  const possible: readonly Verdict[] = verdictsOf[reason];
  return possible.includes(would);
}

function placeOf(reason: string, would: string, mode: string): number {
  const place = (reasonIndex[reason] ?? 0) * verdicts.length + (verdictIndex[would] ?? 0);
  return place * modes.length + (modeIndex[mode] ?? 0);
}

function allKinds(): readonly Omit<DecisionReading, 'verdict' | 'count'>[] {
  // The keys of our own table.
  const all = reasons as Reason[];
  return all.flatMap((reason) =>
    verdicts.flatMap((would) => modes.map((mode) => ({ reason, would, mode }))),
  );
}
