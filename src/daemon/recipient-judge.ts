import type { Attempt } from '../greylist/attempt.js';
import { correspondenceKey } from '../greylist/correspondence-key.js';
import type { Acceptance, Finding } from '../greylist/decision.js';
import { normaliseAddress } from '../mail/envelope-address.js';
import { exemptionOf, type Exemption } from '../rules/exemption.js';
import type { MaybePromise } from '../store/store.js';
import type { Greylister, Judgement, Question } from './greylister.js';
import type { Policy } from './policy.js';

/** What was found about a recipient, and the clock that others of its transaction may share. */
export interface Hearing {
  readonly finding: Finding;
  /** Epoch milliseconds; undefined if no clock runs for it. */
  readonly clockAt: number | undefined;
}

/** The case to be heard. */
export interface Case {
  readonly attempt: Attempt;
  /** Whether its sender may only be probing. */
  readonly isProbe: boolean;
  readonly policy: Policy;
  /** The earliest clock that runs for this sender and source in the transaction. */
  readonly clockAt: number | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Decides about one recipient: what is never greylisted passes, the greylist decides the rest. */
export function hearRecipient(heard: Case, greylister: Greylister): MaybePromise<Hearing> {
  const question = questionOf(heard);
  if (typeof question === 'string') return { finding: pass(question), clockAt: undefined };
  const judgement = greylister.judge(question);
  return judgement instanceof Promise ? judgement.then(asHearing) : asHearing(judgement);
}

/**
 * The clock that a recipient waits by already, so that those who are judged together can share the
 * earliest; undefined if none runs for it. Nothing is changed by asking.
 */
export async function clockOfRecipient(
  heard: Case,
  greylister: Greylister,
): Promise<number | undefined> {
  const question = questionOf(heard);
  return typeof question === 'string' ? undefined : await greylister.clockOf(question);
}

/** What the greylist is to be asked, or why it is not. */
function questionOf({ attempt, isProbe, policy, clockAt, now }: Case): Question | Exemption {
  const client = attempt.clientAddress;
  const exemption = exemptionOf(attempt, policy.trusted);
  if (exemption !== undefined || client === undefined) return exemption ?? 'local';
  const settings = isProbe ? policy.probe : policy.greylist;
  const key = correspondenceKey({
    sender: normaliseAddress(attempt.sender, policy.senderForm),
    recipient: normaliseAddress(attempt.recipient, policy.recipientForm),
    client,
    network: settings.network,
  });
  const source = { address: client, name: attempt.clientName, clockAt };
  return { key, source, settings, failure: policy.failure, now };
}

function asHearing(judgement: Judgement): Hearing {
  switch (judgement.kind) {
    case 'pass': {
      const { reason, delayedMs, attempts, clockAt } = judgement;
      return { finding: { verdict: 'accept', reason, delayedMs, attempts }, clockAt };
    }
    case 'wait': {
      const { reason, waitMs, attempts, clockAt } = judgement;
      return { finding: { verdict: 'tempfail', reason, waitMs, attempts }, clockAt };
    }
    case 'undecided':
      return { finding: undecided(judgement.verdict), clockAt: undefined };
  }
}

/** The finding where the store, or the time, kept us from one. */
export function undecided(verdict: 'accept' | 'tempfail'): Finding {
  const reason = 'store-unavailable';
  return verdict === 'accept'
    ? pass(reason)
    : { verdict, reason, waitMs: undefined, attempts: undefined };
}

function pass(reason: Acceptance['reason']): Acceptance {
  return { verdict: 'accept', reason, delayedMs: undefined, attempts: undefined };
}
