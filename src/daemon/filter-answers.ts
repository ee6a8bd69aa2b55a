import { hostname } from 'node:os';
import type { Attempt } from '../greylist/attempt.js';
import { decide, verdictIn, type Decision, type Finding } from '../greylist/decision.js';
import {
  replies,
  type EndOfMessageContext,
  type EnvelopeEvent,
  type EventName,
  type MilterContext,
  type Reply,
} from '../protocols/milter/index.js';
import type { MaybePromise } from '../store/store.js';
import type { Logger } from '../telemetry/logger.js';
import type { Clock } from './clock.js';
import { delayedHeaderName, formatDelayedHeader } from './delayed-header.js';
import { describeError } from './describe-error.js';
import { verdictOnFailure, type FailureVerdict } from './failure-policy.js';
import { createGreylistReply } from './greylist-reply.js';
import type { Greylister } from './greylister.js';
import type { MilterSession, Proceeding } from './milter-session.js';
import type { Policy } from './policy.js';
import {
  clockOfRecipient,
  hearRecipient,
  undecided,
  type Case,
  type Hearing,
} from './recipient-judge.js';
import type { Transaction } from './transaction.js';

/** What the answers are found with. */
export interface AnswerDependencies {
  readonly greylister: Greylister;
  readonly clock: Clock;
  readonly logger: Logger;
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
  readonly #greylistReply: ReturnType<typeof createGreylistReply>;

  constructor(policy: Policy, { greylister, clock, logger }: AnswerDependencies) {
    this.#policy = policy;
    this.#greylister = greylister;
    this.#clock = clock;
    this.#logger = logger;
    this.#greylistReply = createGreylistReply(policy.reply);
  }

  rcpt(session: MilterSession, event: EnvelopeEvent, context: MilterContext): MaybePromise<Answer> {
    const { transaction } = session;
    if (transaction === undefined) return replies.continue;
    const attempt = session.attempt(transaction, event, context);
    if (this.#isHeld(transaction)) {
      transaction.held.push(attempt);
      return replies.continue;
    }
    const proceeding: Proceeding = {
      attempts: [attempt],
      stage: 'rcpt',
      startedAt: performance.now(),
    };
    session.begin(proceeding);
    const answer = (hearing: Hearing): Answer => {
      if (!session.conclude(proceeding)) return replies.continue;
      transaction.shareClock(hearing.clockAt);
      const decision = this.#record(transaction, proceeding, attempt, hearing.finding);
      return this.#answer(decision, context);
    };
    const hearing = hearRecipient(this.#case(transaction, attempt), this.#greylister);
    return hearing instanceof Promise ? hearing.then(answer) : answer(hearing);
  }

  data(session: MilterSession, context: MilterContext): MaybePromise<Answer> {
    const { transaction } = session;
    if (transaction === undefined || transaction.held.length === 0) return replies.continue;
    return this.#judgeHeld(session, transaction, context, 'data');
  }

  /** Where the MTA had no DATA event the held recipients are judged here; then the header. */
  eom(session: MilterSession, context: EndOfMessageContext): MaybePromise<Answer> {
    const { transaction } = session;
    if (transaction === undefined) return replies.continue;
    const finish = (answer: Answer): Answer => {
      // Found too late, or for an MTA that has left: another message may be under way by now.
      if (session.transaction !== transaction) return answer;
      if (answer.kind === 'continue') this.#addHeader(transaction, context);
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

  #isHeld(transaction: Transaction): boolean {
    const stage = transaction.isProbe(this.#policy) ? this.#policy.probeStage : this.#policy.stage;
    return stage === 'data';
  }

  #case(transaction: Transaction, attempt: Attempt): Case {
    const { clockAt } = transaction;
    const policy = this.#policy;
    return {
      attempt,
      isProbe: transaction.isProbe(policy),
      policy,
      clockAt,
      now: this.#clock.now(),
    };
  }

  // One answer for all of them: if any recipient must wait, the transaction waits.
  async #judgeHeld(
    session: MilterSession,
    transaction: Transaction,
    context: MilterContext,
    stage: 'data' | 'eom',
  ): Promise<Answer> {
    const attempts = [...transaction.held];
    const proceeding: Proceeding = { attempts, stage, startedAt: performance.now() };
    session.begin(proceeding);
    await this.#shareClocks(session, transaction, proceeding);
    const heard = await this.#hearAll(session, transaction, proceeding);
    if (!session.conclude(proceeding)) return replies.continue;
    const worst = longestWait(heard.map(({ finding }) => finding));
    const decisions = heard.map(({ attempt, finding }) => {
      const found = worst === undefined ? finding : { ...worst, attempts: finding.attempts };
      return this.#record(transaction, proceeding, attempt, found);
    });
    const refused = decisions.find(({ verdict }) => verdict === 'tempfail');
    transaction.isJudged = refused === undefined;
    return refused === undefined ? replies.continue : this.#answer(refused, context);
  }

  // Before any of them is judged: a new recipient would not know of the clock of one behind it.
  async #shareClocks(
    session: MilterSession,
    transaction: Transaction,
    proceeding: Proceeding,
  ): Promise<void> {
    if (proceeding.attempts.length === 1) return;
    for (const attempt of proceeding.attempts) {
      if (!session.owes(proceeding)) return;
      const heard = this.#case(transaction, attempt);
      transaction.shareClock(await clockOfRecipient(heard, this.#greylister));
    }
  }

  // Once the answer is not owed any more, the rest are left: DATA may come again, and judge them.
  async #hearAll(
    session: MilterSession,
    transaction: Transaction,
    proceeding: Proceeding,
  ): Promise<readonly { readonly attempt: Attempt; readonly finding: Finding }[]> {
    const heard: { readonly attempt: Attempt; readonly finding: Finding }[] = [];
    for (const attempt of proceeding.attempts) {
      if (!session.owes(proceeding)) break;
      const next = this.#case(transaction, attempt);
      const { finding, clockAt } = await hearRecipient(next, this.#greylister);
      transaction.shareClock(clockAt);
      heard.push({ attempt, finding });
    }
    return heard;
  }

  #record(
    transaction: Transaction,
    { stage, startedAt }: Proceeding,
    attempt: Attempt,
    finding: Finding,
  ): Decision {
    const { mode } = this.#policy;
    const tookUs = Math.round((performance.now() - startedAt) * 1000);
    const at = this.#clock.now();
    const decision = decide(finding, { attempt, stage, mode, at, tookUs });
    // In other modes nobody was told to wait: what came before was another mail.
    if (finding.verdict === 'accept' && mode === 'enforce') transaction.passed(finding.delayedMs);
    else if (decision.verdict === 'accept') transaction.passed(undefined);
    this.#logger.decision(decision);
    return decision;
  }

  #recordAbandoned(session: MilterSession, finding: Finding): void {
    const proceeding = session.abandon();
    const { transaction } = session;
    if (proceeding === undefined || transaction === undefined) return;
    transaction.isJudged = verdictIn(this.#policy.mode, finding.verdict) === 'accept';
    for (const attempt of proceeding.attempts) {
      this.#record(transaction, proceeding, attempt, finding);
    }
  }

  #answer(decision: Decision, context: MilterContext): Answer {
    if (decision.verdict === 'accept') return replies.continue;
    if (decision.waitMs === undefined) return replies.tempfail;
    const { attempt } = decision;
    return this.#greylistReply({
      waitMs: decision.waitMs,
      delayMs: this.#policy.greylist.delayMs,
      client: attempt.clientAddress?.text,
      name: attempt.clientName,
      from: attempt.sender.text,
      to: attempt.recipient.text,
      id: attempt.id,
      host: context.macro('j'),
    });
  }

  #addHeader(transaction: Transaction, context: EndOfMessageContext): void {
    const { header } = this.#policy;
    const { delayedMs, passedAny } = transaction;
    const isWanted =
      header === 'always' ? passedAny : header === 'delayed' && delayedMs !== undefined;
    if (!isWanted || !context.may('addHeaders')) return;
    const host = context.macro('j') ?? hostname();
    context.addHeader(
      delayedHeaderName,
      formatDelayedHeader({ delayedMs, host, now: this.#clock.now() }),
    );
  }
}

function longestWait(
  findings: readonly Finding[],
): (Finding & { verdict: 'tempfail' }) | undefined {
  let longest: (Finding & { verdict: 'tempfail' }) | undefined;
  for (const finding of findings) {
    if (finding.verdict !== 'tempfail') continue;
    if (longest === undefined || (finding.waitMs ?? 0) > (longest.waitMs ?? 0)) longest = finding;
  }
  return longest;
}
