import { MilterProtocolError } from './errors.js';
import type { EndOfMessageContext, MilterContext } from './filter.js';
import { actionFlags, type Action } from './flags.js';
import * as modifications from './modifications.js';
import type { Agreement } from './negotiation.js';
import { progressPacket, type Reply } from './replies.js';

/** Collects what a handler wants changed, until its answer says whether that counts. */
export class EndOfMessage implements EndOfMessageContext {
  readonly agreement: Agreement;
  readonly #context: MilterContext;
  readonly #send: (packet: Buffer) => void;
  readonly #changes: modifications.Modification[] = [];
  #answered = false;

  constructor(context: MilterContext, send: (packet: Buffer) => void) {
    this.#context = context;
    this.#send = send;
    this.agreement = context.agreement;
  }

  get gone(): AbortSignal {
    return this.#context.gone;
  }

  macro(symbol: string): string | undefined {
    return this.#context.macro(symbol);
  }

  allowMore(ms: number): void {
    this.#context.allowMore(ms);
  }

  may(action: Action): boolean {
    return (this.agreement.actions & actionFlags[action]) !== 0;
  }

  addHeader(name: string, value: string): void {
    this.#change(modifications.addHeader(name, value));
  }

  insertHeader(position: number, name: string, value: string): void {
    this.#change(modifications.insertHeader(position, name, value));
  }

  changeHeader(name: string, index: number, value: string): void {
    this.#change(modifications.changeHeader(name, index, value));
  }

  deleteHeader(name: string, index: number): void {
    this.#change(modifications.changeHeader(name, index, ''));
  }

  changeSender(address: string, args?: string): void {
    this.#change(modifications.changeSender(address, args));
  }

  addRecipient(address: string, args?: string): void {
    this.#change(modifications.addRecipient(address, args));
  }

  deleteRecipient(address: string): void {
    this.#change(modifications.deleteRecipient(address));
  }

  replaceBody(body: Uint8Array): void {
    this.#change(modifications.replaceBody(body));
  }

  quarantine(reason: string): void {
    this.#change(modifications.quarantine(reason));
  }

  /** Nothing once the verdict is out: a late one would be taken for the next event's answer. */
  progress(): void {
    if (!this.#answered) this.#send(progressPacket);
  }

  /** Ends the collecting: the packets to be sent before this answer. */
  conclude(reply: Reply): readonly Buffer[] {
    this.#answered = true;
    const counts = reply.kind === 'continue' || reply.kind === 'accept';
    return counts && this.#changes.length > 0 ? modifications.inSafeOrder(this.#changes) : [];
  }

  #change(change: modifications.Modification): void {
    if (!this.may(change.action)) {
      throw new MilterProtocolError(
        'MILTER_ACTION_NOT_NEGOTIATED',
        `the MTA was not asked for, or did not agree to, ${change.action}`,
      );
    }
    this.#changes.push(change);
  }
}
