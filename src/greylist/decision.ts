import type { Attempt, Stage } from './attempt.js';

/** What the SMTP client sees. */
export type Verdict = 'accept' | 'tempfail' | 'reject' | 'discard' | 'quarantine';

/** Why it sees that. The spelling is the same in log, metrics, header and documentation. */
export type Reason =
  | 'greylist-new'
  | 'greylist-early'
  | 'greylist-passed'
  | 'greylist-known'
  | 'greylist-expired'
  | 'pool'
  | 'patience'
  | 'client-autowhite'
  | 'reply'
  | 'provider'
  | 'trusted'
  | 'authenticated'
  | 'local'
  | 'access-map'
  | 'rule'
  | 'store-unavailable'
  | 'overload'
  | 'error';

/**
 * What becomes of those who would be put off. `enforce`: they are. `learn`: they pass, and are known
 * from then on. `shadow`: they pass, and are remembered as if they had been put off.
 */
export type Mode = 'enforce' | 'learn' | 'shadow';

/** The recipient may pass. */
export interface Acceptance {
  readonly verdict: 'accept';
  readonly reason: Exclude<Reason, 'greylist-new' | 'greylist-early' | 'greylist-expired'>;
  /** Since the first attempt, in milliseconds; absent if greylisting did not look at it. */
  readonly delayedMs: number | undefined;
  /** How often this source has tried by now. */
  readonly attempts: number | undefined;
}

/** The recipient is to be put off. */
export interface Deferral {
  readonly verdict: 'tempfail';
  readonly reason:
    'greylist-new' | 'greylist-early' | 'greylist-expired' | 'store-unavailable' | 'error';
  /**
   * How long the client should wait before it tries again, in milliseconds, never more than the
   * delay; absent where nobody knows.
   */
  readonly waitMs: number | undefined;
  readonly attempts: number | undefined;
}

/** What was found about one attempt. */
export type Finding = Acceptance | Deferral;

/** When and where it was found. */
export interface Circumstances {
  readonly attempt: Attempt;
  readonly stage: Stage;
  readonly mode: Mode;
  /** Epoch milliseconds. */
  readonly at: number;
  /** From the arrival of the event to the answer, in microseconds. */
  readonly tookUs: number;
}

/** Who may pass is told so in any mode. */
export interface Passing extends Acceptance {
  readonly would: 'accept';
}

/** Who is to be put off is told so, or passes because of the mode. */
export interface PuttingOff extends Omit<Deferral, 'verdict'> {
  readonly verdict: 'accept' | 'tempfail';
  readonly would: 'tempfail';
}

/**
 * What the MTA is told and why: `verdict` is what it is told, `would` what it would be told in
 * enforce mode. The log, the reply, the header and all statistics are formatted from this one value.
 */
export type Decision = Circumstances & (Passing | PuttingOff);

/** What is told in a mode of what would be told: nobody is put off but in enforce mode. */
export function verdictIn(mode: Mode, would: 'accept' | 'tempfail'): 'accept' | 'tempfail' {
  return mode === 'enforce' ? would : 'accept';
}

/**
 * Puts a decision together. Field by field, because it is made for every recipient, and a copy by
 * spreading costs forty times as much.
 */
export function decide(finding: Finding, circumstances: Circumstances): Decision {
  const { attempt, stage, mode, at, tookUs } = circumstances;
  const { attempts } = finding;
  if (finding.verdict === 'accept') {
    const { verdict, reason, delayedMs } = finding;
    const would = verdict;
    return { verdict, would, reason, delayedMs, attempts, attempt, stage, mode, at, tookUs };
  }
  const { verdict: would, reason, waitMs } = finding;
  const verdict = verdictIn(mode, would);
  return { verdict, would, reason, waitMs, attempts, attempt, stage, mode, at, tookUs };
}
