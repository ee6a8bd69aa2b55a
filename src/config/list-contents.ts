import { dirname, isAbsolute, join } from 'node:path';

import type { ListEntry } from '../rules/condition.js';
import type { ListContent, ListContents } from '../rules/list-store.js';
import { formatPlace } from '../rules/program-source.js';
import { listKinds } from '../rules/sets/list-kinds.js';
import type { ListEntries, ListKind } from '../rules/sets/list-kinds.js';
import type { Place } from '../rules/rule.js';
import type { ConfigIssue } from './config-error.js';
import { entriesOfFile, isTooLong } from './list-file.js';
import type { FileEntry, ListFiles } from './list-file.js';
import type { WrittenItem, WrittenLists } from './lists-section.js';
import type { Path } from './settings.js';

/** How many mistakes of one file are told; whoever has more has one mistake many times. */
const TOLD_OF_A_FILE = 10;

/** What the lists are read from. */
export interface ListSource {
  readonly lists: WrittenLists;
  /** The configuration file's name; undefined if there is none. */
  readonly configFile: string | undefined;
  readonly files: ListFiles;
  placeOf(path: Path): Place;
  /** An issue at a setting. */
  issueAt(path: Path, problem: string, hint: string | undefined): ConfigIssue;
}

/** The path of a list file: one that is not absolute starts where the configuration file is. */
export function listFilePath(written: string, configFile: string | undefined): string {
  if (isAbsolute(written) || configFile === undefined) return written;
  return join(dirname(configFile), written);
}

/** The entries of all lists, with those of their files, and all that is wrong with these. */
export function readLists(source: ListSource): {
  readonly contents: ListContents;
  readonly issues: readonly ConfigIssue[];
} {
  const issues: ConfigIssue[] = [];
  const contents = new Map<string, ListContent>();
  for (const [name, list] of Object.entries(source.lists)) {
    const content: { [Kind in ListKind]?: readonly ListEntry<ListEntries[Kind]>[] } = {};
    const read = <Kind extends ListKind>(kind: Kind, items: readonly WrittenItem[]) =>
      items.flatMap((item, index) =>
        readItem({ source, kind, path: ['lists', name, kind, index], issues }, item),
      );
    if (list.clients !== undefined) content.clients = read('clients', list.clients);
    if (list.senders !== undefined) content.senders = read('senders', list.senders);
    if (list.recipients !== undefined) content.recipients = read('recipients', list.recipients);
    if (list.names !== undefined) content.names = read('names', list.names);
    if (list.values !== undefined) content.values = read('values', list.values);
    contents.set(name, content);
  }
  return { contents, issues };
}

interface Reading<Kind extends ListKind> {
  readonly source: ListSource;
  readonly kind: Kind;
  readonly path: Path;
  readonly issues: ConfigIssue[];
}

function readItem<Kind extends ListKind>(
  reading: Reading<Kind>,
  item: WrittenItem,
): readonly ListEntry<ListEntries[Kind]>[] {
  const { source, kind, path, issues } = reading;
  if ('text' in item) {
    const parsed = listKinds[kind].parse(item.text);
    return 'ok' in parsed ? [{ value: parsed.ok, place: formatPlace(source.placeOf(path)) }] : [];
  }
  const file = listFilePath(item.file, source.configFile);
  const read = source.files.get(file) ?? { problem: `${file}: was not read`, hint: undefined };
  if ('text' in read) return readEntries(reading, file, read.text);
  issues.push(source.issueAt([...path, 'file'], read.problem, read.hint));
  return [];
}

function readEntries<Kind extends ListKind>(
  { kind, path, issues }: Reading<Kind>,
  file: string,
  text: string,
): readonly ListEntry<ListEntries[Kind]>[] {
  const entries: ListEntry<ListEntries[Kind]>[] = [];
  const wrong: ConfigIssue[] = [];
  const name = path.filter((part) => typeof part === 'string').join('.');
  for (const entry of entriesOfFile(text)) {
    const parsed = isTooLong(entry) ? TOO_LONG : listKinds[kind].parse(entry.text);
    if ('ok' in parsed) {
      entries.push({ value: parsed.ok, place: `${file}:${entry.line}` });
    } else {
      wrong.push({
        ...originOf(file, entry),
        path: name,
        hint: undefined,
        ...quoteless(parsed, entry.text),
      });
    }
  }
  issues.push(...wrong.slice(0, TOLD_OF_A_FILE));
  const [last] = wrong.slice(TOLD_OF_A_FILE);
  if (last !== undefined) {
    const problem = `${wrong.length - TOLD_OF_A_FILE} more lines from here on are wrong`;
    issues.push({ ...last, problem, hint: undefined });
  }
  return entries;
}

const TOO_LONG = { problem: 'is too long for an entry', hint: 'write one entry a line' } as const;

/** In a file an entry stands as it is: quotes, commas and dashes are YAML's. */
function quoteless(
  refusal: { readonly problem: string; readonly hint?: string },
  text: string,
): { readonly problem: string; readonly hint?: string } {
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
