import type { LoggedDecision, ToldDecision } from './logged-decision.js';
import { HeadReader, type HeadOptions } from './line-head.js';
import { readMilterGreylistLine } from './read-milter-greylist-line.js';
import { readOurJson, readOurText } from './read-our-line.js';
import { readPostfixLine } from './read-postfix-line.js';
import { readPostgreyLine } from './read-postgrey-line.js';

/** How logs are read. */
export interface LogReaderOptions extends HeadOptions {
  /** What the text of Postfix's own lines has if it was greylisting. */
  readonly greylistText: RegExp;
}

/** How many lines there were, and what they were. */
export interface LineCounts {
  /** All of them. */
  lines: number;
  /** Those that tell of a decision. */
  decisions: number;
  /** Those of others, or of something else. */
  others: number;
  /** Those that tell of a decision, it seems, but not in a way that is understood. */
  unclear: number;
  /** Those that tell of a decision, and not when it was. */
  undated: number;
  /** Those that were too long to be read. */
  tooLong: number;
}

/** Counts that begin. */
export function noLines(): LineCounts {
  return { lines: 0, decisions: 0, others: 0, unclear: 0, undated: 0, tooLong: 0 };
}

/** What only lines have that may tell of a decision. */
const SUSPECTS =
  /verdict|"MESSAGE" ?: ?\[|action=|reject: |\]? from .* delayed |autowhitelisted for|created: AUTO |skipping greylist because|blacklisted|SPF-compliant, bypassing/;

/** What only those have that are ours, or Postgrey's. */
const CLEARLY_DECISIONS = /(?:^|[ ,{])(?:verdict=|"verdict":|action=[a-z]+, reason=)/;

/** Reads the lines of one log, in their order. */
export class LogReader {
  readonly #options: LogReaderOptions;
  readonly #heads: HeadReader;
  readonly #counts: LineCounts;

  /** @param counts where lines are counted */
  constructor(options: LogReaderOptions, counts: LineCounts) {
    this.#options = options;
    this.#heads = new HeadReader(options);
    this.#counts = counts;
  }

  /** Undefined if the line tells of no decision. */
  read(line: string): LoggedDecision | undefined {
    this.#counts.lines++;
    const suspect = SUSPECTS.test(line);
    const decision = suspect ? this.#decisionOf(line) : undefined;
    if (decision === undefined) {
      if (!suspect) this.#counts.others++;
      return undefined;
    }
    this.#counts.decisions++;
    return decision;
  }

  /** The time at a line's head, whatever it tells of; epoch milliseconds. */
  timeOf(line: string): number | undefined {
    const object = line.startsWith('{') ? parseObject(line) : undefined;
    if (object === undefined) return this.#heads.read(line)?.at;
    const at = journalTime(object) ?? Date.parse(String(object['time']));
    return Number.isNaN(at) ? undefined : at;
  }

  #decisionOf(line: string): LoggedDecision | undefined {
    const object = line.startsWith('{') ? parseObject(line) : undefined;
    if (object !== undefined) return this.#ofObject(object, line);
    const head = this.#heads.read(line);
    return this.#ofBody(head?.body ?? line, head?.at, line);
  }

  #ofObject(object: Readonly<Record<string, unknown>>, line: string): LoggedDecision | undefined {
    const message = journalMessage(object['MESSAGE']);
    if (message !== undefined) return this.#ofBody(message, journalTime(object), line);
    const read = readOurJson(object);
    if (read !== undefined) return { ...read.told, at: read.at };
    this.#countOther(line);
    return undefined;
  }

  #ofBody(body: string, at: number | undefined, line: string): LoggedDecision | undefined {
    if (body.startsWith('{')) {
      const object = parseObject(body);
      const read = object === undefined ? undefined : readOurJson(object);
      if (read !== undefined) return { ...read.told, at: read.at };
      this.#countOther(line);
      return undefined;
    }
    const told = this.#toldBy(body);
    if (told !== undefined && at !== undefined) return { ...told, at };
    if (told !== undefined) {
      this.#counts.undated++;
      return undefined;
    }
    // Our own line with its time, in a journal's that has one, too.
    const inner = this.#heads.read(body);
    const toldInside = inner === undefined ? undefined : this.#toldBy(inner.body);
    if (inner !== undefined && toldInside !== undefined) return { ...toldInside, at: inner.at };
    this.#countOther(line);
    return undefined;
  }

  #toldBy(body: string): ToldDecision | undefined {
    const { greylistText } = this.#options;
    return (
      readOurText(body) ??
      readPostgreyLine(body) ??
      readPostfixLine(body, (text) => greylistText.test(text)) ??
      readMilterGreylistLine(body)
    );
  }

  #countOther(line: string): void {
    if (CLEARLY_DECISIONS.test(line)) this.#counts.unclear++;
    else this.#counts.others++;
  }
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    // A line that only begins like an object; read as text it is none of ours either.
    return undefined;
  }
}

/** A journal has bytes where a message is no plain text. */
function journalMessage(message: unknown): string | undefined {
  if (typeof message === 'string') return message;
  if (!Array.isArray(message)) return undefined;
  const bytes = message.filter((byte): byte is number => typeof byte === 'number');
  return Buffer.from(bytes).toString('utf8');
}

function journalTime(object: Readonly<Record<string, unknown>>): number | undefined {
  const microseconds = Number(object['__REALTIME_TIMESTAMP'] ?? Number.NaN);
  return Number.isFinite(microseconds) ? Math.floor(microseconds / 1000) : undefined;
}
