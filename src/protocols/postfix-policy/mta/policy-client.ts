import { connect, type Socket } from 'node:net';
import type { PolicyAction } from '../actions.js';
import { asProtocolError, PolicyProtocolError } from '../errors.js';
import { AnswerReader } from './answer-reader.js';
import { encodeRequest, type Attributes } from './encode-request.js';

/** Where a policy service listens; the loopback address without `host`. */
export type PolicyAddress =
  { readonly path: string } | { readonly host?: string; readonly port: number };

/** How a client behaves. */
export interface PolicyClientOptions {
  /** For the connection, and between answers; Postfix waits for 100 s. */
  readonly answerMs?: number;
  readonly answerBytes?: number;
}

interface Pending {
  readonly resolve: (action: PolicyAction) => void;
  readonly reject: (error: PolicyProtocolError) => void;
}

const defaultAnswerMs = 100_000;
/** Far more than an SMTP reply can hold. */
const defaultAnswerBytes = 8192;

/**
 * The MTA's end: asks a service, over one connection. Questions may be asked without waiting, and
 * are answered in their order. The first failure is the last: the connection is closed, and every
 * question that waits, and every later one, gets the same error.
 */
export class PolicyClient {
  readonly #socket: Socket;
  readonly #answerMs: number;
  readonly #reader: AnswerReader;
  readonly #closed: Promise<void>;
  readonly #pending: Pending[] = [];
  #error: PolicyProtocolError | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param socket a connection that is ready, or becomes so */
  constructor(socket: Socket, options: PolicyClientOptions = {}) {
    this.#socket = socket;
    this.#answerMs = options.answerMs ?? defaultAnswerMs;
    this.#reader = new AnswerReader(options.answerBytes ?? defaultAnswerBytes);
    this.#closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('end', () => this.#lost());
    socket.on('close', () => this.#lost());
    socket.on('error', (cause) => this.#lost(cause));
  }

  /**
   * Connects to a service.
   *
   * @throws PolicyProtocolError POLICY_SERVICE_GONE if nobody listens there, with the cause
   */
  static connect(address: PolicyAddress, options: PolicyClientOptions = {}): Promise<PolicyClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(
        'path' in address
          ? { path: address.path }
          : { host: address.host ?? '127.0.0.1', port: address.port, noDelay: true },
      );
      const { answerMs = defaultAnswerMs } = options;
      const timer = setTimeout(() => {
        socket.destroy(new Error(`not connected within ${answerMs} ms`));
      }, answerMs);
      const failed = (cause: Error): void => {
        clearTimeout(timer);
        reject(gone(`cannot connect to the policy service: ${cause.message}`, cause));
      };
      socket.once('error', failed);
      socket.once('connect', () => {
        clearTimeout(timer);
        socket.off('error', failed);
        resolve(new PolicyClient(socket, options));
      });
    });
  }

  /**
   * Asks one question.
   *
   * @returns the action, as in access(5)
   * @throws PolicyProtocolError what went wrong with this question, or with one before it
   */
  ask(attributes: Attributes): Promise<PolicyAction> {
    return new Promise((resolve, reject) => {
      if (this.#error !== undefined) throw this.#error;
      const request = encodeRequest(attributes);
      if (this.#pending.push({ resolve, reject }) === 1) this.#restartTimer();
      this.#socket.write(request);
    });
  }

  /** Ends the connection; questions without an answer fail. Resolves when it is closed. */
  async close(): Promise<void> {
    this.#fail(new PolicyProtocolError('POLICY_CLIENT_CLOSED', 'the client was closed'));
    await this.#closed;
  }

  #read(chunk: Buffer): void {
    this.#reader.push(chunk.toString('latin1'));
    try {
      while (this.#reader.isInside) if (!this.#takeAnswer()) break;
    } catch (error) {
      this.#fail(asProtocolError(error));
    }
  }

  /** @returns whether there was a whole one */
  #takeAnswer(): boolean {
    const [pending] = this.#pending;
    if (pending === undefined) {
      throw new PolicyProtocolError('POLICY_ANSWER_UNEXPECTED', 'an answer to nothing');
    }
    const action = this.#reader.next();
    if (action === undefined) return false;
    this.#pending.shift();
    this.#restartTimer();
    pending.resolve(action);
    return true;
  }

  #lost(cause?: Error): void {
    this.#fail(gone('the policy service closed the connection', cause));
  }

  #fail(error: PolicyProtocolError): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    clearTimeout(this.#timer);
    this.#socket.destroy();
    for (const { reject } of this.#pending.splice(0)) reject(error);
  }

  // One timer for all answers; while none is awaited it keeps no process alive.
  #restartTimer(): void {
    this.#timer ??= setTimeout(() => this.#late(), this.#answerMs);
    this.#timer.refresh();
    if (this.#pending.length > 0) this.#timer.ref();
    else this.#timer.unref();
  }

  #late(): void {
    if (this.#pending.length === 0) return;
    const problem = `no answer within ${this.#answerMs} ms`;
    this.#fail(new PolicyProtocolError('POLICY_ANSWER_LATE', problem));
  }
}

function gone(problem: string, cause: Error | undefined): PolicyProtocolError {
  return new PolicyProtocolError('POLICY_SERVICE_GONE', problem, { cause });
}
