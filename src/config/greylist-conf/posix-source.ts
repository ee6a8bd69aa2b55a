/** What is wrong with a regular expression; caught where it is read. */
export class PosixPatternError extends Error {
  readonly code: 'WRONG' | 'UNSUPPORTED';
  /** In characters from its beginning. */
  readonly offset: number;
  readonly hint: string;

  constructor(
    code: 'WRONG' | 'UNSUPPORTED',
    problem: string,
    { offset, hint }: { readonly offset: number; readonly hint: string },
  ) {
    super(problem);
    this.name = 'PosixPatternError';
    this.code = code;
    this.offset = offset;
    this.hint = hint;
  }
}

/** The characters of a regular expression, one after the other; whole ones, never half a pair. */
export class PosixSource {
  #at = 0;
  readonly #characters: readonly string[];

  constructor(text: string) {
    this.#characters = Array.from(text);
  }

  get offset(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#characters.length;
  }

  /** The character here or some further on; empty behind the end. */
  peek(ahead = 0): string {
    return this.#characters[this.#at + ahead] ?? '';
  }

  next(): string {
    const character = this.peek();
    this.#at += 1;
    return character;
  }

  startsWith(text: string): boolean {
    return Array.from(text).every((character, index) => this.peek(index) === character);
  }

  /** Goes behind the text if it stands here. */
  take(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.#at += text.length;
    return true;
  }

  fail(problem: string, hint: string, offset = this.#at): never {
    throw new PosixPatternError('WRONG', problem, { offset, hint });
  }
}
