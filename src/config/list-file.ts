import { ConfigError } from './config-error.js';
import { readForeignFile, readTextFile } from './config-file.js';

/**
 * A million entries of sixteen characters; a reload must not hold mail up for longer than a moment,
 * nor a wrong path fill the memory.
 */
const MAX_BYTES = 16 * 1024 * 1024;

/** Nothing that a client, sender or recipient can be is longer; a pattern might. */
const MAX_LINE = 1000;

/** An entry of a list file, where it stands, and the line around it. */
export interface FileEntry {
  readonly text: string;
  /** Both count from 1. */
  readonly line: number;
  readonly column: number;
}

/** A list file: what it has, or why it cannot be read. */
export type ListFile =
  { readonly text: string } | { readonly problem: string; readonly hint: string | undefined };

/** What became of each list file, by the path it was read from. */
export type ListFiles = ReadonlyMap<string, ListFile>;

/** What to do where a file cannot be read. */
const HINTS: Readonly<Record<string, string>> = {
  CONFIG_NOT_FOUND: 'write the path as it is on this machine',
  CONFIG_TOO_LARGE: 'use networks and domains in place of single addresses',
};

/** Reads a list file: one of ours, or one of Postgrey, whose comments may be in an old encoding. */
export async function readListFile(path: string, key: 'file' | 'postgrey'): Promise<ListFile> {
  try {
    const read = key === 'file' ? readTextFile : readForeignFile;
    return { text: await read(path, MAX_BYTES) };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problem = error.message.slice(path.length + 2);
    return { problem: `${path}: ${problem}`, hint: HINTS[error.code] };
  }
}

/**
 * The entries of a list file, one a line. Blank lines do not count, nor what follows a `#` at the
 * start of a line or behind a blank. A pattern ends at its last slash.
 *
 * @returns an entry without end, `text` cut, for a line that is too long to be one
 */
export function entriesOfFile(text: string): Iterable<FileEntry> {
  return linesOfFile(text, withoutComment);
}

/**
 * What stands on the lines of a file.
 *
 * @param entryOf takes what is no entry off a line that has no blanks in front
 */
export function* linesOfFile(
  text: string,
  entryOf: (line: string) => string,
): Generator<FileEntry, void, undefined> {
  let line = 0;
  for (const whole of textLines(text)) {
    line += 1;
    const start = whole.length - whole.trimStart().length;
    const entry = entryOf(whole.slice(start, start + MAX_LINE + 1)).trimEnd();
    if (entry !== '') yield { text: entry, line, column: start + 1 };
  }
}

/** Line by line, since to cut all of a long text at once takes its time. */
function* textLines(text: string): Generator<string, void, undefined> {
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  for (const end of text.matchAll(/\r\n|\n|\r/g)) {
    yield text.slice(start, end.index);
    start = end.index + end[0].length;
  }
  yield text.slice(start);
}

/** Whether a line is too long to be an entry. */
export function isTooLong({ text }: FileEntry): boolean {
  return text.length > MAX_LINE;
}

function withoutComment(text: string): string {
  if (text.startsWith('#')) return '';
  const pattern = text.startsWith('/') ? /^\/.*\/[a-z]*(?=\s+#|\s*$)/.exec(text)?.[0] : undefined;
  if (pattern !== undefined) return pattern;
  const comment = /\s#/.exec(text);
  return comment === null ? text : text.slice(0, comment.index);
}
