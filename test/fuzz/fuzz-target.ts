/** Something that reads what others write, and what must hold whatever that is. */
export interface FuzzTarget {
  readonly name: string;
  /** Inputs to begin with, of the kind that is usual. */
  readonly seeds: () => readonly Buffer[];
  /** Words that mean something to the reader, which chance would not find. */
  readonly words: readonly string[];
  /** The longest input that is tried. */
  readonly maxBytes: number;
  /** Reads an input; throws, or rejects, if what must hold does not. */
  readonly run: (input: Buffer) => void | Promise<void>;
}

/** An input that a target does not stand, and what it said. */
export interface FuzzFailure {
  readonly target: string;
  readonly input: Buffer;
  readonly error: unknown;
}
