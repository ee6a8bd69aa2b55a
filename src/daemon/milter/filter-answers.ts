import {
  replies,
  type EndOfMessageContext,
  type EnvelopeEvent,
  type EventName,
  type MilterContext,
} from '../../protocols/milter/index.js';
import type { MaybePromise } from '../../store/store.js';
import { milterForm, type MilterAnswer } from './milter-form.js';
import { MessageJudge, type MessageAnswer } from './message-judge.js';
import type { MilterSession } from './milter-session.js';
import type { Policy } from '../policy/policy.js';
import { RecipientAnswers, type AnswerDependencies } from '../answers/recipient-answers.js';

/**
 * What the MTA is told at RCPT, DATA and the end of the message. A recipient that passes is answered
 * `continue`, never `accept`, which would let the recipients after it pass unseen.
 */
export class FilterAnswers {
  readonly #recipients: RecipientAnswers<MilterAnswer>;
  readonly #messages: MessageJudge;

  constructor(policy: Policy, dependencies: AnswerDependencies) {
    this.#recipients = new RecipientAnswers(policy, dependencies, milterForm);
    this.#messages = new MessageJudge(policy, dependencies, this.#recipients);
  }

  rcpt(
    session: MilterSession,
    event: EnvelopeEvent,
    context: MilterContext,
  ): MaybePromise<MilterAnswer> {
    const { transaction } = session;
    if (transaction === undefined) return replies.continue;
    return this.#recipients.rcpt(session, session.attempt(transaction, event, context), context);
  }

  data(session: MilterSession, context: MilterContext): MaybePromise<MilterAnswer> {
    return this.#recipients.held(session, 'data', context);
  }

  /** Where the MTA had no DATA event the held recipients are judged here; then the message. */
  eom(session: MilterSession, context: EndOfMessageContext): MaybePromise<MessageAnswer> {
    const { transaction } = session;
    if (transaction === undefined) return replies.continue;
    const finish = (answer: MilterAnswer): MaybePromise<MessageAnswer> => {
      // Found too late, or for an MTA that has left: another message may be under way by now.
      if (session.transaction !== transaction) return answer;
      if (answer.kind === 'continue') return this.#messages.judge(session, transaction, context);
      session.endMessage();
      return answer;
    };
    const answer = this.#recipients.held(session, 'eom', context);
    return answer instanceof Promise ? answer.then(finish) : finish(answer);
  }

  /** The client has left the message, or the session. */
  leave(session: MilterSession): void {
    this.#recipients.leave(session);
  }

  /** The answer where a handler failed, which is a bug. */
  failed(session: MilterSession, event: EventName, error: unknown): MilterAnswer {
    return this.#recipients.failed(session, event, error);
  }

  /** The answer where the limit is over. */
  late(session: MilterSession, event: EventName): MilterAnswer {
    return this.#recipients.late(session, event);
  }
}
