import type { Attempt } from '../greylist/attempt.js';
import { correspondenceKey, type CorrespondenceParties } from '../greylist/correspondence-key.js';
import type { Acceptance, Finding } from '../greylist/decision.js';
import type { IpAddress } from '../mail/ip-address.js';
import { normaliseAddress } from '../mail/normalise-address.js';
import { exemptionOf } from '../rules/exemption.js';
import type { Lookups } from '../rules/lookups.js';
import type { MaybePromise } from '../store/store.js';
import type { Greylister, Judgement, Question } from './greylister.js';
import type { Ruling } from '../rules/rule.js';
import type { Policy } from './policy.js';
import { proveIdentity } from './prove-identity.js';
import type { Terms } from './terms.js';

/** What was found about a recipient, and the clock that others of its transaction may share. */
export interface Hearing {
  readonly finding: Finding;
  /** Epoch milliseconds; undefined if no clock runs for it. */
  readonly clockAt: number | undefined;
}

/** One recipient, and what holds for it. */
export interface Recipient {
  readonly attempt: Attempt;
  /** What the rules say; undefined where there are none, or none were asked. */
  readonly ruling: Ruling | undefined;
  readonly terms: Terms;
}

/** The case to be heard. */
export interface Case {
  readonly recipient: Recipient;
  readonly policy: Policy;
  /** Whom to ask about the client if it comes to that, within the time that there is for it. */
  readonly lookups: Lookups;
  /** The earliest clock that runs for this sender and source in the transaction. */
  readonly clockAt: number | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Decides about one recipient: what is never greylisted passes, then what the rules say holds, and
 * the greylist decides the rest.
 */
export function hearRecipient(heard: Case, greylister: Greylister): MaybePromise<Hearing> {
  const question = questionOf(heard);
  if ('verdict' in question) return { finding: question, clockAt: undefined };
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
  return 'verdict' in question ? undefined : await greylister.clockOf(question);
}

/** What the greylist is to be asked, or what is known without it. */
function questionOf(heard: Case): Question | Finding {
  const { recipient, policy, clockAt, now } = heard;
  const { attempt, ruling, terms } = recipient;
  const client = attempt.clientAddress;
  const exemption = exemptionOf(attempt, policy.trusted);
  if (exemption !== undefined || client === undefined) return pass(exemption ?? 'local');
  if (ruling !== undefined && ruling.action !== 'greylist') return findingOfRule(ruling.action);
  const { greylist } = terms;
  const key = correspondenceKey(partiesOf(attempt, client, policy, greylist));
  const isListed = ruling?.found?.has('dnsbl') ?? false;
  const source = { address: client, name: attempt.clientName, clockAt, isListed, proof: undefined };
  const prove = proverFor(heard, client);
  return { key, source, settings: greylist, failure: policy.failure, now, prove };
}

/** The null sender, which everybody uses, says nothing about who uses it. */
function proverFor({ recipient, lookups }: Case, address: IpAddress): Question['prove'] {
  const { sender, helo, clientName: name } = recipient.attempt;
  const { identity } = recipient.terms.greylist;
  if (sender.text === '') return undefined;
  return (inquiry) => proveIdentity(inquiry, { address, name, helo, sender }, identity, lookups);
}

/** In whose name an attempt is remembered. */
export function partiesOf(
  { sender, recipient }: Pick<Attempt, 'sender' | 'recipient'>,
  client: IpAddress,
  { senderForm, recipientForm }: Pick<Policy, 'senderForm' | 'recipientForm'>,
  { network }: Pick<Terms['greylist'], 'network'>,
): CorrespondenceParties {
  return {
    sender: normaliseAddress(sender, senderForm),
    recipient: normaliseAddress(recipient, recipientForm),
    client,
    network,
  };
}

/** What is found where a rule decides by itself. */
export function findingOfRule(action: Exclude<Ruling['action'], 'greylist'>): Finding {
  const reason = 'rule';
  if (action === 'accept') return pass(reason);
  return action === 'tempfail'
    ? { verdict: action, reason, waitMs: undefined, attempts: undefined }
    : { verdict: action, reason, attempts: undefined };
}

function asHearing(judgement: Judgement): Hearing {
  switch (judgement.kind) {
    case 'pass': {
      const { reason, identity, delayedMs, attempts, clockAt } = judgement;
      return { finding: { verdict: 'accept', reason, identity, delayedMs, attempts }, clockAt };
    }
    case 'wait': {
      const { reason, identity, waitMs, attempts, clockAt } = judgement;
      return { finding: { verdict: 'tempfail', reason, identity, waitMs, attempts }, clockAt };
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
