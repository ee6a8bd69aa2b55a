import type { ListEntry } from '../rules/condition.js';
import { visitInSteps, type Steps } from '../rules/steps.js';
import { listKinds } from '../rules/sets/list-kinds.js';
import type { ListEntries, ListKind } from '../rules/sets/list-kinds.js';
import type { ConfigIssue } from './config-error.js';
import { entriesOfFile, isTooLong } from './list-file.js';
import type { FileEntry } from './list-file.js';
import { postgreyEntriesOf } from './postgrey-line.js';
import type { LineNote, PostgreyLine } from './postgrey-line.js';
import { postgreyReaders } from './postgrey-list.js';

/** So many entries are read in one step: one takes some microseconds, but a pattern nearly half a millisecond. */
const READ_SIZE = 1;

/** How many mistakes of one file are told; whoever has more has one mistake many times. */
const TOLD_MISTAKES = 10;

/** What is told of what works, but otherwise than in Postgrey; hardly a file has so much of it. */
const TOLD_NOTES = 100;

/** How much of an entry a line of the log has. */
const TOLD_CHARACTERS = 200;

/** A file with entries of one kind. */
export interface EntryFile<Kind extends ListKind> {
  readonly kind: Kind;
  readonly path: string;
  readonly text: string;
  /** Whether it is written as Postgrey's are. */
  readonly isPostgreys: boolean;
  /** The setting that names it, for reports. */
  readonly setting: string;
  /** Whether a wrong entry is left out, with a warning, and all else is used. */
  readonly isForgiving: boolean;
}

/** What came out of a file. */
export interface FileEntries<Kind extends ListKind> {
  readonly entries: readonly ListEntry<ListEntries[Kind]>[];
  readonly issues: readonly ConfigIssue[];
  readonly warnings: readonly ConfigIssue[];
}

/** Reads the entries of a list file. */
export function* readFileEntries<Kind extends ListKind>(
  file: EntryFile<Kind>,
): Steps<FileEntries<Kind>> {
  const entries: ListEntry<ListEntries[Kind]>[] = [];
  const wrong: ConfigIssue[] = [];
  const noted: ConfigIssue[] = [];
  const issue = (line: FileEntry, { problem, hint }: LineNote): ConfigIssue => ({
    ...originOf(file.path, line),
    path: file.setting,
    problem,
    hint,
  });
  const take = ([line, read]: ReadLine<Kind>): void => {
    if ('problem' in read) {
      wrong.push(issue(line, read));
      return;
    }
    const place = `${file.path}:${line.line}`;
    for (const value of read.entries) entries.push({ value, place });
    for (const note of read.notes) noted.push(issue(line, note));
  };
  yield* visitInSteps(linesOf(file), take, READ_SIZE);
  const warnings = firstOf(noted, TOLD_NOTES, 'are to be looked at');
  if (!file.isForgiving) {
    return { entries, issues: firstOf(wrong, TOLD_MISTAKES, 'are wrong'), warnings };
  }
  const leftOut = firstOf(wrong.map(asLeftOut), TOLD_NOTES, 'are left out');
  return { entries, issues: [], warnings: [...leftOut, ...warnings] };
}

/** The entry as well: a log has no excerpt of its line. */
function asLeftOut({ problem, hint, text, ...where }: ConfigIssue): ConfigIssue {
  const entry = text.trim().slice(0, TOLD_CHARACTERS);
  const told = `is left out, all else is used: ${entry} ${problem}`;
  return { ...where, text, problem: told, hint: hint ?? 'write it in another way, or remove it' };
}

type ReadLine<Kind extends ListKind> = readonly [FileEntry, PostgreyLine<ListEntries[Kind]>];

function* linesOf<Kind extends ListKind>({
  kind,
  text,
  isPostgreys,
}: EntryFile<Kind>): Generator<ReadLine<Kind>, void, undefined> {
  const readPostgreys = postgreyReaders[kind];
  if (isPostgreys && readPostgreys !== undefined) {
    for (const line of postgreyEntriesOf(text)) {
      yield [line, isTooLong(line) ? TOO_LONG : readPostgreys(line)];
    }
    return;
  }
  for (const line of entriesOfFile(text)) {
    yield [line, isTooLong(line) ? TOO_LONG : readOurs(kind, line)];
  }
}

function readOurs<Kind extends ListKind>(
  kind: Kind,
  { text }: FileEntry,
): PostgreyLine<ListEntries[Kind]> {
  const parsed = listKinds[kind].parse(text);
  return 'ok' in parsed ? { entries: [parsed.ok], notes: [] } : quoteless(parsed, text);
}

function firstOf(
  issues: readonly ConfigIssue[],
  count: number,
  what: string,
): readonly ConfigIssue[] {
  const [last] = issues.slice(count);
  if (last === undefined) return issues;
  const problem = `${issues.length - count} more lines from here on ${what}`;
  return [...issues.slice(0, count), { ...last, problem, hint: undefined }];
}

const TOO_LONG = { problem: 'is too long for an entry', hint: 'write one entry a line' } as const;

/** In a file an entry stands as it is: quotes, commas and dashes are YAML's. */
function quoteless(refusal: LineNote, text: string): LineNote {
  if (/^(['"]).*\1,?$/.test(text)) {
    return { ...refusal, hint: 'write entries of a file without quotes' };
  }
  if (/^-\s/.test(text)) return { ...refusal, hint: 'write entries of a file without a dash' };
  if (/[^\s]\s+[^\s]|,/.test(text) && !text.startsWith('/')) {
    return { ...refusal, hint: 'write one entry a line, and comments behind a #' };
  }
  return refusal;
}

function originOf(file: string, { line, column, text }: FileEntry) {
  return { file, line, column, text: ' '.repeat(column - 1) + text };
}
