import type { Attempt } from '../../greylist/attempt.js';
import { decide, verdictIn, type Decision, type Finding } from '../../greylist/decision.js';
import type { CountedOnce } from '../../rules/counted-once.js';
import type { Lookups, LookupSource } from '../../rules/lookups.js';
import type { MaybePromise } from '../../store/store.js';
import type { Logger } from '../../telemetry/logger.js';
import { shownTime, type Clock } from '../process/clock.js';
import type { ActivityRecorder } from './activity.js';
import { toldOf } from './told-decision.js';
import { answerTo, type AnswerForm } from './decision-reply.js';
import { describeError } from '../process/describe-error.js';
import { verdictOnFailure, type FailureVerdict } from '../policy/failure-policy.js';
import { longestWait, type Heard } from './longest-wait.js';
import type { MacroSource } from './macro-source.js';
import type { OwedAnswer, Proceeding } from './owed-answer.js';
import { particularsOf } from './particulars.js';
import type { Policy } from '../policy/policy.js';
import {
  clockOfRecipient,
  hearRecipient,
  isForAll,
  isRefused,
  undecided,
  type Case,
  type Hearing,
  type Judges,
  type Recipient,
} from './recipient-judge.js';
import { RuleJudge, type RuleDependencies } from './rule-judge.js';
import type { Tarpit } from './tarpit.js';
import { createTermsFinder, type FindTerms } from './terms.js';
import type { Transaction } from './transaction.js';
import type { TrustedWatch } from '../greylisting/trusted-watch.js';

/** What the answers are found with. */
export interface AnswerDependencies extends RuleDependencies, Judges {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly watch: TrustedWatch;
  /** Nothing is recorded without it. */
  readonly activity?: ActivityRecorder | undefined;
}

/** Who is to be answered: an SMTP session, or what a protocol has in its place. */
export interface AnsweredSession extends OwedAnswer {
  /** For the log. */
  readonly id: string;
  /** Undefined outside a message. */
  readonly transaction: Transaction | undefined;
  /** What rates have counted of it. */
  readonly counted: CountedOnce;
  /** Whether the MTA asks again behind RCPT, so that recipients can be held until then. */
  readonly isAskedAgain: boolean;
}

/**
 * What the MTA is told at RCPT and DATA, whatever protocol it speaks. A recipient that passes is
 * told that it may go on, never that it is accepted: either protocol would then stop asking.
 */
export class RecipientAnswers<Answer> {
  readonly #policy: Policy;
  readonly #form: AnswerForm<Answer>;
  readonly #judges: Judges;
  readonly #dependencies: AnswerDependencies;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #lookups: LookupSource;
  readonly #watch: TrustedWatch;
  readonly #tarpit: Tarpit | undefined;
  readonly rules: RuleJudge;
  readonly findTerms: FindTerms;

  constructor(policy: Policy, dependencies: AnswerDependencies, form: AnswerForm<Answer>) {
    this.#policy = policy;
    this.#form = form;
    this.#judges = dependencies;
    this.#dependencies = dependencies;
    this.#clock = dependencies.clock;
    this.#logger = dependencies.logger;
    this.#watch = dependencies.watch;
    this.#lookups = dependencies.lookups;
    this.#tarpit = dependencies.tarpit;
    this.rules = new RuleJudge(policy, dependencies);
    this.findTerms = createTermsFinder(policy);
  }

  /** One recipient; held until DATA where its terms say so. */
  rcpt(session: AnsweredSession, attempt: Attempt, context: MacroSource): MaybePromise<Answer> {
    const { transaction } = session;
    if (transaction === undefined) return this.#form.pass;
    this.goOn(session);
    const startedAt = performance.now();
    const recipientsBefore = transaction.recipients++;
    const lookups = this.#lookups.forRecipient(attempt.clientAddress);
    const { properties, isRepeated } = transaction;
    properties.beginRecipient();
    const ruling = this.rules.areAny
      ? this.rules.ofRecipient({
          attempt,
          acceptedBefore: transaction.accepted,
          recipientsBefore,
          counted: { ofMessage: transaction.counted, ofSession: session.counted },
          context,
          lookups,
          properties,
          isRepeated,
        })
      : undefined;
    const isProbe = transaction.isProbe(this.#policy);
    if (!(ruling instanceof Promise)) {
      const terms = this.findTerms(ruling?.settings, isProbe);
      const recipient = { attempt, ruling, terms };
      return this.#receive(session, recipient, { context, lookups, startedAt });
    }
    const terms = this.findTerms(undefined, isProbe);
    const asking = { attempt, ruling: undefined, terms };
    const proceeding: Proceeding = { recipients: [asking], stage: 'rcpt', startedAt };
    session.begin(proceeding);
    return ruling.then((found) => {
      if (!session.conclude(proceeding)) return this.#form.pass;
      const ruled = { ...asking, ruling: found, terms: this.findTerms(found?.settings, isProbe) };
      return this.#receive(session, ruled, { context, lookups, startedAt });
    });
  }

  /** All that were held back, unless they are judged already: at DATA, or where it was not asked. */
  held(
    session: AnsweredSession,
    stage: 'data' | 'eom',
    context: MacroSource,
  ): MaybePromise<Answer> {
    const { transaction } = session;
    this.goOn(session);
    if (transaction === undefined || transaction.held.length === 0) return this.#form.pass;
    if (stage === 'eom' && transaction.isJudged) return this.#form.pass;
    return this.#judgeHeld(session, transaction, context, stage);
  }

  /** The answer where a handler failed, which is a bug. */
  failed(session: AnsweredSession, event: string, error: unknown): Answer {
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
    const verdict = this.#verdictInMode(verdictOnFailure('bug', this.#policy.failure));
    return this.#form[verdict === 'accept' ? 'pass' : 'tempfail'];
  }

  /** The answer where the limit is over. */
  late(session: AnsweredSession, event: string): Answer {
    const would = verdictOnFailure('late', this.#policy.failure);
    const verdict = this.#verdictInMode(would);
    this.#logger.error('no answer within limits.answer', { id: session.id, event, verdict });
    this.#recordAbandoned(session, undecided(would === 'accept' ? 'accept' : 'tempfail'));
    return this.#form[verdict === 'accept' ? 'pass' : 'tempfail'];
  }

  #verdictInMode(would: FailureVerdict): 'accept' | 'tempfail' {
    return verdictIn(this.#policy.mode, would === 'accept' ? 'accept' : 'tempfail');
  }

  // The rules have spoken: the recipient is judged, or waits for DATA with the others.
  #receive(
    session: AnsweredSession,
    recipient: Recipient,
    { context, lookups, startedAt }: Reception,
  ): MaybePromise<Answer> {
    const { transaction } = session;
    if (transaction === undefined) return this.#form.pass;
    const { ruling, terms } = recipient;
    const mayHold = session.isAskedAgain && terms.stage === 'data';
    if (mayHold && (ruling === undefined || ruling.action === 'greylist')) {
      transaction.held.push(recipient);
      return this.#form.pass;
    }
    const proceeding: Proceeding = { recipients: [recipient], stage: 'rcpt', startedAt };
    session.begin(proceeding);
    const answer = (hearing: Hearing): MaybePromise<Answer> => {
      if (!session.conclude(proceeding)) return this.#form.pass;
      transaction.shareClock(hearing.clockAt);
      const decision = this.#record(transaction, proceeding, recipient, hearing.finding);
      this.#recordActivity(decision, recipient, context);
      const said = answerTo(this.#form, decision, recipient, context);
      const isKnown = ruling?.action === 'greylist' && decision.verdict === 'accept';
      return isKnown ? said : this.#hold(session, recipient, said, context);
    };
    const heard = this.#case(transaction, recipient, lookups);
    const hearing = hearRecipient(heard, this.#judges);
    return hearing instanceof Promise ? hearing.then(answer) : answer(hearing);
  }

  /** The answer, once the client has waited for it as its terms say. */
  #hold(
    session: AnsweredSession,
    { attempt, terms, ruling }: Recipient,
    answer: Answer,
    context: MacroSource,
  ): MaybePromise<Answer> {
    const { tarpit } = session;
    const waiting = this.#tarpit;
    if (terms.tarpit === undefined || waiting === undefined) return answer;
    if (!terms.tarpit.refusals && isRefused(ruling)) return answer;
    const { longestMs, most } = this.#policy.tarpit;
    const ms = tarpit.due(terms.tarpit, longestMs);
    if (ms === 0 || waiting.size >= most) return answer;
    context.allowMore?.(ms);
    return waiting.wait(ms, context.gone).then((isThere) => {
      const isRefused = answer !== this.#form.pass;
      if (isThere) tarpit.waited(ms, { attempt, isRefused });
      else waiting.remember(attempt, 'left', this.#policy);
      return answer;
    });
  }

  /** The client goes on with what it was made to wait for. */
  goOn(session: AnsweredSession): void {
    this.#settle(session, 'stayed');
  }

  /** The client has left the message. */
  leave(session: AnsweredSession): void {
    this.#settle(session, 'left');
  }

  #settle({ tarpit }: AnsweredSession, outcome: 'stayed' | 'left'): void {
    for (const attempt of tarpit.settle(outcome))
      this.#tarpit?.remember(attempt, outcome, this.#policy);
  }

  #case({ clockAt }: Transaction, recipient: Recipient, lookups: Lookups): Case {
    return { recipient, policy: this.#policy, lookups, clockAt, now: this.#clock.now() };
  }

  // One answer for all of them: if any recipient must wait, the transaction waits.
  async #judgeHeld(
    session: AnsweredSession,
    transaction: Transaction,
    context: MacroSource,
    stage: 'data' | 'eom',
  ): Promise<Answer> {
    const recipients = [...transaction.held];
    const proceeding: Proceeding = { recipients, stage, startedAt: performance.now() };
    session.begin(proceeding);
    // One answer, and so one time for all that is asked because of them.
    const lookups = this.#lookups.forRecipient(recipients[0]?.attempt.clientAddress);
    await this.#shareClocks(session, transaction, proceeding, lookups);
    const heard = await this.#hearAll(session, transaction, proceeding, lookups);
    if (!session.conclude(proceeding)) return this.#form.pass;
    const worst = longestWait(heard);
    const decisions = heard.map(({ recipient, finding }) => {
      const judged =
        worst === undefined ? recipient : { ...recipient, terms: worst.recipient.terms };
      const found =
        worst === undefined ? finding : { ...worst.finding, attempts: finding.attempts };
      const decision = this.#record(transaction, proceeding, judged, found);
      this.#recordActivity(decision, judged, context);
      return decision;
    });
    const refused = decisions.find(({ verdict }) => verdict === 'tempfail');
    transaction.isJudged = refused === undefined;
    return refused === undefined || worst === undefined
      ? this.#form.pass
      : answerTo(this.#form, refused, worst.recipient, context);
  }

  // Before any of them is judged: a new recipient would not know of the clock of one behind it.
  async #shareClocks(
    session: AnsweredSession,
    transaction: Transaction,
    proceeding: Proceeding,
    lookups: Lookups,
  ): Promise<void> {
    if (proceeding.recipients.length === 1) return;
    for (const recipient of proceeding.recipients) {
      if (!session.owes(proceeding)) return;
      const heard = this.#case(transaction, recipient, lookups);
      transaction.shareClock(await clockOfRecipient(heard, this.#judges));
    }
  }

  // Once the answer is not owed any more, the rest are left: DATA may come again, and judge them.
  async #hearAll(
    session: AnsweredSession,
    transaction: Transaction,
    proceeding: Proceeding,
    lookups: Lookups,
  ): Promise<readonly Heard[]> {
    const heard: Heard[] = [];
    for (const recipient of proceeding.recipients) {
      if (!session.owes(proceeding)) break;
      const next = this.#case(transaction, recipient, lookups);
      const { finding, clockAt } = await hearRecipient(next, this.#judges);
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
    const at = shownTime(this.#clock);
    const rule = ruling?.rule?.name;
    const particulars = this.#policy.tellsParticulars ? particularsOf(ruling) : undefined;
    const decision = decide(finding, { attempt, stage, mode, rule, at, tookUs, particulars });
    // In other modes nobody was told to wait: what came before was another mail.
    if (finding.verdict === 'accept' && mode === 'enforce') {
      transaction.pass(recipient, finding.delayedMs);
    } else if (decision.verdict === 'accept') transaction.pass(recipient, undefined);
    else if (decision.verdict === 'discard') transaction.discarded.push(recipient);
    if (decision.verdict === 'accept') {
      transaction.lastPassed = decision;
      if (decision.reason === 'rule' && isForAll(ruling)) transaction.byDefault.push(recipient);
    }
    this.#watch.see(decision);
    this.#logger.decision(decision, terms.log);
    return decision;
  }

  // Who passes is recorded at the end of the message, if it comes to that and we are shown it.
  #recordActivity(decision: Decision, recipient: Recipient, context: MacroSource): void {
    const { verdict } = decision;
    const isRecordedNow = verdict === 'accept' && !this.#form.showsEnd;
    if (verdict !== 'tempfail' && verdict !== 'reject' && !isRecordedNow) return;
    const { activity } = this.#dependencies;
    activity?.record(toldOf(decision, recipient, context), this.#policy.surroundings);
  }

  #recordAbandoned(session: AnsweredSession, finding: Finding): void {
    const proceeding = session.abandon();
    const { transaction } = session;
    if (proceeding === undefined || transaction === undefined) return;
    const { mode } = this.#policy;
    const decisions = proceeding.recipients.map((recipient) => {
      const abandoned = { ...recipient, terms: { ...recipient.terms, mode } };
      return this.#record(transaction, proceeding, abandoned, finding);
    });
    // At RCPT one of them was judged, and those that are held were not.
    if (proceeding.stage !== 'rcpt')
      transaction.isJudged = decisions.every(({ verdict }) => verdict === 'accept');
  }
}

/** Under what circumstances a recipient is received. */
interface Reception {
  readonly context: MacroSource;
  readonly lookups: Lookups;
  readonly startedAt: number;
}
