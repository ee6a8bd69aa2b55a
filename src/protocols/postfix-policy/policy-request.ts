import type { AttributeLayout } from './attribute-layout.js';
import { decodeXtext, textFromLatin1 } from './text.js';

/** What a request is made of. */
export interface RequestParts {
  /** All lines, as latin-1. */
  readonly text: string;
  /** Where each of them ends. */
  readonly lineEnds: readonly number[];
  readonly layout: AttributeLayout;
}

/**
 * One request: who wants to send what to whom, as far as it is known. Values are decoded when they
 * are asked for. UTF-8 (SMTPUTF8) is text, and the certificate's names, which Postfix encodes as
 * xtext, are plain. A name that is sent twice has its last value.
 */
export class PolicyRequest {
  readonly #parts: RequestParts;
  /** By their lines, those that were asked for: some are asked for again and again. */
  readonly #values: (string | undefined)[];
  #attributes: ReadonlyMap<string, string> | undefined;

  constructor(parts: RequestParts) {
    this.#parts = parts;
    // With all its room at once, for V8 looks beyond the end of an array slowly.
    this.#values = new Array<string | undefined>(parts.lineEnds.length);
  }

  /** Every attribute by the name that was sent, in the order of first appearance. */
  get attributes(): ReadonlyMap<string, string> {
    this.#attributes ??= new Map(
      Array.from(this.#parts.layout.indexes, ([name, index]) => [
        textFromLatin1(name),
        this.#value(name, index),
      ]),
    );
    return this.#attributes;
  }

  /**
   * The value of an attribute; undefined if it was not sent, which is not the same as empty.
   *
   * @param name ASCII, as all names are that Postfix sends
   */
  get(name: string): string | undefined {
    const index = this.#parts.layout.indexes.get(name);
    return index === undefined ? undefined : this.#value(name, index);
  }

  #value(name: string, index: number): string {
    return (this.#values[index] ??= this.#decode(name, index));
  }

  #decode(name: string, index: number): string {
    const { text, lineEnds } = this.#parts;
    // The first line begins where the one before it would have ended.
    const lineStart = (lineEnds[index - 1] ?? -1) + 1;
    const line = text.slice(lineStart + name.length + 1, lineEnds[index]);
    // Half of what Postfix sends is empty.
    if (line === '') return line;
    const hasReturn = line.charCodeAt(line.length - 1) === carriageReturn;
    const value = textFromLatin1(hasReturn ? line.slice(0, -1) : line);
    return isXtext(name) ? decodeXtext(value) : ownText(value);
  }
}

const carriageReturn = 0x0d;

/** V8 makes a part of a text that is shorter than this a text of its own. */
const sliceLength = 13;

/**
 * The same text, made anew: a longer part of a text keeps all of it in memory, here the whole
 * request for as long as its message is remembered.
 */
function ownText(text: string): string {
  return text.length < sliceLength ? text : ` ${text}`.slice(1);
}

/**
 * Attributes that Postfix encodes as xtext since 2.2.11. The documentation says it of all `ccert_*`;
 * fingerprints, hexadecimal digits and colons, are the same either way.
 */
export function isXtext(name: string): boolean {
  return name.startsWith('ccert_');
}
