import type {
  EventName,
  FilterFault,
  FilterReply,
  MessageChange,
  MtaAgreement,
} from '../../protocols/milter/index.js';
import type { ProbePlan } from './probe-plan.js';

/**
 * Why an event has no answer: the filter does not want to see it, only listens, answered a protocol
 * version that does not have it, or has said before that it wants no more.
 */
export type Silence = 'not-sent' | 'not-answered' | 'unknown' | 'settled';

/** One event, and what the filter said to it. */
export interface ProbeStep {
  readonly event: 'connect' | 'helo' | 'mail' | 'rcpt' | 'data' | 'message';
  /** The event's argument, as it was sent. */
  readonly shown: string;
  readonly answer: FilterReply | Silence;
  /** Which event of the message the answer is to. */
  readonly at: EventName | undefined;
  readonly changes: readonly MessageChange[];
  /** Progress that was reported before the answer. */
  readonly progress: number;
  readonly tookMs: number;
}

/** How far the conversation had come. */
export type ProbeMoment = 'negotiate' | ProbeStep['event'] | 'quit';

/** A fault that was found, and where. */
export interface FoundFault {
  readonly fault: FilterFault;
  readonly event: ProbeMoment;
}

/** What ended the conversation before its end. */
export interface ProbeFailure {
  /** `unreachable` and `denied`: nobody spoke; `broken`: somebody did, but not to the end. */
  readonly kind: 'unreachable' | 'denied' | 'broken';
  /** Of a MilterProtocolError, or the system's (`ECONNREFUSED`). */
  readonly code: string;
  readonly message: string;
  /** What was not answered; undefined if there was no connection. */
  readonly event: ProbeMoment | undefined;
}

/** All that came out of a probe. */
export interface ProbeReport {
  readonly plan: ProbePlan;
  readonly agreement: MtaAgreement | undefined;
  readonly steps: readonly ProbeStep[];
  readonly faults: readonly FoundFault[];
  readonly failure: ProbeFailure | undefined;
}
