import {
  actions,
  type PolicyAction,
  type PolicyRequest,
} from '../../protocols/postfix-policy/index.js';
import type { MaybePromise } from '../../store/store.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Clock } from '../process/clock.js';
import type { PostfixAnswers } from './postfix-answers.js';
import { PostfixMessage } from './postfix-message.js';
import { PostfixMessages, type Visit } from './postfix-messages.js';
import { RepeatedWarning } from '../process/repeated-warning.js';

/** An empty sender is one, and so is a client without an address; without them, nobody is meant. */
const deciding = ['client_address', 'sender', 'recipient'] as const;

/** What is kept of a connection. */
export interface PostfixVisit extends Visit<PostfixMessage> {
  /** The message to which an answer is owed, also where nothing more is to be asked about it. */
  asked: PostfixMessage | undefined;
}

/** What the service is put together from. */
export interface PostfixServiceDependencies {
  readonly logger: Logger;
  readonly clock: Clock;
  /** A new id for each message, until Postfix has one. */
  readonly nextSessionId: () => string;
  /** In tests: hears the seconds of `policy_test_time`, which set the clock before each request. */
  readonly setTestTime?: ((epochMs: number) => void) | undefined;
}

/**
 * Where greylisting meets Postfix's policy protocol: finds the message that a request is about, and
 * the answers by which it began.
 */
export class PostfixService {
  readonly #messages = new PostfixMessages<PostfixMessage>();
  readonly #nextSessionId: () => string;
  readonly #setTestTime: ((epochMs: number) => void) | undefined;
  readonly #tooLate: RepeatedWarning;
  readonly #incomplete: RepeatedWarning;
  #answers: PostfixAnswers;

  constructor(answers: PostfixAnswers, dependencies: PostfixServiceDependencies) {
    this.#answers = answers;
    this.#nextSessionId = dependencies.nextSessionId;
    this.#setTestTime = dependencies.setTestTime;
    this.#incomplete = new RepeatedWarning(
      'policy request without an attribute that decides: it passes',
      dependencies.logger,
      dependencies.clock,
    );
    this.#tooLate = new RepeatedWarning(
      'recipients are not known at DATA: they pass; put the check into smtpd_recipient_restrictions',
      dependencies.logger,
      dependencies.clock,
    );
  }

  /** New messages are answered by another configuration; those that have begun keep theirs. */
  setAnswers(answers: PostfixAnswers): void {
    this.#answers = answers;
  }

  /** Postfix's documentation lists the states (SMTPD_POLICY_README); Exim names none. */
  answer(
    request: PolicyRequest,
    visit: PostfixVisit,
    allowMore?: (ms: number) => void,
  ): MaybePromise<PolicyAction> {
    if (this.#setTestTime !== undefined) {
      const seconds = Number(request.get('policy_test_time') ?? Number.NaN);
      if (Number.isFinite(seconds)) this.#setTestTime(seconds * 1000);
    }
    visit.asked = undefined;
    switch (request.get('protocol_state')) {
      case 'CONNECT':
        return this.#answers.early('connect', request, this.#nextSessionId());
      case 'EHLO':
      case 'HELO':
        return this.#answers.early('helo', request, this.#nextSessionId());
      case 'MAIL':
        return this.#answers.early('mail', request, this.#nextSessionId());
      case 'VRFY':
      case 'ETRN':
        return actions.dunno;
      case 'DATA':
        return this.#data(this.#messageOf(visit, request), request, allowMore);
      case 'END-OF-MESSAGE':
        return this.#endOfMessage(visit, request);
      case 'RCPT':
      case undefined:
      default:
        return this.#rcpt(this.#messageOf(visit, request), request, allowMore);
    }
  }

  /** What is kept of a connection. */
  open(): PostfixVisit {
    return { message: undefined, asked: undefined };
  }

  /** A connection is over. */
  close(visit: PostfixVisit): void {
    this.#messages.part(visit);
  }

  /** The answer where {@link answer} has failed, which is a bug. */
  failed(request: PolicyRequest, error: unknown, visit: PostfixVisit | undefined): PolicyAction {
    const message = visit?.asked ?? this.#begin(request);
    return message.answers.failed(message, stateOf(request), error);
  }

  /** The answer where {@link answer} takes too long. */
  late(request: PolicyRequest, visit: PostfixVisit | undefined): PolicyAction {
    const message = visit?.asked ?? this.#begin(request);
    return message.answers.late(message, stateOf(request));
  }

  #rcpt(
    message: PostfixMessage,
    request: PolicyRequest,
    allowMore: ((ms: number) => void) | undefined,
  ): MaybePromise<PolicyAction> {
    const missing = deciding.find((name) => request.get(name) === undefined);
    if (missing === undefined) return message.answers.rcpt(message, request, allowMore);
    this.#incomplete.warn({ attribute: missing });
    return actions.dunno;
  }

  // A check at DATA alone knows the recipient only if there is just one.
  #data(
    message: PostfixMessage,
    request: PolicyRequest,
    allowMore: ((ms: number) => void) | undefined,
  ): MaybePromise<PolicyAction> {
    if (message.transaction.recipients > 0) return message.answers.data(message, request);
    if ((request.get('recipient') ?? '') !== '') return this.#rcpt(message, request, allowMore);
    this.#tooLate.warn({ id: message.id });
    return actions.dunno;
  }

  #endOfMessage(visit: PostfixVisit, request: PolicyRequest): MaybePromise<PolicyAction> {
    const message = this.#messageOf(visit, request);
    this.#messages.forget(visit);
    return message.answers.endOfMessage(message, request);
  }

  #messageOf(visit: PostfixVisit, request: PolicyRequest): PostfixMessage {
    const message = this.#messages.visit(visit, request, () => this.#begin(request));
    visit.asked = message;
    return message;
  }

  #begin(request: PolicyRequest): PostfixMessage {
    return new PostfixMessage(request, this.#nextSessionId(), this.#answers);
  }
}

function stateOf(request: PolicyRequest): string {
  return request.get('protocol_state')?.toLowerCase() ?? 'rcpt';
}
