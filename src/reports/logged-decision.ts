import type { Via } from '../greylist/attempt.js';
import type { Mode, Reason, Verdict } from '../greylist/decision.js';

/** Whose words a line has. */
export type Voice = 'greymilter' | 'postgrey' | 'milter-greylist' | 'postfix';

/**
 * Why, in our words; `greylist` where a line says only that somebody has to wait, and not whether it
 * is the first time.
 */
export type LoggedReason = Reason | 'greylist';

/** One decision as a log tells of it, whoever has written that. */
export interface LoggedDecision {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly voice: Voice;
  /** What the client was told. */
  readonly verdict: Verdict;
  /** What it would have been told in enforce mode. */
  readonly would: Verdict;
  readonly mode: Mode;
  readonly reason: LoggedReason;
  /** Queue id or session; empty if the line has none. */
  readonly id: string;
  /** The protocol over which the filter was asked, if the line says so. */
  readonly via: Via | undefined;
  /** The client's address in its canonical form; undefined if it has none. */
  readonly client: string | undefined;
  /** Its verified name. */
  readonly name: string | undefined;
  readonly helo: string | undefined;
  /** Without brackets; empty for the null sender. */
  readonly from: string;
  readonly to: string;
  readonly rule: string | undefined;
  /** What has shown that it has tried before. */
  readonly identity: string | undefined;
  /** Seconds it has waited, as the line says. */
  readonly delayedS: number | undefined;
}

/** The same without its time, which stands at the head of the line. */
export type ToldDecision = Omit<LoggedDecision, 'at'>;

/** What most lines do not say. */
export const UNTOLD = {
  mode: 'enforce',
  id: '',
  via: undefined,
  client: undefined,
  name: undefined,
  helo: undefined,
  rule: undefined,
  identity: undefined,
  delayedS: undefined,
} as const;

/** Whether it was put off by greylisting, rather than by a rule or for want of a store. */
export function isPutOff({ would, reason }: Pick<LoggedDecision, 'would' | 'reason'>): boolean {
  return would === 'tempfail' && (reason === 'greylist' || reason.startsWith('greylist-'));
}
