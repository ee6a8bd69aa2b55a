import { hostname } from 'node:os';
import { parseEnvelopeAddress } from '../../mail/envelope-address.js';
import {
  actions,
  type PolicyAction,
  type PolicyRequest,
} from '../../protocols/postfix-policy/index.js';
import type { Decision } from '../../greylist/decision.js';
import { renderLineTemplate } from '../../greylist/text-template.js';
import type { MaybePromise } from '../../store/store.js';
import { answerTo, type AnswerForm } from '../answers/decision-reply.js';
import { formatDelayedHeader, headerReasons, wantsHeader } from '../answers/delayed-header.js';
import { EarlyAnswers } from '../answers/early-answers.js';
import type { MacroSource } from '../answers/macro-source.js';
import { isToBeGreylisted, MessageGreylist } from '../answers/message-greylist.js';
import { MessageRulings } from '../answers/message-ruling.js';
import type { Policy } from '../policy/policy.js';
import { shownTime } from '../process/clock.js';
import type { PostfixMessage } from './postfix-message.js';
import { attemptOf, PostfixMacros } from './postfix-request.js';
import { RecipientAnswers, type AnswerDependencies } from '../answers/recipient-answers.js';
import type { Recipient } from '../answers/recipient-judge.js';
import { conditionsIn } from '../../rules/rule-conditions.js';
import { textContext } from '../answers/text-context.js';
import { toldOf } from '../answers/told-decision.js';
import type { Ruling } from '../../rules/rule.js';

/** What was decided, in Postfix's words. */
const postfixForm: AnswerForm<PolicyAction> = {
  pass: actions.dunno,
  tempfail: actions.deferIfPermit('4.7.1 Service unavailable, please try again later'),
  repliesOf: ({ postfixReplies }) => postfixReplies,
  // Only a check of its own would, which hardly anybody has.
  showsEnd: false,
};

/** What Postfix's policy service is told, by one configuration. */
export class PostfixAnswers {
  readonly #policy: Policy;
  readonly #dependencies: AnswerDependencies;
  readonly #host = hostname();
  readonly #recipients: RecipientAnswers<PolicyAction>;
  readonly #early: EarlyAnswers<PolicyAction>;
  readonly #rulings: MessageRulings;
  readonly #greylist: MessageGreylist;
  /** Postfix shows no header: rules that ask for one would find none, and be wrong. */
  readonly #needsHeaders: boolean;

  constructor(policy: Policy, dependencies: AnswerDependencies) {
    this.#policy = policy;
    this.#dependencies = dependencies;
    this.#recipients = new RecipientAnswers(policy, dependencies, postfixForm);
    this.#early = new EarlyAnswers(policy, dependencies, postfixForm);
    const { findTerms } = this.#recipients;
    this.#rulings = new MessageRulings(policy, dependencies, findTerms);
    this.#greylist = new MessageGreylist(policy, dependencies, findTerms);
    this.#needsHeaders = policy.program.messageRules.some((rule) =>
      conditionsIn(rule).some(
        ({ name }) => name === 'header' || name === 'body' || name === 'dkim',
      ),
    );
  }

  /** Before the first recipient; only rules that say so answer there. */
  early(
    stage: 'connect' | 'helo' | 'mail',
    request: PolicyRequest,
    id: string,
  ): MaybePromise<PolicyAction> {
    if (!this.#early.answersAt(stage)) return actions.dunno;
    const sender = parseEnvelopeAddress(request.get('sender') ?? '');
    return this.#early.answer(stage, {
      attempt: attemptOf(request, id, sender),
      context: new PostfixMacros(request, this.#host),
      isGone: () => false,
    });
  }

  /** One recipient. */
  rcpt(
    message: PostfixMessage,
    request: PolicyRequest,
    allowMore?: (ms: number) => void,
  ): MaybePromise<PolicyAction> {
    const attempt = attemptOf(request, message.id, message.transaction.sender);
    message.transaction.ask(attempt.recipient.text);
    const macros = new PostfixMacros(request, this.#host, allowMore);
    const finish = (answer: PolicyAction): PolicyAction => {
      if (!message.isAskedAgain) this.#warnOfDiscarded(message);
      return this.#withHeader(message, answer, macros);
    };
    const answer = this.#recipients.rcpt(message, attempt, macros);
    return answer instanceof Promise ? answer.then(finish) : finish(answer);
  }

  /** All recipients that were held, where the check stands in smtpd_data_restrictions as well. */
  data(message: PostfixMessage, request: PolicyRequest): MaybePromise<PolicyAction> {
    const macros = new PostfixMacros(request, this.#host);
    const finish = (answer: PolicyAction): PolicyAction => {
      if (answer === actions.dunno && isAllDiscarded(message, request)) return actions.discard();
      this.#warnOfDiscarded(message);
      return this.#withHeader(message, answer, macros);
    };
    const answer = this.#recipients.held(message, 'data', macros);
    return answer instanceof Promise ? answer.then(finish) : finish(answer);
  }

  /** Where the check stands in smtpd_end_of_data_restrictions: rules that need no header. */
  endOfMessage(message: PostfixMessage, request: PolicyRequest): MaybePromise<PolicyAction> {
    const context = new PostfixMacros(request, this.#host);
    const finish = (answer: PolicyAction): MaybePromise<PolicyAction> =>
      answer === actions.dunno ? this.#judgeMessage(message, request, context) : answer;
    const answer = this.#recipients.held(message, 'eom', context);
    return answer instanceof Promise ? answer.then(finish) : finish(answer);
  }

  /** The answer where one could not be found, which is a bug. */
  failed(message: PostfixMessage, event: string, error: unknown): PolicyAction {
    return this.#recipients.failed(message, event, error);
  }

  /** The answer where the limit is over. */
  late(message: PostfixMessage, event: string): PolicyAction {
    return this.#recipients.late(message, event);
  }

  #judgeMessage(
    message: PostfixMessage,
    request: PolicyRequest,
    context: MacroSource,
  ): MaybePromise<PolicyAction> {
    const { passed, recipients, properties, counted } = message.transaction;
    const [first] = passed;
    if (first === undefined) {
      return isAllDiscarded(message, request) ? actions.discard() : actions.dunno;
    }
    if (this.#needsHeaders) return actions.dunno;
    const bytes = Number(request.get('size') ?? 0);
    const ruling = this.#recipients.rules.ofMessage({
      attempt: first.attempt,
      recipientsBefore: recipients,
      acceptedBefore: passed.length,
      counted: { ofMessage: counted, ofSession: message.counted },
      context,
      message: {
        headers: [],
        bytes: Number.isSafeInteger(bytes) ? bytes : 0,
        recipients: passed.map((each) => each.attempt.recipient),
      },
      properties,
    });
    const finish = (found: Ruling | undefined): MaybePromise<PolicyAction> => {
      if (found === undefined) return actions.dunno;
      return isToBeGreylisted(found, message.transaction)
        ? this.#greylistMessage(message, found, context)
        : this.#concludeMessage(passed, found, context);
    };
    return ruling instanceof Promise ? ruling.then(finish) : finish(ruling);
  }

  async #greylistMessage(
    { transaction }: PostfixMessage,
    ruling: Ruling,
    context: MacroSource,
  ): Promise<PolicyAction> {
    const wait = await this.#greylist.judge(transaction, ruling);
    if (wait === undefined) return actions.dunno;
    return this.#refuseMessage(wait.decision, { ruling, terms: wait.terms }, context);
  }

  #concludeMessage(
    passed: readonly Recipient[],
    ruling: Ruling,
    context: MacroSource,
  ): PolicyAction {
    const ruled = this.#rulings.apply(ruling, passed);
    if (ruled === undefined) return actions.dunno;
    const { action, decision, terms } = ruled;
    if (action === 'discard') return actions.discard();
    if (action === 'quarantine') return actions.hold(ruling.rule?.name);
    return this.#refuseMessage(decision, { ruling, terms }, context);
  }

  #refuseMessage(
    decision: Decision,
    recipient: Pick<Recipient, 'ruling' | 'terms'>,
    context: MacroSource,
  ): PolicyAction {
    const { activity } = this.#dependencies;
    activity?.record(toldOf(decision, recipient, context), this.#policy.surroundings);
    return answerTo(postfixForm, decision, recipient, context);
  }

  // Lost would be worse than kept: what Postfix has no word for is said, and the mail goes on.
  #warnOfDiscarded({ transaction: { discarded } }: PostfixMessage): void {
    const [recipient] = discarded.splice(0);
    if (recipient === undefined) return;
    const { id, recipient: to } = recipient.attempt;
    this.#dependencies.logger.warn(
      'the policy protocol cannot take a recipient off a message: it passes; use the milter, or reject',
      { id, to: `<${to.text}>` },
    );
  }

  #report(
    { transaction }: PostfixMessage,
    now: number,
    macros: MacroSource,
  ): readonly [name: string, value: string] {
    const { passed, delayedMs } = transaction;
    const { headerText, surroundings } = this.#policy;
    const reporting = passed.findLast(({ ruling }) => ruling?.settings.report !== undefined);
    const last = reporting ?? passed.at(-1);
    const told = last && { ...last, macros, now, elapsedMs: delayedMs };
    const context = told && textContext(surroundings, told);
    const report = reporting?.ruling?.settings.report;
    if (report !== undefined && context !== undefined) {
      return [headerText.name, renderLineTemplate(report, context)];
    }
    const reasons = headerReasons(transaction, undefined);
    return formatDelayedHeader(headerText, { delayedMs, host: this.#host, now, reasons, context });
  }

  /** A message has one header of ours, and those of rules; with each answer Postfix takes one. */
  #withHeader(message: PostfixMessage, answer: PolicyAction, macros: MacroSource): PolicyAction {
    if (answer !== actions.dunno) return answer;
    const { passed, delayedMs } = message.transaction;
    if (passed.length === 0) return answer;
    const { header, headerText } = this.#policy;
    if (wantsHeader(header, delayedMs)) {
      if (message.giveHeader(headerText.text)) {
        const now = shownTime(this.#dependencies.clock);
        return actions.prepend(...this.#report(message, now, macros));
      }
    }
    for (const { attempt, ruling, terms } of passed) {
      if (terms.headers.length === 0) continue;
      const now = shownTime(this.#dependencies.clock);
      const told = { attempt, ruling, macros, now, elapsedMs: delayedMs };
      const texts = textContext(this.#policy.surroundings, told);
      for (const { name, value: template } of terms.headers) {
        const value = renderLineTemplate(template, texts);
        if (message.giveHeader(`${name}: ${value}`)) return actions.prepend(name, value);
      }
    }
    return answer;
  }
}

/**
 * Whether rules discard the message for all of its recipients: for some of them Postfix has no word.
 * Only Postfix knows how many there are, since others may have passed without asking us.
 */
function isAllDiscarded({ transaction }: PostfixMessage, request: PolicyRequest): boolean {
  const { discarded, passed } = transaction;
  const count = Number(request.get('recipient_count') ?? 0);
  return discarded.length > 0 && passed.length === 0 && count === discarded.length;
}
