import { decide, verdictIn, type Decision, type Finding } from '../greylist/decision.js';
import {
  replies,
  type EndOfMessageContext,
  type EnvelopeEvent,
  type EventName,
  type MilterContext,
  type Reply,
} from '../protocols/milter/index.js';
import type { Lookups, LookupSource } from '../rules/lookups.js';
import type { MaybePromise } from '../store/store.js';
import type { Logger } from '../telemetry/logger.js';
import type { Clock } from './clock.js';
import { replyTo } from './decision-reply.js';
import { describeError } from './describe-error.js';
import { verdictOnFailure, type FailureVerdict } from './failure-policy.js';
import type { Greylister } from './greylister.js';
import { longestWait, type Heard } from './longest-wait.js';
import { MessageJudge, type MessageAnswer } from './message-judge.js';
import type { MilterSession, Proceeding } from './milter-session.js';
import type { Policy } from './policy.js';
import {
  clockOfRecipient,
  hearRecipient,
  undecided,
  type Case,
  type Hearing,
  type Recipient,
} from './recipient-judge.js';
import { RuleJudge, type RuleDependencies } from './rule-judge.js';
import { createTermsFinder, type FindTerms } from './terms.js';
import type { Transaction } from './transaction.js';
import type { TrustedWatch } from './trusted-watch.js';

/** What the answers are found with. */
export interface AnswerDependencies extends RuleDependencies {
  readonly greylister: Greylister;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly watch: TrustedWatch;
}

type Answer = Reply<'continue' | 'tempfail' | 'replycode'>;

/**
 * What the MTA is told at RCPT, DATA and the end of the message. A recipient that passes is answered
 * `continue`, never `accept`, which would let the recipients after it pass unseen.
 */
export class FilterAnswers {
  readonly #policy: Policy;
  readonly #greylister: Greylister;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #lookups: LookupSource;
  readonly #rules: RuleJudge;
  readonly #findTerms: FindTerms;
  readonly #messages: MessageJudge;
  readonly #watch: TrustedWatch;

  constructor(policy: Policy, dependencies: AnswerDependencies) {
    this.#policy = policy;
    this.#greylister = dependencies.greylister;
    this.#clock = dependencies.clock;
    this.#logger = dependencies.logger;
    this.#watch = dependencies.watch;
    this.#lookups = dependencies.lookups;
    this.#rules = new RuleJudge(policy, dependencies);
    this.#findTerms = createTermsFinder(policy);
    this.#messages = new MessageJudge(policy, dependencies, {
      rules: this.#rules,
      findTerms: this.#findTerms,
    });
  }

  rcpt(session: MilterSession, event: EnvelopeEvent, context: MilterContext): MaybePromise<Answer> {
    const { transaction } = session;
    if (transaction === undefined) return replies.continue;
    const startedAt = performance.now();
    const attempt = session.attempt(transaction, event, context);
    const recipientsBefore = transaction.recipients++;
    const { messagesBefore } = session;
    const lookups = this.#lookups.forRecipient(attempt.clientAddress);
    const asked = { attempt, recipientsBefore, messagesBefore, context, lookups };
    const ruling = this.#rules.ofRecipient(asked);
    const isProbe = transaction.isProbe(this.#policy);
    if (!(ruling instanceof Promise)) {
      const terms = this.#findTerms(ruling?.settings, isProbe);
      const recipient = { attempt, ruling, terms };
      return this.#receive(session, recipient, { context, lookups, startedAt });
    }
    const terms = this.#findTerms(undefined, isProbe);
    const asking = { attempt, ruling: undefined, terms };
    const proceeding: Proceeding = { recipients: [asking], stage: 'rcpt', startedAt };
    session.begin(proceeding);
    return ruling.then((found) => {
      if (!session.conclude(proceeding)) return replies.continue;
      const ruled = { ...asking, ruling: found, terms: this.#findTerms(found?.settings, isProbe) };
      return this.#receive(session, ruled, { context, lookups, startedAt });
    });
  }

  data(session: MilterSession, context: MilterContext): MaybePromise<Answer> {
    const { transaction } = session;
    if (transaction === undefined || transaction.held.length === 0) return replies.continue;
    return this.#judgeHeld(session, transaction, context, 'data');
  }

  /** Where the MTA had no DATA event the held recipients are judged here; then the message. */
  eom(session: MilterSession, context: EndOfMessageContext): MaybePromise<MessageAnswer> {
    const { transaction } = session;
    if (transaction === undefined) return replies.continue;
    const finish = (answer: Answer): MaybePromise<MessageAnswer> => {
      // Found too late, or for an MTA that has left: another message may be under way by now.
      if (session.transaction !== transaction) return answer;
      if (answer.kind === 'continue') return this.#messages.judge(session, transaction, context);
      session.endMessage();
      return answer;
    };
    if (transaction.held.length === 0 || transaction.isJudged) return finish(replies.continue);
    return this.#judgeHeld(session, transaction, context, 'eom').then(finish);
  }

  /** The answer where a handler failed, which is a bug. */
  failed(session: MilterSession, event: EventName, error: unknown): Answer {
    const stack = error instanceof Error ? error.stack : undefined;
    this.#logger.error('bug: an answer could not be found', {
      id: session.id,
      event,
      ...describeError(error),
      stack,
    });
    const finding: Finding = {
      verdict: 'tempfail',
      reason: 'error',
      waitMs: undefined,
      attempts: undefined,
    };
    this.#recordAbandoned(session, finding);
    return this.#fallback(verdictOnFailure('bug', this.#policy.failure));
  }

  /** The answer where the limit is over. */
  late(session: MilterSession, event: EventName): Answer {
    const would = verdictOnFailure('late', this.#policy.failure);
    const answer = this.#fallback(would);
    const verdict = answer.kind === 'continue' ? 'accept' : 'tempfail';
    this.#logger.error('no answer within limits.answer', { id: session.id, event, verdict });
    this.#recordAbandoned(session, undecided(would === 'accept' ? 'accept' : 'tempfail'));
    return answer;
  }

  #fallback(would: FailureVerdict): Answer {
    const verdict = verdictIn(this.#policy.mode, would === 'accept' ? 'accept' : 'tempfail');
    return verdict === 'accept' ? replies.continue : replies.tempfail;
  }

  // The rules have spoken: the recipient is judged, or waits for DATA with the others.
  #receive(
    session: MilterSession,
    recipient: Recipient,
    { context, lookups, startedAt }: Reception,
  ): MaybePromise<Answer> {
    const { transaction } = session;
    if (transaction === undefined) return replies.continue;
    const { ruling, terms } = recipient;
    if (terms.stage === 'data' && (ruling === undefined || ruling.action === 'greylist')) {
      transaction.held.push(recipient);
      return replies.continue;
    }
    const proceeding: Proceeding = { recipients: [recipient], stage: 'rcpt', startedAt };
    session.begin(proceeding);
    const answer = (hearing: Hearing): Answer => {
      if (!session.conclude(proceeding)) return replies.continue;
      transaction.shareClock(hearing.clockAt);
      const decision = this.#record(transaction, proceeding, recipient, hearing.finding);
      return replyTo(decision, recipient, context);
    };
    const heard = this.#case(transaction, recipient, lookups);
    const hearing = hearRecipient(heard, this.#greylister);
    return hearing instanceof Promise ? hearing.then(answer) : answer(hearing);
  }

  #case({ clockAt }: Transaction, recipient: Recipient, lookups: Lookups): Case {
    return { recipient, policy: this.#policy, lookups, clockAt, now: this.#clock.now() };
  }

  // One answer for all of them: if any recipient must wait, the transaction waits.
  async #judgeHeld(
    session: MilterSession,
    transaction: Transaction,
    context: MilterContext,
    stage: 'data' | 'eom',
  ): Promise<Answer> {
    const recipients = [...transaction.held];
    const proceeding: Proceeding = { recipients, stage, startedAt: performance.now() };
    session.begin(proceeding);
    // One answer, and so one time for all that is asked because of them.
    const lookups = this.#lookups.forRecipient(recipients[0]?.attempt.clientAddress);
    await this.#shareClocks(session, transaction, proceeding, lookups);
    const heard = await this.#hearAll(session, transaction, proceeding, lookups);
    if (!session.conclude(proceeding)) return replies.continue;
    const worst = longestWait(heard);
    const decisions = heard.map(({ recipient, finding }) => {
      if (worst === undefined) return this.#record(transaction, proceeding, recipient, finding);
      const found = { ...worst.finding, attempts: finding.attempts };
      const waiting = { ...recipient, terms: worst.recipient.terms };
      return this.#record(transaction, proceeding, waiting, found);
    });
    const refused = decisions.find(({ verdict }) => verdict === 'tempfail');
    transaction.isJudged = refused === undefined;
    return refused === undefined || worst === undefined
      ? replies.continue
      : replyTo(refused, worst.recipient, context);
  }

  // Before any of them is judged: a new recipient would not know of the clock of one behind it.
  async #shareClocks(
    session: MilterSession,
    transaction: Transaction,
    proceeding: Proceeding,
    lookups: Lookups,
  ): Promise<void> {
    if (proceeding.recipients.length === 1) return;
    for (const recipient of proceeding.recipients) {
      if (!session.owes(proceeding)) return;
      const heard = this.#case(transaction, recipient, lookups);
      transaction.shareClock(await clockOfRecipient(heard, this.#greylister));
    }
  }

  // Once the answer is not owed any more, the rest are left: DATA may come again, and judge them.
  async #hearAll(
    session: MilterSession,
    transaction: Transaction,
    proceeding: Proceeding,
    lookups: Lookups,
  ): Promise<readonly Heard[]> {
    const heard: Heard[] = [];
    for (const recipient of proceeding.recipients) {
      if (!session.owes(proceeding)) break;
      const next = this.#case(transaction, recipient, lookups);
      const { finding, clockAt } = await hearRecipient(next, this.#greylister);
      transaction.shareClock(clockAt);
      heard.push({ recipient, finding });
    }
    return heard;
  }

  #record(
    transaction: Transaction,
    { stage, startedAt }: Proceeding,
    recipient: Recipient,
    finding: Finding,
  ): Decision {
    const { attempt, ruling, terms } = recipient;
    const { mode } = terms;
    const tookUs = Math.round((performance.now() - startedAt) * 1000);
    const at = this.#clock.now();
    const rule = ruling?.rule?.name;
    const decision = decide(finding, { attempt, stage, mode, rule, at, tookUs });
    // In other modes nobody was told to wait: what came before was another mail.
    if (finding.verdict === 'accept' && mode === 'enforce') {
      transaction.pass(recipient, finding.delayedMs);
    } else if (decision.verdict === 'accept') transaction.pass(recipient, undefined);
    else if (decision.verdict === 'discard') transaction.discarded.push(recipient);
    this.#watch.see(decision);
    this.#logger.decision(decision, terms.log);
    return decision;
  }

  #recordAbandoned(session: MilterSession, finding: Finding): void {
    const proceeding = session.abandon();
    const { transaction } = session;
    if (proceeding === undefined || transaction === undefined) return;
    const { mode } = this.#policy;
    const decisions = proceeding.recipients.map((recipient) => {
      const abandoned = { ...recipient, terms: { ...recipient.terms, mode } };
      return this.#record(transaction, proceeding, abandoned, finding);
    });
    transaction.isJudged = decisions.every(({ verdict }) => verdict === 'accept');
  }
}

/** Under what circumstances a recipient is received. */
interface Reception {
  readonly context: MilterContext;
  readonly lookups: Lookups;
  readonly startedAt: number;
}
