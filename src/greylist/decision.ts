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

/** The recipient may pass. */
export interface Acceptance {
  readonly verdict: 'accept';
  readonly reason: Exclude<Reason, 'greylist-new' | 'greylist-early' | 'greylist-expired'>;
  /** Since the first attempt, in milliseconds; absent if greylisting did not look at it. */
  readonly delayedMs: number | undefined;
  /** How often this source has tried by now. */
  readonly attempts: number | undefined;
}

/** The recipient is put off. */
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
  /** Epoch milliseconds. */
  readonly at: number;
  /** From the arrival of the event to the answer, in microseconds. */
  readonly tookUs: number;
}

/**
 * What the MTA is told and why. The log, the reply, the header and all statistics are formatted
 * from this one value.
 */
export type Decision = Circumstances & Finding;

/**
 * Puts a decision together. Field by field, because it is made for every recipient, and a copy by
 * spreading costs forty times as much.
 */
export function decide(finding: Finding, circumstances: Circumstances): Decision {
  const { attempt, stage, at, tookUs } = circumstances;
  const { attempts } = finding;
  if (finding.verdict === 'accept') {
    const { verdict, delayedMs } = finding;
    return { verdict, reason: finding.reason, delayedMs, attempts, attempt, stage, at, tookUs };
  }
  const { verdict, waitMs } = finding;
  return { verdict, reason: finding.reason, waitMs, attempts, attempt, stage, at, tookUs };
}
