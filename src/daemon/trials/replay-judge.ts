import type { Config } from '../../config/schema.js';
import type { Attempt } from '../../greylist/attempt.js';
import { decide, type Decision, type Finding } from '../../greylist/decision.js';
import { providers } from '../../lookups/provider-list.js';
import { parseEnvelopeAddress } from '../../mail/envelope-address.js';
import { parseIpAddress, type IpAddress } from '../../mail/ip-address.js';
import { networkOf } from '../../mail/network.js';
import type { LoggedDecision } from '../../reports/logged-decision.js';
import { RateWindow } from '../../rules/rate-window.js';
import type { Program, Ruling } from '../../rules/rule.js';
import { ExpectedReplies } from '../greylisting/expected-replies.js';
import { Greylister } from '../greylisting/greylister.js';
import { loggedLookups, type UnknownLookups } from './logged-lookups.js';
import { createPolicy, type Policy } from '../policy/policy.js';
import type { ProviderFinder } from '../configuration/provider-watch.js';
import { hearRecipient } from '../answers/recipient-judge.js';
import { createReplayStore } from './replay-store.js';
import { RuleJudge } from '../answers/rule-judge.js';
import { silentLogger } from '../process/silent-logger.js';
import { createTermsFinder, type FindTerms, type Terms } from '../answers/terms.js';
import { Transaction } from '../answers/transaction.js';

/** A client's port that is no sign of a local submission. */
const ANY_PORT = 40_000;

/** Recipients of one transaction are not further from each other. */
const TRANSACTION_MS = 600_000;

/** The transaction that the last attempt was of. */
interface Current {
  readonly id: string;
  readonly at: number;
  readonly transaction: Transaction;
}

/**
 * Judges attempts that a log tells of by another configuration, with the parts that the daemon judges
 * with, on a clock that stands where it is put.
 */
export class ReplayJudge {
  /** What rules asked, and the log does not tell. */
  readonly unknown: UnknownLookups = new Map();
  readonly #policy: Policy;
  readonly #findTerms: FindTerms;
  readonly #clock: { now: () => number };
  readonly #greylister: Greylister;
  readonly #replies: ExpectedReplies;
  readonly #rates = new RateWindow();
  #now = 0;
  #current: Current | undefined;
  #fromBefore = 0;

  constructor(config: Config, program: Program) {
    this.#policy = createPolicy(config, program);
    this.#findTerms = createTermsFinder(this.#policy);
    this.#clock = { now: () => this.#now };
    const store = createReplayStore(this.#clock);
    this.#greylister = new Greylister(store, silentLogger, this.#clock);
    this.#replies = new ExpectedReplies(store, silentLogger, this.#clock);
  }

  /** @param at when it comes, epoch milliseconds; never before the one that was judged last */
  async judge(logged: LoggedDecision, at: number): Promise<Decision> {
    this.#now = Math.max(this.#now, at);
    const now = this.#now;
    const attempt = attemptOf(logged);
    const transaction = this.#transactionOf(attempt, now);
    const { text } = attempt.recipient;
    // Its client's return, at a time of ours, is another message.
    if (at === logged.at && mayRepeat(logged)) transaction.ask(text);
    else transaction.note(text);
    const lookups = loggedLookups(logged, this.unknown);
    const dependencies = { lookups, rates: this.#rates, clock: this.#clock, logger: silentLogger };
    const { accepted: acceptedBefore, recipients: recipientsBefore, isRepeated } = transaction;
    transaction.recipients++;
    const context = { macro: () => undefined };
    // Lines of the log tell messages apart, and no sessions.
    const counted = { ofMessage: transaction.counted, ofSession: transaction.counted };
    const submission = { attempt, recipientsBefore, acceptedBefore, counted, context, isRepeated };
    const ruling = await new RuleJudge(this.#policy, dependencies).ofRecipient(submission);
    const hasEarned = this.#hasEarned(logged);
    const terms = this.#termsOf(attempt, ruling, hasEarned);
    const recipient = { attempt, ruling, terms };
    const heard = await hearRecipient(
      {
        recipient,
        policy: this.#policy,
        lookups: lookups.forRecipient(attempt.clientAddress),
        clockAt: transaction.clockAt,
        now,
      },
      {
        greylister: this.#greylister,
        expectedReplies: this.#replies,
        providers: providersOf(logged),
      },
    );
    transaction.shareClock(heard.clockAt);
    // What counts for a client is stored behind the answer.
    await new Promise(setImmediate);
    const rule = ruling?.rule?.name;
    const { stage, mode } = terms;
    const { finding } = heard;
    const isOld = hasEarned && finding.reason === 'greylist-new';
    if (isOld) this.#fromBefore++;
    const decision = decide(isOld ? asKnown(logged) : finding, {
      attempt,
      stage,
      mode,
      rule,
      at: now,
      tookUs: 0,
    });
    if (decision.verdict === 'accept') transaction.pass(recipient, undefined);
    return decision;
  }

  /**
   * Whether Postfix asks about a recipient again, for a second check that names us or because it has lost the
   * answer: it is one recipient all the same.
   */
  isRepeated(logged: LoggedDecision): boolean {
    const current = this.#current;
    if (!mayRepeat(logged)) return false;
    const attempt = attemptOf(logged);
    return (
      isOf(current, attempt, logged.at) && current.transaction.hasAsked(attempt.recipient.text)
    );
  }

  /** How many passed as known because they had been so before the log began. */
  get fromBefore(): number {
    return this.#fromBefore;
  }

  /** Whether it was known in the log, which may have been so before the log began. */
  #hasEarned({ verdict, reason }: LoggedDecision): boolean {
    if (verdict !== 'accept') return false;
    const isOfClient = reason === 'client-autowhite' && this.#policy.clientAutowhite !== undefined;
    return reason === 'greylist-known' || isOfClient;
  }

  /** What was known is known from now on, as while learning, and for as long as it would be. */
  #termsOf(attempt: Attempt, ruling: Ruling | undefined, hasEarned: boolean): Terms {
    const terms = this.#findTerms(ruling?.settings, this.#policy.isProbe(attempt.sender));
    if (!hasEarned) return terms;
    const { greylist } = terms;
    return { ...terms, greylist: { ...greylist, learnForMs: greylist.autowhiteMs } };
  }

  #transactionOf(attempt: Attempt, at: number): Transaction {
    const { id, sender, login } = attempt;
    const current = this.#current;
    const transaction = isOf(current, attempt, at)
      ? current.transaction
      : new Transaction(sender, login);
    this.#current = { id, at, transaction };
    return transaction;
  }
}

/** Whether an attempt is of the transaction that the last one was of. */
function isOf(
  current: Current | undefined,
  { id, sender }: Pick<Attempt, 'id' | 'sender'>,
  at: number,
): current is Current {
  return (
    id !== '' &&
    current?.id === id &&
    current.transaction.sender.text === sender.text &&
    at - current.at < TRANSACTION_MS
  );
}

/** Over the other protocol a recipient that comes twice is two for the filter as well. */
function mayRepeat({ via }: LoggedDecision): boolean {
  return via === 'policy';
}

function asKnown({ reason }: LoggedDecision): Finding {
  const known = reason === 'client-autowhite' ? reason : 'greylist-known';
  return { verdict: 'accept', reason: known, delayedMs: undefined, attempts: undefined };
}

/** What the log knows of who it was: that it had logged in, for example, and not as whom. */
function attemptOf({ id, client, name, helo, from, to, reason }: LoggedDecision): Attempt {
  return {
    id,
    via: 'milter',
    clientAddress: client === undefined ? undefined : parseIpAddress(client),
    clientPort: ANY_PORT,
    clientName: name,
    helo,
    sender: parseEnvelopeAddress(from),
    recipient: parseEnvelopeAddress(to),
    login: reason === 'authenticated' ? 'somebody' : undefined,
    certSubject: reason === 'tls' ? 'somebody' : undefined,
    daemonName: reason === 'local' ? 'MSA' : undefined,
    accessMap: reason === 'access-map' ? 'OK' : undefined,
  };
}

/** The large sender that a client belongs to, if the log says that it does. */
function providersOf({ reason }: LoggedDecision): ProviderFinder {
  const [provider] = providers;
  if (reason !== 'provider' || provider === undefined) return { find: () => undefined };
  const find = (client: IpAddress) => {
    return { provider, network: networkOf(client, client.bytes.length * 8), term: '' };
  };
  return { find };
}
