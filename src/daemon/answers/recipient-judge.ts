import type { Attempt } from '../../greylist/attempt.js';
import { clientAutowhiteKey } from '../../greylist/client-autowhite-key.js';
import {
  correspondenceKey,
  type CorrespondenceParties,
} from '../../greylist/correspondence-key.js';
import type { Acceptance, Finding } from '../../greylist/decision.js';
import { isTellingPass } from '../../greylist/identity.js';
import type { ReplyRecord } from '../../greylist/reply-record.js';
import type { IpAddress } from '../../mail/ip-address.js';
import { normaliseAddress, writtenForm } from '../../mail/normalise-address.js';
import { exemptionOf } from '../../rules/exemption.js';
import type { Lookups } from '../../rules/lookups.js';
import type { MaybePromise } from '../../store/store.js';
import { clientVisit, hasFallen, isListed } from '../greylisting/client-visit.js';
import type { ExpectedReplies } from '../greylisting/expected-replies.js';
import type { ExceptionFinder } from '../greylisting/hand-exceptions.js';
import type { Greylister, Judgement, Question } from '../greylisting/greylister.js';
import type { Ruling } from '../../rules/rule.js';
import type { Policy } from '../policy/policy.js';
import { proveIdentity } from '../greylisting/prove-identity.js';
import type { ProviderFinder } from '../configuration/provider-watch.js';
import { hearReply, type HeardReply } from './reply-hearing.js';
import type { Terms } from './terms.js';

/** What was found about a recipient, and the clock that others of its transaction may share. */
export interface Hearing {
  readonly finding: Finding;
  /** Epoch milliseconds; undefined if no clock runs for it. */
  readonly clockAt: number | undefined;
  /** Only where an answer to our own user's mail would have to wait. */
  readonly reply?: HeardReply;
}

/** Who is asked about a recipient. */
export interface Judges {
  readonly greylister: Greylister;
  readonly expectedReplies: ExpectedReplies;
  readonly providers: ProviderFinder;
  /** Clients that pass because somebody has said so; none without it. */
  readonly byHand?: ExceptionFinder | undefined;
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
 * Decides about one recipient: what is never greylisted passes, then what the rules say holds, then
 * large senders pass and exceptions by hand, and the greylist decides the rest. Who would have to wait passes all the same
 * with an answer to our own user's mail.
 */
export function hearRecipient(heard: Case, judges: Judges): MaybePromise<Hearing> {
  const { attempt, ruling } = heard.recipient;
  if (hasFallen(ruling)) judges.greylister.forgetClient(clientVisit(attempt, heard.policy));
  const open = questionOf(heard, judges);
  if ('verdict' in open) {
    judges.expectedReplies.expect(attempt, heard.policy, heard.now);
    return { finding: open, clockAt: undefined };
  }
  const { question, passesIfSpfDoes } = open;
  if (!passesIfSpfDoes) return greylist(question, heard, judges);
  return doesSpfPass(heard).then((isPass) =>
    isPass ? { finding: passBySpf, clockAt: undefined } : greylist(question, heard, judges),
  );
}

function greylist(question: Question, heard: Case, judges: Judges): MaybePromise<Hearing> {
  const find = (): MaybePromise<ReplyRecord | undefined> =>
    judges.expectedReplies.find(heard.recipient.attempt, heard.policy, heard.now);
  const judgement = judges.greylister.judge(question);
  if (!(judgement instanceof Promise)) return hearReply(asHearing(judgement), heard, find);
  // Asked for now it costs a store that is far away no journey of its own.
  const ahead = find();
  return judgement.then((late) => hearReply(asHearing(late), heard, () => ahead));
}

/**
 * The clock that a recipient waits by already, so that those who are judged together can share the
 * earliest; undefined if none runs for it. Nothing is changed by asking.
 */
export async function clockOfRecipient(
  heard: Case,
  judges: Pick<Judges, 'greylister' | 'providers' | 'byHand'>,
): Promise<number | undefined> {
  const open = questionOf(heard, judges);
  if ('verdict' in open) return undefined;
  if (open.passesIfSpfDoes && (await doesSpfPass(heard))) return undefined;
  return await judges.greylister.clockOf(open.question);
}

/** What nobody knows lets nobody pass. */
async function doesSpfPass({ recipient, lookups }: Case): Promise<boolean> {
  const { clientAddress: client, sender, helo } = recipient.attempt;
  if (client === undefined) return false;
  const answer = await lookups.spf({ client, sender, helo });
  return answer.known && isTellingPass(answer.value);
}

const passBySpf: Finding = { ...pass('client-autowhite'), identity: 'spf' };

/**
 * The client that passes if it belongs to a large sender; undefined where that does not matter. A rule
 * that has looked closer, and found the client listed or wants just such mail greylisted, decides.
 */
export function clientOfProvider(
  { attempt, ruling }: Pick<Recipient, 'attempt' | 'ruling'>,
  { acceptsProviders }: Pick<Policy, 'acceptsProviders'>,
): IpAddress | undefined {
  return acceptsProviders && isForAll(ruling) && ruling?.found?.has('dnsbl') !== true
    ? attempt.clientAddress
    : undefined;
}

/** Whether no rule has looked at anything, and the ruling would be the same for everybody. */
export function isForAll(ruling: Ruling | undefined): boolean {
  const rule = ruling?.rule;
  return rule === undefined || rule.when.length + rule.unless.length === 0;
}

/** Whether a rule lets it neither pass nor go to the greylist. */
export function isRefused(ruling: Ruling | undefined): boolean {
  return ruling !== undefined && ruling.action !== 'accept' && ruling.action !== 'greylist';
}

/** What is to be asked about a recipient. */
interface OpenQuestion {
  /** Of the greylist. */
  readonly question: Question;
  /** Whether somebody has said so: SPF is asked before the greylist, and of nobody else. */
  readonly passesIfSpfDoes: boolean;
}

/** What is to be asked, or what is known without it. */
function questionOf(
  heard: Case,
  { providers, byHand }: Pick<Judges, 'providers' | 'byHand'>,
): OpenQuestion | Finding {
  const { recipient, policy, now } = heard;
  const { attempt, ruling, terms } = recipient;
  const client = attempt.clientAddress;
  const exemption = exemptionOf(attempt, policy.trusted, policy.exempt);
  if (exemption !== undefined || client === undefined) return pass(exemption ?? 'local');
  if (ruling !== undefined && ruling.action !== 'greylist') return findingOfRule(ruling.action);
  const perhaps = clientOfProvider(recipient, policy);
  if (perhaps !== undefined && providers.find(perhaps) !== undefined) return pass('provider');
  const parties = partiesOf(attempt, client, policy, terms.greylist);
  const { sender } = parties;
  const { domain } = attempt.sender;
  const exception = byHand?.find({ address: client, sender, domain }, now);
  if (exception?.network !== undefined) return pass('client-autowhite');
  const question = greylistQuestion(heard, client, correspondenceKey(parties));
  return { question, passesIfSpfDoes: exception !== undefined };
}

function greylistQuestion(heard: Case, client: IpAddress, key: string): Question {
  const { recipient, policy, clockAt, now } = heard;
  const { attempt, ruling, terms } = recipient;
  const { greylist } = terms;
  const isOnList = isListed(ruling);
  return {
    key,
    strategy: policy.strategy,
    source: {
      address: client,
      name: attempt.clientName,
      clockAt,
      isListed: isOnList,
      proof: undefined,
      spelling: spellingOf(attempt, policy),
    },
    settings: greylist,
    failure: policy.failure,
    now,
    prove: proverFor(heard, client),
    client: isOnList ? undefined : clientVisit(attempt, policy),
    // What passes because of the mode has not shown that it comes back, nor has the null sender.
    countsForClient: terms.mode === 'enforce' && greylist.renew,
    lazyKey: policy.isLazy ? lazyKeyOf(client, greylist) : undefined,
  };
}

/** Of the record by which a client's network is known for all its triplets. */
export function lazyKeyOf(
  client: IpAddress,
  { network }: Pick<Terms['greylist'], 'network'>,
): string {
  return clientAutowhiteKey({ count: 'network', client, network, senderDomain: '' });
}

/**
 * How the parties are written, where the forms of addresses set store by it and it is not as in the key:
 * both addresses with a blank between them, which neither has.
 */
export function spellingOf(
  { sender, recipient }: Pick<Attempt, 'sender' | 'recipient'>,
  { senderForm, recipientForm }: Pick<Policy, 'senderForm' | 'recipientForm'>,
): string | undefined {
  if (senderForm.form !== 'milter-greylist' && recipientForm.form !== 'milter-greylist') {
    return undefined;
  }
  const spelling = `${writtenForm(sender, senderForm)} ${writtenForm(recipient, recipientForm)}`;
  return spelling === spelling.toLowerCase() ? undefined : spelling;
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
      const { reason, identity, delayedMs, attempts, clockAt, knownForMs } = judgement;
      const found = { verdict: 'accept', reason, identity, delayedMs, attempts } as const;
      const finding = knownForMs === undefined ? found : { ...found, knownForMs };
      return { finding, clockAt };
    }
    case 'wait': {
      const { reason, identity, waitMs, attempts, clockAt } = judgement;
      return { finding: { verdict: 'tempfail', reason, identity, waitMs, attempts }, clockAt };
    }
    case 'exempt':
      return {
        finding: { ...pass(judgement.reason), knownForMs: judgement.knownForMs },
        clockAt: undefined,
      };
    case 'undecided':
      return { finding: undecided(judgement.verdict, judgement.reason), clockAt: undefined };
  }
}

/** The finding where the store, the time, or the number of those who wait kept us from one. */
export function undecided(
  verdict: 'accept' | 'tempfail',
  reason: 'store-unavailable' | 'overload' = 'store-unavailable',
): Finding {
  return verdict === 'accept'
    ? pass(reason)
    : { verdict, reason, waitMs: undefined, attempts: undefined };
}

function pass(reason: Acceptance['reason']): Acceptance {
  return { verdict: 'accept', reason, delayedMs: undefined, attempts: undefined };
}
