import { hostname } from 'node:os';
import type { Attempt } from '../greylist/attempt.js';
import { decide, type Finding } from '../greylist/decision.js';
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
import { verdictOnFailure } from './failure-policy.js';
import { createGreylistReply } from './greylist-reply.js';
import type { Greylister } from './greylister.js';
import type { MilterSession, Proceeding } from './milter-session.js';
import type { Policy } from './policy.js';
import { hearRecipient, undecided, type Hearing } from './recipient-judge.js';
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
      this.#record(transaction, proceeding, attempt, hearing.finding);
      transaction.shareClock(hearing.clockAt);
      return this.#answer(attempt, hearing.finding, context);
    };
    const hearing = this.#hear(transaction, attempt);
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
    return verdictOnFailure('bug', this.#policy.failure) === 'accept'
      ? replies.continue
      : replies.tempfail;
  }

  /** The answer where the limit is over. */
  late(session: MilterSession, event: EventName): Answer {
    const verdict = verdictOnFailure('late', this.#policy.failure);
    this.#logger.error('no answer within limits.answer', { id: session.id, event, verdict });
    this.#recordAbandoned(session, undecided(verdict === 'accept' ? 'accept' : 'tempfail'));
    return verdict === 'accept' ? replies.continue : replies.tempfail;
  }

  #isHeld(transaction: Transaction): boolean {
    const stage = transaction.isProbe(this.#policy) ? this.#policy.probeStage : this.#policy.stage;
    return stage === 'data';
  }

  #hear(transaction: Transaction, attempt: Attempt): MaybePromise<Hearing> {
    const { clockAt } = transaction;
    const policy = this.#policy;
    const isProbe = transaction.isProbe(policy);
    return hearRecipient(
      { attempt, isProbe, policy, clockAt, now: this.#clock.now() },
      this.#greylister,
    );
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
    const findings = await this.#hearAll(transaction, attempts);
    if (!session.conclude(proceeding)) return replies.continue;
    const worst = longestWait(findings);
    attempts.forEach((attempt, index) => {
      const own = findings[index];
      const attemptsSoFar = own?.attempts;
      const said = worst === undefined ? own : { ...worst, attempts: attemptsSoFar };
      if (said !== undefined) this.#record(transaction, proceeding, attempt, said);
    });
    transaction.isJudged = worst === undefined;
    const [first] = attempts;
    return worst === undefined || first === undefined
      ? replies.continue
      : this.#answer(first, worst, context);
  }

  async #hearAll(
    transaction: Transaction,
    attempts: readonly Attempt[],
  ): Promise<readonly Finding[]> {
    const findings: Finding[] = [];
    for (const attempt of attempts) {
      const { finding, clockAt } = await this.#hear(transaction, attempt);
      transaction.shareClock(clockAt);
      findings.push(finding);
    }
    return findings;
  }

  #record(
    transaction: Transaction,
    { stage, startedAt }: Proceeding,
    attempt: Attempt,
    finding: Finding,
  ): void {
    if (finding.verdict === 'accept') transaction.passed(finding.delayedMs);
    const tookUs = Math.round((performance.now() - startedAt) * 1000);
    this.#logger.decision(decide(finding, { attempt, stage, at: this.#clock.now(), tookUs }));
  }

  #recordAbandoned(session: MilterSession, finding: Finding): void {
    const proceeding = session.abandon();
    const { transaction } = session;
    if (proceeding === undefined || transaction === undefined) return;
    transaction.isJudged = finding.verdict === 'accept';
    for (const attempt of proceeding.attempts) {
      this.#record(transaction, proceeding, attempt, finding);
    }
  }

  #answer(attempt: Attempt, finding: Finding, context: MilterContext): Answer {
    if (finding.verdict === 'accept') return replies.continue;
    if (finding.waitMs === undefined) return replies.tempfail;
    return this.#greylistReply({
      waitMs: finding.waitMs,
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
