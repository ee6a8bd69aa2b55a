import type { Action, Agreement, EndOfMessageContext } from '../../protocols/milter/index.js';

/**
 * The end of a message where header values have the blank before them: those that we give get it
 * here, so that nobody else need know.
 */
export class BlankContext implements EndOfMessageContext {
  readonly #context: EndOfMessageContext;

  constructor(context: EndOfMessageContext) {
    this.#context = context;
  }

  get agreement(): Agreement {
    return this.#context.agreement;
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
    return this.#context.may(action);
  }

  addHeader(name: string, value: string): void {
    this.#context.addHeader(name, ` ${value}`);
  }

  insertHeader(position: number, name: string, value: string): void {
    this.#context.insertHeader(position, name, ` ${value}`);
  }

  changeHeader(name: string, index: number, value: string): void {
    this.#context.changeHeader(name, index, ` ${value}`);
  }

  deleteHeader(name: string, index: number): void {
    this.#context.deleteHeader(name, index);
  }

  changeSender(address: string, args?: string): void {
    this.#context.changeSender(address, args);
  }

  addRecipient(address: string, args?: string): void {
    this.#context.addRecipient(address, args);
  }

  deleteRecipient(address: string): void {
    this.#context.deleteRecipient(address);
  }

  replaceBody(body: Uint8Array): void {
    this.#context.replaceBody(body);
  }

  quarantine(reason: string): void {
    this.#context.quarantine(reason);
  }

  progress(): void {
    this.#context.progress();
  }
}
