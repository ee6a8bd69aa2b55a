import Transport from 'winston-transport';

/** Where winston's formats leave the finished line; the symbol is global, by its description. */
export const MESSAGE = Symbol.for('message');

/** What winston hands to a transport, as far as this one looks at it. */
interface FinishedEntry {
  readonly [MESSAGE]?: unknown;
}

/** What a transport of ours writes to. */
export interface LineSink {
  write(line: string): void;
}

/**
 * The end of winston's pipeline. It says "next" at once: winston's own buffering would keep lines
 * where nothing can flush them when the process exits.
 */
export class LineTransport extends Transport {
  readonly #sink: LineSink;

  constructor(sink: LineSink) {
    super();
    this.#sink = sink;
  }

  override log(entry: FinishedEntry, next: () => void): void {
    this.#sink.write(String(entry[MESSAGE]));
    next();
  }
}
