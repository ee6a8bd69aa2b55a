import type { PolicyRequest } from '../../protocols/postfix-policy/index.js';
import { RecentEntries } from '../../greylist/recent-entries.js';

/**
 * Messages that are remembered although their connection has gone on to another. By Postfix's word
 * they are over; these few are for what stands between it and us, and shares connections.
 */
const maxLeft = 128;

/** Messages whose connection was closed: Postfix does that between any two requests, after 1000 s. */
const maxParted = 10_000;

/** A request, as far as messages are told apart by it. */
type Asked = Pick<PolicyRequest, 'get'>;

/** A message that connections talk about. */
export interface VisitedMessage {
  readonly instance: string;
  /** Whether a request with the same `instance` is about it. */
  isMeantBy(request: Asked): boolean;
}

/** What one connection is talking about. */
export interface Visit<Message extends VisitedMessage> {
  message: Message | undefined;
}

/**
 * The messages that Postfix asks about. Requests of one message have the same `instance`; they come
 * over one connection for each check that asks us, and another `instance` on it means that the
 * message before is over (SMTPD_POLICY_README). Then it is let go: a message has some thirty objects,
 * and V8 moves twice what is kept for long, but does not touch what is not.
 */
export class PostfixMessages<Message extends VisitedMessage> {
  /**
   * By `instance`, a connection that talks about it. Not the message itself: when a `Map` has been
   * filled once with what is deleted by now, V8 makes another of it, and what stands in the old one
   * is kept until the next full collection.
   */
  readonly #current = new Map<string, Visit<Message>>();
  readonly #left = new RecentEntries<string, Message>(maxLeft);
  readonly #parted = new RecentEntries<string, Message>(maxParted);

  /** How many messages connections talk about. */
  get current(): number {
    return this.#current.size;
  }

  /** The message that a request is about, if it is known. */
  find(request: Asked): Message | undefined {
    const instance = request.get('instance') ?? '';
    const known =
      this.#current.get(instance)?.message ??
      this.#left.get(instance) ??
      this.#parted.get(instance);
    return known?.isMeantBy(request) === true ? known : undefined;
  }

  /**
   * The message that a connection talks about from now on.
   *
   * @param begin makes one that is not known yet
   */
  visit(visit: Visit<Message>, request: Asked, begin: () => Message): Message {
    const instance = request.get('instance') ?? '';
    if (instance === '') return begin();
    const { message } = visit;
    if (message?.instance === instance && message.isMeantBy(request)) return message;
    this.#leave(visit, this.#left);
    const known = this.find(request);
    const next = known ?? begin();
    visit.message = next;
    if (known === undefined || this.#current.get(instance)?.message !== next) {
      this.#current.set(instance, visit);
    }
    return next;
  }

  /** The message of a connection is over: nothing more is asked about it. */
  forget(visit: Visit<Message>): void {
    const { message } = visit;
    if (message === undefined) return;
    const { instance } = message;
    if (this.#current.get(instance)?.message === message) this.#current.delete(instance);
    this.#left.delete(instance);
    this.#parted.delete(instance);
    visit.message = undefined;
  }

  /** A connection was closed. */
  part(visit: Visit<Message>): void {
    this.#leave(visit, this.#parted);
  }

  // Where another connection has come to the message first, that one answers for it.
  #leave(visit: Visit<Message>, kept: RecentEntries<string, Message>): void {
    const { message } = visit;
    if (message !== undefined && this.#current.get(message.instance) === visit) {
      this.#current.delete(message.instance);
      kept.set(message.instance, message);
    }
    visit.message = undefined;
  }
}
