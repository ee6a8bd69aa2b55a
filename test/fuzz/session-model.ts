import type { CommandName, EventName } from '../../src/protocols/milter/events.js';
import type { ReplyKind } from '../../src/protocols/milter/replies.js';

/** What both ends have agreed to leave out. */
export interface ModelTerms {
  /** Events that are not sent. */
  readonly unsent: ReadonlySet<EventName>;
  /** Events that are not answered. */
  readonly unanswered: ReadonlySet<EventName>;
  /** Events of which the filter is not told if they come all the same. */
  readonly unheard: ReadonlySet<EventName>;
}

/** What becomes of a command. */
export interface ModelOutcome {
  /** What the filter is told, in this order. */
  readonly calls: readonly string[];
  readonly isAnswered: boolean;
  /** `lost`: it does not go on, and is a fault of the MTA's. */
  readonly connection: 'goes on' | 'ends' | 'lost';
}

const inside: ReadonlySet<CommandName> = new Set<CommandName>([
  ...(['rcpt', 'data', 'header', 'eoh', 'body', 'eom'] as const),
]);

/**
 * A filter's session as the protocol's description has it, told by questions: is there a client, a
 * message, is anything more wanted? (specs of milter, "What a filter must accept".) Written to be
 * compared with the program's own table, and so without it.
 */
export class SessionModel {
  readonly #terms: ModelTerms;
  #isNegotiated = false;
  #hasClient = false;
  #hasMessage = false;
  /** The MTA was told that it need not ask again before there is another client. */
  #isDismissed = false;
  /** The filter has been told of a client, or of anything of it. */
  #isOpen = false;

  constructor(terms: ModelTerms) {
    this.#terms = terms;
  }

  /** @param reply what the filter says if it is asked */
  take(command: CommandName, reply: ReplyKind): ModelOutcome {
    if (command === 'quit') return { ...quiet, calls: this.end(), connection: 'ends' };
    if (command === 'negotiate' || !this.#isNegotiated) {
      if (this.#isNegotiated || command !== 'negotiate') return { ...quiet, connection: 'lost' };
      this.#isNegotiated = true;
      return { ...quiet, isAnswered: true };
    }
    if (command === 'macro') return quiet;
    if (command === 'abort') return { ...quiet, calls: this.#dropMessage() };
    if (command === 'quitNc') return { ...quiet, calls: this.#dropClient() };
    if (command !== 'connect') return this.#takeOfClient(command, reply);
    const calls = this.#dropClient();
    this.#hasClient = true;
    return this.#ask(command, reply, calls);
  }

  /** The connection is over, whoever has ended it. */
  end(): readonly string[] {
    return this.#dropClient();
  }

  #takeOfClient(command: Exclude<EventName, 'connect'>, reply: ReplyKind): ModelOutcome {
    const { unsent } = this.#terms;
    // Without CONNECT the first that comes of a client stands for it.
    if (this.#isDismissed || (!this.#hasClient && !unsent.has('connect'))) {
      return { ...quiet, isAnswered: this.#isAnswered(command) };
    }
    if (inside.has(command) && !this.#hasMessage && !unsent.has('mail')) {
      return { ...quiet, isAnswered: this.#isAnswered(command) };
    }
    this.#hasClient = true;
    const calls = command === 'helo' || command === 'mail' ? this.#dropMessage() : [];
    if (command === 'mail' || inside.has(command)) this.#hasMessage = true;
    return this.#ask(command, reply, calls);
  }

  #ask(event: EventName, reply: ReplyKind, before: readonly string[]): ModelOutcome {
    const calls = [...before];
    if (!this.#terms.unheard.has(event)) {
      if (!this.#isOpen) calls.push('open');
      this.#isOpen = true;
      calls.push(event);
    }
    const isAnswered = this.#isAnswered(event);
    if (isAnswered) this.#heed(event, reply);
    return { calls, isAnswered, connection: 'goes on' };
  }

  /** A verdict ends what it is about. */
  #heed(event: EventName, reply: ReplyKind): void {
    if (event === 'eom') this.#hasMessage = false;
    if (reply === 'continue' || reply === 'skip') return;
    const isForGood = reply === 'accept' || reply === 'discard';
    if (event === 'connect' || (event === 'helo' && reply === 'accept')) this.#isDismissed = true;
    else if (event === 'rcpt' || event === 'data') this.#hasMessage &&= !isForGood;
    else if (event !== 'helo' && event !== 'unknown') this.#hasMessage = false;
  }

  #isAnswered(event: EventName): boolean {
    return !this.#terms.unanswered.has(event);
  }

  #dropMessage(): readonly string[] {
    const calls = this.#hasMessage && this.#isOpen ? ['abort'] : [];
    this.#hasMessage = false;
    return calls;
  }

  #dropClient(): readonly string[] {
    const calls = [...this.#dropMessage(), ...(this.#isOpen ? ['close'] : [])];
    this.#hasClient = this.#isDismissed = this.#isOpen = false;
    return calls;
  }
}

const quiet: ModelOutcome = { calls: [], isAnswered: false, connection: 'goes on' };
