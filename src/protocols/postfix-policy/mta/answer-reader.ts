import type { PolicyAction } from '../actions.js';
import { PolicyProtocolError } from '../errors.js';

/**
 * Takes answers apart as Postfix does: lines `name=value` up to an empty one, of which only
 * `action` counts.
 */
export class AnswerReader {
  readonly #maxBytes: number;
  #text = '';

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether an answer has begun and not ended. */
  get isInside(): boolean {
    return this.#text !== '';
  }

  /** @param bytes as latin-1 */
  push(bytes: string): void {
    this.#text += bytes;
  }

  /**
   * The next answer, if it is all there.
   *
   * @throws PolicyProtocolError POLICY_ANSWER_TOO_LONG, POLICY_ANSWER_INVALID
   */
  next(): PolicyAction | undefined {
    if (this.#text.startsWith('\n')) throw invalid('an answer without a line');
    const end = this.#text.indexOf('\n\n');
    if ((end < 0 ? this.#text.length : end) > this.#maxBytes) {
      const problem = `an answer of more than ${this.#maxBytes} bytes`;
      throw new PolicyProtocolError('POLICY_ANSWER_TOO_LONG', problem);
    }
    if (end < 0) return undefined;
    const lines = this.#text.slice(0, end).split('\n');
    this.#text = this.#text.slice(end + 2);
    return readAction(lines);
  }
}

function readAction(lines: readonly string[]): PolicyAction {
  const prefix = 'action=';
  const action = lines.find((line) => line.startsWith(prefix))?.slice(prefix.length);
  if (action === undefined || action === '') throw invalid('an answer without an action');
  if (!/^[ -~]*$/.test(action)) throw invalid('an action that is not printable');
  return action;
}

function invalid(problem: string): PolicyProtocolError {
  return new PolicyProtocolError('POLICY_ANSWER_INVALID', problem);
}
