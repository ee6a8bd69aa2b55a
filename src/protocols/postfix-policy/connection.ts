import type { Duplex } from 'node:stream';
import type { KeptConnection } from '../connections/open-connections.js';
import { restMs } from '../connections/rest.js';
import { actions, type PolicyAction } from './actions.js';
import { asProtocolError, PolicyProtocolError } from './errors.js';
import type { PolicyLimits } from './limits.js';
import type { PolicyRequest } from './policy-request.js';
import { RequestFramer } from './request-framer.js';
import type { RequestParser } from './request-parser.js';
import type { PolicyService } from './service.js';
import { isPrintable } from './text.js';

/** What connections have in common, and where they report. The reports must not throw. */
export interface ConnectionHost<Session> {
  readonly parser: RequestParser;
  /** What is kept for a new connection. */
  open(): Session;
  /** It is not needed any more. */
  close(session: Session): void;
  /** The service of the moment; undefined if the requests of this connection pass for now. */
  serviceFor(connection: PolicyConnection<Session>): PolicyService<Session> | undefined;
  /** Monotonic milliseconds; coarse is good enough. */
  now(): number;
  /** Something is to be written: {@link PolicyConnection.flush} has to be called in this turn. */
  flushSoon(connection: PolicyConnection<Session>): void;
  /** An answer takes its time: {@link PolicyConnection.tick} has to be called soon. */
  thinking(): void;
  /** A request could not be read, and was answered so that mail passes. */
  malformed(error: PolicyProtocolError): void;
  /** The service threw, rejected, or gave no action. */
  handlerFailed(error: unknown): void;
  late(): void;
  /** Once, at the end; with the error that ended it, if one did. */
  closed(connection: PolicyConnection<Session>, error: PolicyProtocolError | undefined): void;
}

/**
 * `draining`: it ends as soon as nothing waits for an answer. `ended`: so it does, and nothing more
 * can come. `closing`: we are done with it, the peer is still to close its side.
 */
type ConnectionPhase = 'open' | 'draining' | 'ended' | 'closing';

interface Pending<Session> {
  readonly request: PolicyRequest;
  readonly service: PolicyService<Session>;
  /** How much longer than the limit it may take. */
  allowedMs: number;
}

/** How long a peer may take to read what we said last. */
const lingerMs = 10_000;

/**
 * Requests of one connection in one turn of the event loop. Postfix asks one and waits for the answer; who
 * asks so many at once lets all others go first.
 */
const turnRequests = 20;

/**
 * One connection from an MTA: a loop over what was read, and one write for each turn of it. While
 * an answer is awaited nothing else is parsed, so answers cannot overtake each other; but reading
 * goes on, up to a bound, so that a peer that goes away is noticed.
 */
export class PolicyConnection<Session> implements KeptConnection {
  place = -1;
  readonly #socket: Duplex;
  readonly #limits: PolicyLimits;
  readonly #host: ConnectionHost<Session>;
  readonly #framer: RequestFramer;
  /** Made for the first request. */
  #session: { readonly state: Session } | undefined;
  #phase: ConnectionPhase = 'open';
  #error: PolicyProtocolError | undefined;
  #output = '';
  #pending: Pending<Session> | undefined;
  /** What was read is not all taken: it goes on in the next turn. */
  #isResting = false;
  /** Since when it has been idle, a request incomplete or an answer awaited. */
  #waitingSinceMs: number;

  /** @param limits as they are now; later ones are for later connections */
  constructor(socket: Duplex, host: ConnectionHost<Session>, limits: PolicyLimits) {
    this.#socket = socket;
    this.#host = host;
    this.#limits = limits;
    this.#framer = new RequestFramer(limits.requestBytes);
    this.#waitingSinceMs = host.now();
    // Exim's readsocket ends its side behind the request, and then reads the answer.
    this.#socket.allowHalfOpen = true;
    this.#socket.on('data', (chunk: Buffer) => this.#read(chunk));
    this.#socket.on('end', () => this.#ended());
    this.#socket.on('close', () => this.#closed());
    // What breaks a connection is told by the close that follows it.
    this.#socket.on('error', () => undefined);
  }

  /**
   * Looks at the timers, which are as exact as this is called often.
   *
   * @returns whether an answer is awaited
   */
  tick(): boolean {
    const waitedMs = this.#host.now() - this.#waitingSinceMs;
    if (this.#phase === 'closing') {
      if (waitedMs >= lingerMs) this.#socket.destroy();
    } else if (this.#pending !== undefined) {
      const { allowedMs } = this.#pending;
      if (waitedMs >= this.#limits.answerMs + allowedMs) this.#giveUpAnswer(this.#pending);
    } else if (this.#framer.bufferedBytes > 0) {
      if (waitedMs >= this.#limits.requestMs) this.#giveUpRequest();
    } else if (waitedMs >= this.#limits.idleMs) {
      const problem = `nothing for ${this.#limits.idleMs} ms`;
      this.#finish(new PolicyProtocolError('POLICY_IDLE', problem));
    }
    return this.#pending !== undefined;
  }

  /** Writes what has been said. */
  flush(): void {
    if (this.#output === '') return;
    const output = this.#output;
    this.#output = '';
    this.#socket.write(output, 'latin1');
    if (this.#socket.writableLength > this.#limits.unreadBytes) {
      this.#finish(new PolicyProtocolError('POLICY_PEER_NOT_READING', 'answers are not read'));
    }
  }

  /** Ends the connection as soon as what has been asked is answered: at once if nothing has. */
  drain(): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'draining';
    this.#finishIfDone();
  }

  /** Ends the connection now. */
  destroy(): void {
    this.#finish(undefined);
    this.#socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#phase === 'closing') return;
    const isIdle = this.#framer.bufferedBytes === 0;
    this.#framer.push(chunk);
    if (this.#pending === undefined) {
      // A trickle of bytes does not make the time for a request any longer.
      if (isIdle) this.#waitingSinceMs = this.#host.now();
      this.#loop();
      if (this.#output !== '') this.#host.flushSoon(this);
    }
    if (this.#isFull) this.#socket.pause();
  }

  // Only what waits behind an answer counts: a request of the limit itself may be incomplete.
  get #isFull(): boolean {
    return this.#pending !== undefined && this.#framer.bufferedBytes > this.#limits.requestBytes;
  }

  get #isServing(): boolean {
    return this.#phase !== 'closing' && this.#pending === undefined && !this.#isResting;
  }

  #loop(): void {
    let left = turnRequests;
    try {
      while (this.#isServing && this.#framer.next()) {
        this.#takeRequest();
        if (--left === 0) this.#rest();
      }
    } catch (error) {
      this.#endAfterAnswer(asProtocolError(error));
      return;
    }
    this.#finishIfDone();
    if (this.#pending === undefined) return;
    this.#host.thinking();
    this.#waitingSinceMs = this.#host.now();
  }

  /** Goes on after a rest, and reads nothing until then. */
  #rest(): void {
    this.#isResting = true;
    this.#socket.pause();
    setTimeout(() => {
      this.#isResting = false;
      this.#loop();
      this.flush();
      this.#readOn();
    }, restMs);
  }

  #readOn(): void {
    if (this.#socket.isPaused() && !this.#isFull && !this.#isResting) this.#socket.resume();
  }

  #takeRequest(): void {
    this.#waitingSinceMs = this.#host.now();
    const request = this.#parse();
    const service = request === undefined ? undefined : this.#host.serviceFor(this);
    if (request === undefined || service === undefined) {
      this.#say(actions.dunno);
      return;
    }
    this.#ask({ request, service, allowedMs: 0 });
  }

  /** A request that can be read; of another we know where it ends, and the next is a new one. */
  #parse(): PolicyRequest | undefined {
    try {
      return this.#host.parser.parse(this.#framer, this.#limits);
    } catch (error) {
      this.#host.malformed(asProtocolError(error));
      return undefined;
    }
  }

  #ask(asked: Pending<Session>): void {
    const { request, service } = asked;
    try {
      this.#session ??= { state: this.#host.open() };
      const allowMore = (ms: number): void => void (asked.allowedMs += ms);
      const answer = service.answer(request, this.#session.state, allowMore);
      if (typeof answer === 'string') {
        this.#sayChecked(answer, asked);
        return;
      }
      answer.then(
        (action) => this.#settle(asked, () => this.#sayChecked(action, asked)),
        (error: unknown) => this.#settle(asked, () => this.#fail(error, asked)),
      );
      this.#pending = asked;
    } catch (error) {
      this.#fail(error, asked);
    }
  }

  #settle(asked: Pending<Session>, say: () => void): void {
    if (this.#pending !== asked) return;
    this.#pending = undefined;
    say();
    this.#loop();
    this.flush();
    this.#readOn();
  }

  #giveUpAnswer(asked: Pending<Session>): void {
    this.#settle(asked, () => {
      this.#host.late();
      this.#sayOf(() => asked.service.late(asked.request, this.#session?.state));
    });
  }

  #fail(error: unknown, { request, service }: Pending<Session>): void {
    this.#host.handlerFailed(error);
    this.#sayOf(() => service.failed(request, error, this.#session?.state));
  }

  #sayChecked(action: PolicyAction, asked: Pending<Session>): void {
    if (isPrintable(action)) this.#say(action);
    else this.#fail(invalidAction(), asked);
  }

  /** For what is said when something is wrong already; if this is, too, mail passes. */
  #sayOf(choose: () => PolicyAction): void {
    try {
      const action = choose();
      if (!isPrintable(action)) throw invalidAction();
      this.#say(action);
    } catch (error) {
      this.#host.handlerFailed(error);
      this.#say(actions.dunno);
    }
  }

  #say(action: PolicyAction): void {
    this.#output += `action=${action}\n\n`;
  }

  #giveUpRequest(): void {
    const problem = `no end of a request within ${this.#limits.requestMs} ms`;
    this.#endAfterAnswer(new PolicyProtocolError('POLICY_REQUEST_UNFINISHED', problem));
  }

  // Where the next request begins is not known, so nothing more can be answered; but whoever asked
  // gets an answer with which mail passes. It would be lost if a socket with unread bytes were
  // destroyed, so they are read and dropped until the peer has closed, or for some time.
  #endAfterAnswer(error: PolicyProtocolError): void {
    this.#leave(error);
    this.#say(actions.dunno);
    this.flush();
    this.#socket.end();
  }

  #finishIfDone(): void {
    if (this.#phase === 'open' || !this.#isServing) return;
    const isCut = this.#framer.bufferedBytes > 0;
    if (this.#phase === 'ended') this.#finish(isCut ? truncated() : undefined);
    else if (!isCut) this.#finish(undefined);
  }

  // What was asked before is still to be answered: the peer may go on reading.
  #ended(): void {
    if (this.#phase === 'closing') return;
    this.#phase = 'ended';
    this.#finishIfDone();
  }

  #finish(error: PolicyProtocolError | undefined): void {
    if (this.#phase === 'closing') return;
    this.#leave(error);
    this.flush();
    const { writableLength } = this.#socket;
    if (error === undefined && writableLength > 0) this.#socket.end(() => this.#socket.destroy());
    else this.#socket.destroy();
  }

  #leave(error: PolicyProtocolError | undefined): void {
    this.#phase = 'closing';
    this.#error = error;
    this.#pending = undefined;
    this.#waitingSinceMs = this.#host.now();
    this.#framer.clear();
    this.#socket.resume();
  }

  // Node.js keeps closed sockets for some time; what they listen with need not stay as long.
  #closed(): void {
    this.#finish(this.#framer.bufferedBytes > 0 && this.#isServing ? truncated() : undefined);
    this.#socket.removeAllListeners();
    if (this.#session !== undefined) this.#host.close(this.#session.state);
    this.#host.closed(this, this.#error);
  }
}

function truncated(): PolicyProtocolError {
  return new PolicyProtocolError(
    'POLICY_REQUEST_TRUNCATED',
    'the connection ended inside a request',
  );
}

function invalidAction(): PolicyProtocolError {
  return new PolicyProtocolError('POLICY_ACTION_INVALID', 'an action that is no printable line');
}
