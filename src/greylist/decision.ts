import type { Attempt, Stage } from './attempt.js';
import type { Identity } from './identity.js';
import type { Particulars } from './particulars.js';

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
  | 'tls'
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
  /** What shows that it has tried before; absent if it has not, or greylisting did not look at it. */
  readonly identity?: Identity | undefined;
  /** How long it is known from now on; absent where nobody says so. */
  readonly knownForMs?: number | undefined;
}

/** The recipient is to be put off. */
export interface Deferral {
  readonly verdict: 'tempfail';
  readonly reason:
    | 'greylist-new'
    | 'greylist-early'
    | 'greylist-expired'
    | 'store-unavailable'
    | 'overload'
    | 'rule'
    | 'error';
  /**
   * How long the client should wait before it tries again, in milliseconds, never more than the
   * delay; absent where nobody knows.
   */
  readonly waitMs: number | undefined;
  readonly attempts: number | undefined;
  /** As of those who pass. */
  readonly identity?: Identity | undefined;
}

/** A rule wants the recipient, or the message, to be dealt with otherwise. */
export interface Refusal {
  readonly verdict: 'reject' | 'discard' | 'quarantine';
  readonly reason: 'rule';
  readonly attempts: undefined;
  readonly identity?: undefined;
}

/** What was found about one attempt. */
export type Finding = Acceptance | Deferral | Refusal;

/** When and where it was found. */
export interface Circumstances {
  readonly attempt: Attempt;
  readonly stage: Stage;
  readonly mode: Mode;
  /** The rule that decided, or whose settings were used; absent if none did. */
  readonly rule: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
  /** From the arrival of the event to the answer, in microseconds. */
  readonly tookUs: number;
  /** Only where milter-greylist's words are wanted. */
  readonly particulars?: Particulars | undefined;
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

/** Whom a rule refuses is told so, or passes because of the mode. */
export interface Refusing extends Omit<Refusal, 'verdict'> {
  readonly verdict: 'accept' | Refusal['verdict'];
  readonly would: Refusal['verdict'];
}

/**
 * What the MTA is told and why: `verdict` is what it is told, `would` what it would be told in
 * enforce mode. The log, the reply, the header and all statistics are formatted from this one value.
 */
export type Decision = Circumstances & (Passing | PuttingOff | Refusing);

/** What is told in a mode of what would be told: nobody is refused but in enforce mode. */
export function verdictIn<Would extends Verdict>(mode: Mode, would: Would): Would | 'accept' {
  return mode === 'enforce' ? would : 'accept';
}

/**
 * Puts a decision together. Field by field, because it is made for every recipient, and a copy by
 * spreading costs forty times as much.
 */
export function decide(finding: Finding, circumstances: Circumstances): Decision {
  const { particulars } = circumstances;
  const plain = decidePlainly(finding, circumstances);
  if (particulars === undefined) return plain;
  const decision = { ...plain, particulars };
  return finding.verdict === 'accept' && decision.would === 'accept'
    ? { ...decision, knownForMs: finding.knownForMs }
    : decision;
}

function decidePlainly(finding: Finding, circumstances: Circumstances): Decision {
  const { attempt, stage, mode, rule, at, tookUs } = circumstances;
  const { attempts, identity } = finding;
  switch (finding.verdict) {
    case 'accept': {
      const { verdict, reason, delayedMs } = finding;
      const would = verdict;
      return {
        verdict,
        would,
        reason,
        delayedMs,
        attempts,
        identity,
        attempt,
        stage,
        mode,
        rule,
        at,
        tookUs,
      };
    }
    case 'tempfail': {
      const { verdict: would, reason, waitMs } = finding;
      const verdict = verdictIn(mode, would);
      return {
        verdict,
        would,
        reason,
        waitMs,
        attempts,
        identity,
        attempt,
        stage,
        mode,
        rule,
        at,
        tookUs,
      };
    }
    case 'reject':
    case 'discard':
    case 'quarantine': {
      const { verdict: would, reason } = finding;
      const verdict = verdictIn(mode, would);
      return {
        verdict,
        would,
        reason,
        attempts: undefined,
        identity: undefined,
        attempt,
        stage,
        mode,
        rule,
        at,
        tookUs,
      };
    }
  }
}
