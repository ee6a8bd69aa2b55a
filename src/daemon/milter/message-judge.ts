import type { Decision } from '../../greylist/decision.js';
import { renderReplyTemplate, type ReplyValues } from '../../greylist/reply-template.js';
import { withoutSourceRoute } from '../../mail/envelope-address.js';
import {
  replies,
  stepFlags,
  type Agreement,
  type EndOfMessageContext,
  type Reply,
} from '../../protocols/milter/index.js';
import type { MaybePromise } from '../../rules/lookups.js';
import type { Ruling } from '../../rules/rule.js';
import type { Logger } from '../../telemetry/logger.js';
import { shownTime, type Clock } from '../process/clock.js';
import { answerTo } from '../answers/decision-reply.js';
import { toldOf } from '../answers/told-decision.js';
import type { ActivityRecorder } from '../answers/activity.js';
import { MessageChanges, type PassingMessage } from './message-changes.js';
import {
  isToBeGreylisted,
  MessageGreylist,
  type MessageGreylistDependencies,
} from '../answers/message-greylist.js';
import { MessageRulings, type MessageRulingDependencies } from '../answers/message-ruling.js';
import { milterForm } from './milter-form.js';
import type { MilterSession } from './milter-session.js';
import type { Proceeding } from '../answers/owed-answer.js';
import type { Policy } from '../policy/policy.js';
import type { Recipient } from '../answers/recipient-judge.js';
import { DecisionValues } from '../answers/reply-values.js';
import type { RuleJudge } from '../answers/rule-judge.js';
import type { FindTerms } from '../answers/terms.js';
import type { Transaction } from '../answers/transaction.js';

/** What the MTA is told of a message. */
export type MessageAnswer = Reply<'continue' | 'tempfail' | 'replycode' | 'discard'>;

interface MessageJudgeDependencies extends MessageRulingDependencies, MessageGreylistDependencies {
  readonly logger: Logger;
  /** Nothing is recorded without it. */
  readonly activity?: ActivityRecorder | undefined;
  readonly greylister: MessageGreylistDependencies['greylister'];
}

/**
 * The end of a message whose recipients may pass: what `message-rules` say of it, who is taken off
 * it, and the header fields that it gets.
 */
export class MessageJudge {
  readonly #policy: Policy;
  readonly #rulings: MessageRulings;
  readonly #greylist: MessageGreylist;
  readonly #rules: RuleJudge;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #activity: ActivityRecorder | undefined;

  /** @param judging what recipients are judged by, too */
  constructor(
    policy: Policy,
    dependencies: MessageJudgeDependencies,
    judging: { readonly rules: RuleJudge; readonly findTerms: FindTerms },
  ) {
    this.#policy = policy;
    this.#rules = judging.rules;
    this.#clock = dependencies.clock;
    this.#logger = dependencies.logger;
    this.#activity = dependencies.activity;
    this.#rulings = new MessageRulings(policy, dependencies, judging.findTerms);
    this.#greylist = new MessageGreylist(policy, dependencies, judging.findTerms);
  }

  /** Judges the message; the transaction is over then. */
  judge(
    session: MilterSession,
    transaction: Transaction,
    context: EndOfMessageContext,
  ): MaybePromise<MessageAnswer> {
    const { passed, headers, bytes, body, rawHeaders } = transaction;
    const [first] = passed;
    const proceeding: Proceeding = {
      recipients: passed,
      stage: 'eom',
      startedAt: performance.now(),
    };
    const conclude = (ruling: Ruling | undefined): MessageAnswer => {
      if (session.transaction !== transaction) return replies.continue;
      session.endMessage();
      return this.#conclude(transaction, ruling, context);
    };
    const finish = (ruling: Ruling | undefined): MaybePromise<MessageAnswer> => {
      if (ruling === undefined || !isToBeGreylisted(ruling, transaction)) return conclude(ruling);
      session.begin(proceeding);
      return this.#greylist.judge(transaction, ruling).then((wait) => {
        if (!session.conclude(proceeding)) return replies.continue;
        if (wait === undefined) return conclude(ruling);
        session.endMessage();
        return this.#sendBack(wait.decision, { ruling, terms: wait.terms }, context);
      });
    };
    if (first === undefined || !this.#isShown(context.agreement)) return conclude(undefined);
    const { attempt } = first;
    const ruling = this.#rules.ofMessage({
      attempt,
      recipientsBefore: transaction.recipients,
      acceptedBefore: passed.length,
      counted: { ofMessage: transaction.counted, ofSession: session.counted },
      context,
      message: {
        headers,
        bytes,
        body,
        rawHeaders,
        recipients: passed.map((each) => each.attempt.recipient),
      },
      properties: transaction.properties,
    });
    if (!(ruling instanceof Promise)) return finish(ruling);
    session.begin(proceeding);
    return ruling.then((found) =>
      session.conclude(proceeding) ? finish(found) : replies.continue,
    );
  }

  // What was negotiated holds for the connection, and rules that have come since may want more of a message:
  // asked about one without it they would be wrong.
  #isShown({ steps }: Agreement): boolean {
    const { headers, body } = this.#policy.program.needs;
    const missing = (headers ? stepFlags.noHeaders : 0) | (body ? stepFlags.noBody : 0);
    return (steps & missing) === 0;
  }

  #conclude(
    transaction: Transaction,
    ruling: Ruling | undefined,
    context: EndOfMessageContext,
  ): MessageAnswer {
    const { discarded, passed } = transaction;
    if (passed.length === 0 && discarded.length > 0) return replies.discard;
    const refusal = ruling === undefined ? undefined : this.#refuse(transaction, ruling, context);
    if (refusal !== undefined) return refusal;
    for (const recipient of discarded) this.#takeOff(recipient, context);
    const message = { transaction, ruling, now: shownTime(this.#clock) };
    const id = passed[0]?.attempt.id;
    new MessageChanges(this.#policy, message, context, (what) => this.#cannot(what, id)).apply();
    for (const recipient of passed.toReversed()) this.#recordActivity(recipient, message, context);
    return replies.continue;
  }

  /** Undefined if the message goes on. */
  #refuse(
    transaction: Transaction,
    ruling: Ruling,
    context: EndOfMessageContext,
  ): MessageAnswer | undefined {
    const ruled = this.#rulings.apply(ruling, transaction.passed);
    if (ruled === undefined) return undefined;
    const { action, decision, terms } = ruled;
    switch (action) {
      case 'discard':
        return replies.discard;
      case 'reject':
      case 'tempfail':
        return this.#sendBack(decision, { ruling, terms }, context);
      case 'quarantine': {
        this.#quarantine(
          ruling,
          new DecisionValues(decision, 0, { ruling, terms }, context),
          context,
        );
        return undefined;
      }
    }
  }

  #sendBack(
    decision: Decision,
    recipient: Pick<Recipient, 'ruling' | 'terms'>,
    context: EndOfMessageContext,
  ): MessageAnswer {
    this.#activity?.record(toldOf(decision, recipient, context), this.#policy.surroundings);
    return answerTo(milterForm, decision, recipient, context);
  }

  #recordActivity(
    { attempt, ruling }: Recipient,
    { transaction, now }: PassingMessage,
    context: EndOfMessageContext,
  ): void {
    this.#activity?.record(
      {
        ...{ attempt, ruling, now, macros: context, elapsedMs: transaction.delayedMs },
        decision: { verdict: 'accept', reason: 'rule' },
      },
      this.#policy.surroundings,
    );
  }

  #quarantine({ rule, settings }: Ruling, values: ReplyValues, context: EndOfMessageContext): void {
    if (!context.may('quarantine')) {
      this.#cannot('quarantine the message', values.id);
      return;
    }
    const { text } = settings;
    const why = text === undefined ? rule?.name : renderReplyTemplate(text, values);
    context.quarantine(why ?? 'greymilter');
  }

  // Postfix shows us a source route, but knows the recipient without it. Sendmail finds either.
  #takeOff({ attempt }: Recipient, context: EndOfMessageContext): void {
    const mailbox = withoutSourceRoute(attempt.recipient.text);
    if (context.may('deleteRecipients')) context.deleteRecipient(`<${mailbox}>`);
    else this.#cannot('take a recipient off the message', attempt.id);
  }

  // Lost would be worse than kept: what an MTA cannot do is said, and the mail goes on.
  #cannot(what: string, id: string | undefined): void {
    this.#logger.warn(`the MTA does not let us ${what}: it passes`, { id });
  }
}
