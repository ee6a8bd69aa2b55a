import { Durations } from './durations.js';
import type { LoggedDecision } from './logged-decision.js';

/** A mail of the log, and how it fared there and in the replay; times in milliseconds. */
export interface ReplayedMail {
  readonly first: LoggedDecision;
  /** From its first attempt until it got through; undefined if it never did. */
  readonly loggedMs: number | undefined;
  readonly replayedMs: number | undefined;
  /** Its client was let through earlier in the log, so nobody knows when it would have come back. */
  readonly isAtLeast: boolean;
  /** What it is told in the end, if it is refused. */
  readonly isRefused: boolean;
}

/** What became of a mail by another configuration. */
export type ReplayChange =
  | 'same'
  | 'newly-delayed'
  | 'newly-through'
  | 'longer'
  | 'shorter'
  | 'newly-refused'
  /** It never got through, in the log, and would have. */
  | 'would-get-through'
  /** Neither there nor here. */
  | 'never';

/** What of a mail is different. */
export function changeOf(mail: ReplayedMail): ReplayChange {
  const { loggedMs, replayedMs, isRefused } = mail;
  if (isRefused) return loggedMs === undefined ? 'never' : 'newly-refused';
  if (loggedMs === undefined) return replayedMs === undefined ? 'never' : 'would-get-through';
  // It got through in the log, so it comes back until it does here.
  const replayed = replayedMs ?? loggedMs;
  if (loggedMs === replayed) return 'same';
  if (loggedMs === 0) return 'newly-delayed';
  if (replayed === 0) return 'newly-through';
  return replayed > loggedMs ? 'longer' : 'shorter';
}

/** What a replay comes to. */
export interface ReplayResult {
  readonly mails: number;
  readonly changes: Readonly<Record<ReplayChange, number>>;
  /** How long mail had to wait that got through, all together, in seconds. */
  readonly loggedS: number;
  readonly replayedS: number;
  /** Mails whose delay in the replay is a bound. */
  readonly atLeast: number;
  readonly logged: Durations;
  readonly replayed: Durations;
  /** The pairs of reasons that differ, the most frequent first. */
  readonly reasons: readonly {
    readonly from: string;
    readonly to: string;
    readonly count: number;
  }[];
}

/** Adds up how mails fared. */
export class ReplayTally {
  readonly #changes: Record<ReplayChange, number> = {
    same: 0,
    'newly-delayed': 0,
    'newly-through': 0,
    longer: 0,
    shorter: 0,
    'newly-refused': 0,
    'would-get-through': 0,
    never: 0,
  };
  readonly #logged = new Durations();
  readonly #replayed = new Durations();
  readonly #reasons = new Map<string, number>();
  #mails = 0;
  #atLeast = 0;

  /** How one attempt was answered there and here. */
  answer(logged: string, replayed: string): void {
    if (logged === replayed) return;
    const key = `${logged}\t${replayed}`;
    this.#reasons.set(key, (this.#reasons.get(key) ?? 0) + 1);
  }

  add(mail: ReplayedMail): void {
    const { loggedMs, replayedMs, isAtLeast, isRefused } = mail;
    this.#mails++;
    this.#changes[changeOf(mail)]++;
    if (loggedMs === undefined) return;
    this.#logged.add(loggedMs);
    if (isRefused) return;
    this.#replayed.add(replayedMs ?? loggedMs);
    if (isAtLeast) this.#atLeast++;
  }

  result(): ReplayResult {
    const reasons = [...this.#reasons].map(([key, count]) => {
      const [from = '', to = ''] = key.split('\t');
      return { from, to, count };
    });
    return {
      mails: this.#mails,
      changes: this.#changes,
      loggedS: this.#logged.totalS,
      replayedS: this.#replayed.totalS,
      atLeast: this.#atLeast,
      logged: this.#logged,
      replayed: this.#replayed,
      reasons: reasons.toSorted(
        (a, b) => b.count - a.count || (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1),
      ),
    };
  }
}
