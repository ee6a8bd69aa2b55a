import { escapeUnits, HIDDEN } from '../../mail/hidden-characters.js';
import type { Place } from '../yaml-text.js';
import type { Comment } from './syntax.js';

/** Something about a file of milter-greylist that its owner should know. */
export interface Remark {
  readonly place: Place;
  /** What follows the statement's name: "has no value". */
  readonly problem: string;
  readonly hint: string | undefined;
}

/** Ends the reading of a statement; the parser catches it and goes on with the next one. */
export class StatementError extends Error {
  readonly remark: Remark;

  constructor(remark: Remark) {
    super(remark.problem);
    this.name = 'StatementError';
    this.remark = remark;
  }
}

const BLANKS = /(?:[ \t]|\\[^\n]*\n)+/y;
const REST_OF_LINE = /[^\n]*/y;
/** Over comments and empty lines. */
const NEXT_WORD =
  /(?:[ \t]*(?:#[^\n]*)?\n)+[ \t]*(?=[^ \t\n#])((?:[A-Za-z0-9_]+(?=:?(?:[ \t\n"#]|$)))?)/y;
/** For messages: up to a blank or what could begin something else. */
const SHOWN = /"[^"\n]{0,40}"?|[^ \t\n"]{1,40}/y;

/**
 * The text of a file, read from front to back. Which words, patterns or signs are possible depends on
 * the place, so the parser asks for what it wants. A logical line goes over continued lines: all from a
 * backslash to the end of its line counts as a blank.
 */
export class Lexer {
  /** By line; blanks may be skipped more than once. */
  readonly #comments = new Map<number, Comment>();
  readonly #dropped = new Map<number, Place>();
  readonly #text: string;
  readonly #lineStarts: readonly number[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.#lineStarts = starts;
  }

  /** In order, as far as the text was read. */
  get comments(): readonly Comment[] {
    return [...this.#comments.values()].sort((a, b) => a.line - b.line);
  }

  /** Where something else than a comment is dropped behind a backslash. */
  get dropped(): readonly Place[] {
    return [...this.#dropped.values()];
  }

  /** Of what comes next. */
  get offset(): number {
    this.#skipBlanks();
    return this.#at;
  }

  /** For looking ahead: goes back to where it was. */
  rewind(offset: number): void {
    this.#at = offset;
  }

  /** Of what comes next, or of an offset. */
  place(offset = this.offset): Place {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 };
  }

  /** Whether nothing comes any more, not even an empty line. */
  get isAtEnd(): boolean {
    return this.offset >= this.#text.length;
  }

  /** Whether the logical line is over, but for a comment. */
  get isAtLineEnd(): boolean {
    const next = this.#text.charAt(this.offset);
    return next === '' || next === '\n' || next === '#';
  }

  /** Takes what a sticky form finds behind blanks, even if that is nothing. */
  take(form: RegExp): string | undefined {
    const start = this.offset;
    form.lastIndex = start;
    if (!form.test(this.#text)) return undefined;
    this.#at = form.lastIndex;
    return this.#text.slice(start, this.#at);
  }

  /** Takes a sign, if it comes next. */
  takeSign(sign: string): boolean {
    if (!this.#text.startsWith(sign, this.offset)) return false;
    this.#at += sign.length;
    return true;
  }

  /** Takes a sign, if it comes without a blank before it. */
  takeGlued(sign: string): boolean {
    return this.#text.startsWith(sign, this.#at) && this.takeSign(sign);
  }

  /** Whether a sticky form finds something behind blanks. */
  sees(form: RegExp): boolean {
    const before = this.#at;
    const isThere = this.take(form) !== undefined;
    this.#at = before;
    return isThere;
  }

  /** Whether there is a blank, or the end of a line, before an offset. */
  isBlankBefore(offset: number): boolean {
    return /^[ \t\n]?$/.test(this.#text.charAt(offset - 1));
  }

  /** Goes behind the end of the line, over a comment. Only where the line is over. */
  endLine(): void {
    const start = this.offset;
    if (this.#text.charAt(start) === '#') {
      const text = this.take(REST_OF_LINE) ?? '';
      const { line, column } = this.place(start);
      const before = this.#text.slice(start - column + 1, start);
      const isAlone = before.trim() === '';
      this.#comments.set(line, { line, text: text.trimEnd(), isAlone });
    }
    if (this.#text.charAt(this.#at) === '\n') this.#at += 1;
  }

  /**
   * The word with which the next line begins that is not empty, in lower case; empty if it begins with
   * something else, undefined if there is none.
   */
  wordBelow(): string | undefined {
    NEXT_WORD.lastIndex = this.offset;
    return NEXT_WORD.exec(this.#text)?.[1]?.toLowerCase();
  }

  /** Goes to the end of a logical line that is not understood. */
  skipLine(): void {
    for (;;) {
      const rest = this.take(REST_OF_LINE) ?? '';
      // Only what looks like it: patterns have backslashes too.
      if (!/\\[ \t]*(?:#.*)?$/.test(rest) || this.#at >= this.#text.length) return;
      this.#at += 1;
    }
  }

  /** Goes over an item that is not understood: at least a character, unless the line is over. */
  skipItem(): void {
    this.take(/"[^"\n]*"?|[^ \t\n}]+|\}/y);
  }

  /** What comes next, for a message: `"word"`, its hidden characters as `\u00a0`; or the end of the line. */
  shown(): string {
    if (this.isAtLineEnd) return 'the end of the line';
    const start = this.#at;
    const text = this.take(SHOWN) ?? '';
    this.#at = start;
    return (text.startsWith('"') ? text : `"${text}"`).replace(HIDDEN, escapeUnits);
  }

  fail(problem: string, hint?: string, offset = this.offset): never {
    throw new StatementError({ place: this.place(offset), problem, hint });
  }

  #skipBlanks(): void {
    const start = this.#at;
    BLANKS.lastIndex = start;
    if (BLANKS.test(this.#text)) this.#at = BLANKS.lastIndex;
    const skipped = this.#text.slice(start, this.#at);
    for (let at = skipped.indexOf('\\'); at >= 0; at = skipped.indexOf('\\', at)) {
      const end = skipped.indexOf('\n', at);
      this.#noteDropped(start + at + 1, skipped.slice(at + 1, end).trim());
      at = end;
    }
    // A backslash in the last line, which has no end, drops the rest of the file.
    if (this.#text.charAt(this.#at) === '\\') this.#at = this.#text.length;
  }

  /** Remembers what stands behind a backslash. */
  #noteDropped(start: number, text: string): void {
    if (text === '') return;
    const place = this.place(start);
    const { line } = place;
    if (text.startsWith('#')) this.#comments.set(line, { line, text, isAlone: false });
    else this.#dropped.set(line, place);
  }
}
