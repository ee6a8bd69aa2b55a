import { parseEnvelopeAddress } from '../../mail/envelope-address.js';
import type { PolicyRequest } from '../../protocols/postfix-policy/index.js';
import { CountedOnce } from '../../rules/counted-once.js';
import { OwedAnswer } from '../answers/owed-answer.js';
import type { PostfixAnswers } from './postfix-answers.js';
import type { VisitedMessage } from './postfix-messages.js';
import { told } from './postfix-request.js';
import { Transaction } from '../answers/transaction.js';

/**
 * The value of `policy_context` by which a check says that another one stands in
 * smtpd_data_restrictions, so that recipients can be held until then.
 */
export const alsoAtData = 'also-at-data';

/** One message as Postfix asks about it, recipient by recipient; in place of a milter's session. */
export class PostfixMessage extends OwedAnswer implements VisitedMessage {
  /** Stands for the queue id where Postfix has none yet: at the first recipient. */
  readonly id: string;
  readonly transaction: Transaction;
  /** Requests of one message say nothing of those before it in the same session. */
  readonly counted = new CountedOnce();
  readonly isAskedAgain: boolean;
  /** The configuration that it began with holds until its end. */
  readonly answers: PostfixAnswers;
  /** The same in all requests about it; empty where whoever asks does not say. */
  readonly instance: string;
  readonly #sender: string | undefined;
  readonly #client: string | undefined;
  #headersGiven: Set<string> | undefined;

  constructor(request: PolicyRequest, id: string, answers: PostfixAnswers) {
    super();
    this.id = id;
    this.answers = answers;
    this.instance = request.get('instance') ?? '';
    this.isAskedAgain = request.get('policy_context') === alsoAtData;
    this.#sender = request.get('sender');
    this.#client = request.get('client_address');
    const sender = parseEnvelopeAddress(this.#sender ?? '');
    this.transaction = new Transaction(sender, told(request, 'sasl_username'));
  }

  /**
   * Notes that the message gets a header field: Postfix adds one with each answer.
   *
   * @returns false if it has this one already
   */
  giveHeader(field: string): boolean {
    this.#headersGiven ??= new Set();
    if (this.#headersGiven.has(field)) return false;
    this.#headersGiven.add(field);
    return true;
  }

  /** Whether a request with the same `instance` is about this message; two machines may ask us. */
  isMeantBy(request: Pick<PolicyRequest, 'get'>): boolean {
    return request.get('sender') === this.#sender && request.get('client_address') === this.#client;
  }
}
