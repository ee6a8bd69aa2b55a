import {
  actions,
  type PolicyAction,
  type PolicyRequest,
} from '../protocols/postfix-policy/index.js';
import type { MaybePromise } from '../store/store.js';
import type { Logger } from '../telemetry/logger.js';
import type { Clock } from './clock.js';
import type { PostfixAnswers } from './postfix-answers.js';
import { PostfixMessage } from './postfix-message.js';
import { RepeatedWarning } from './repeated-warning.js';

/**
 * Messages that are remembered between their requests, each about a kilobyte: ten times as many as
 * Postfix has smtpd processes at a time.
 */
const maxMessages = 10_000;

/** An empty sender is one, and so is a client without an address; without them, nobody is meant. */
const deciding = ['client_address', 'sender', 'recipient'] as const;

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
 * the answers by which it began. Requests of one message have the same `instance`.
 */
export class PostfixService {
  /** By `instance`, the oldest first. */
  readonly #messages = new Map<string, PostfixMessage>();
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
    _session?: undefined,
    allowMore?: (ms: number) => void,
  ): MaybePromise<PolicyAction> {
    if (this.#setTestTime !== undefined) {
      const seconds = Number(request.get('policy_test_time') ?? Number.NaN);
      if (Number.isFinite(seconds)) this.#setTestTime(seconds * 1000);
    }
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
        return this.#data(this.#messageOf(request), request, allowMore);
      case 'END-OF-MESSAGE':
        return this.#endOfMessage(request);
      case 'RCPT':
      case undefined:
      default:
        return this.#rcpt(this.#messageOf(request), request, allowMore);
    }
  }

  /** The answer where {@link answer} has failed, which is a bug. */
  failed(request: PolicyRequest, error: unknown): PolicyAction {
    const message = this.#messageOf(request);
    return message.answers.failed(message, stateOf(request), error);
  }

  /** The answer where {@link answer} takes too long. */
  late(request: PolicyRequest): PolicyAction {
    const message = this.#messageOf(request);
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

  #endOfMessage(request: PolicyRequest): MaybePromise<PolicyAction> {
    const message = this.#messageOf(request);
    this.#messages.delete(request.get('instance') ?? '');
    return message.answers.endOfMessage(message, request);
  }

  #messageOf(request: PolicyRequest): PostfixMessage {
    const instance = request.get('instance') ?? '';
    const known = this.#messages.get(instance);
    if (known?.isMeantBy(request) === true) return known;
    const message = new PostfixMessage(request, this.#nextSessionId(), this.#answers);
    if (instance !== '') this.#remember(instance, message);
    return message;
  }

  #remember(instance: string, message: PostfixMessage): void {
    this.#messages.delete(instance);
    this.#messages.set(instance, message);
    if (this.#messages.size <= maxMessages) return;
    for (const oldest of this.#messages.keys()) {
      this.#messages.delete(oldest);
      return;
    }
  }
}

function stateOf(request: PolicyRequest): string {
  return request.get('protocol_state')?.toLowerCase() ?? 'rcpt';
}
