/**
 * The names of a request's attributes in their order. An MTA sends the same ones each time, so
 * that a request is compared with those of the last one instead of being taken apart: no name is
 * made twice, and no map for each request.
 */
export class AttributeLayout {
  /** Which line a name has: of several the last one, whose value counts. */
  readonly indexes: ReadonlyMap<string, number>;
  readonly #bytes: readonly Uint8Array[];

  /** @param names as latin-1 */
  constructor(names: readonly string[]) {
    this.indexes = new Map(names.map((name, index) => [name, index]));
    this.#bytes = names.map((name) => Buffer.from(`${name}=`, 'latin1'));
  }

  /**
   * Whether the lines of a request have exactly these names.
   *
   * @param start where the request begins
   * @param lineEnds where its lines end, counted from there
   */
  matches(buffer: Buffer, start: number, lineEnds: readonly number[]): boolean {
    let lineStart = start;
    let line = 0;
    for (const lineEnd of lineEnds) {
      const bytes = this.#bytes[line++];
      const end = start + lineEnd;
      if (bytes === undefined || lineStart + bytes.length > end) return false;
      for (let at = 0; at < bytes.length; at++) {
        if (buffer[lineStart + at] !== bytes[at]) return false;
      }
      lineStart = end + 1;
    }
    return line === this.#bytes.length;
  }
}

/** The names in the lines of a request; undefined if one of them has none. */
export function readLayout(text: string, lineEnds: readonly number[]): AttributeLayout | undefined {
  const names: string[] = [];
  let lineStart = 0;
  for (const end of lineEnds) {
    const equals = text.indexOf('=', lineStart);
    if (equals <= lineStart || equals > end) return undefined;
    names.push(text.slice(lineStart, equals));
    lineStart = end + 1;
  }
  return new AttributeLayout(names);
}
