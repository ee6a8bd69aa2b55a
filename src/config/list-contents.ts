import { dirname, isAbsolute, join } from 'node:path';

import type { ListEntry } from '../rules/condition.js';
import type { ListContent, ListContents } from '../rules/list-store.js';
import { formatPlace } from '../rules/program-source.js';
import { listKinds } from '../rules/sets/list-kinds.js';
import type { ListEntries, ListKind } from '../rules/sets/list-kinds.js';
import type { Place } from '../rules/rule.js';
import type { ConfigIssue } from './config-error.js';
import { readFileEntries } from './list-entries.js';
import type { ListFiles } from './list-file.js';
import type { WrittenItem, WrittenLists } from './lists-section.js';
import type { Path } from './settings.js';

/** What the lists are read from. */
export interface ListSource {
  readonly lists: WrittenLists;
  /** The configuration file's name; undefined if there is none. */
  readonly configFile: string | undefined;
  readonly files: ListFiles;
  /** Lists of which a wrong entry is left out, with a warning, and all else is used. */
  readonly forgiving: readonly string[];
  placeOf(path: Path): Place;
  /** An issue at a setting. */
  issueAt(path: Path, problem: string, hint: string | undefined): ConfigIssue;
}

/** The path of a list file: one that is not absolute starts where the configuration file is. */
export function listFilePath(written: string, configFile: string | undefined): string {
  if (isAbsolute(written) || configFile === undefined) return written;
  return join(dirname(configFile), written);
}

/** What came out of the lists. */
export interface ReadLists {
  readonly contents: ListContents;
  readonly issues: readonly ConfigIssue[];
  readonly warnings: readonly ConfigIssue[];
}

/**
 * The entries of all lists, with those of their files; all that is wrong with these, and what is
 * otherwise in Postgrey.
 */
export function readLists(source: ListSource): ReadLists {
  const issues: ConfigIssue[] = [];
  const warnings: ConfigIssue[] = [];
  const contents = new Map<string, ListContent>();
  for (const [name, list] of Object.entries(source.lists)) {
    const content: { [Kind in ListKind]?: readonly ListEntry<ListEntries[Kind]>[] } = {};
    const read = <Kind extends ListKind>(kind: Kind, items: readonly WrittenItem[]) =>
      items.flatMap((item, index) =>
        readItem({ source, kind, path: ['lists', name, kind, index], issues, warnings }, item),
      );
    if (list.clients !== undefined) content.clients = read('clients', list.clients);
    if (list.senders !== undefined) content.senders = read('senders', list.senders);
    if (list.recipients !== undefined) content.recipients = read('recipients', list.recipients);
    if (list.names !== undefined) content.names = read('names', list.names);
    if (list.values !== undefined) content.values = read('values', list.values);
    contents.set(name, content);
  }
  return { contents, issues, warnings };
}

interface Reading<Kind extends ListKind> {
  readonly source: ListSource;
  readonly kind: Kind;
  readonly path: Path;
  readonly issues: ConfigIssue[];
  readonly warnings: ConfigIssue[];
}

function readItem<Kind extends ListKind>(
  { source, kind, path, issues, warnings }: Reading<Kind>,
  item: WrittenItem,
): readonly ListEntry<ListEntries[Kind]>[] {
  if ('text' in item) {
    const parsed = listKinds[kind].parse(item.text);
    return 'ok' in parsed ? [{ value: parsed.ok, place: formatPlace(source.placeOf(path)) }] : [];
  }
  const key = item.postgrey === undefined ? 'file' : 'postgrey';
  const file = listFilePath(item[key] ?? '', source.configFile);
  const read = source.files.get(file) ?? { problem: `${file}: was not read`, hint: undefined };
  if (!('text' in read)) {
    issues.push(source.issueAt([...path, key], read.problem, read.hint));
    return [];
  }
  const found = readFileEntries({
    ...{ kind, path: file, text: read.text, isPostgreys: key === 'postgrey' },
    setting: path.filter((part) => typeof part === 'string').join('.'),
    isForgiving: source.forgiving.some((name) => name === path[1]),
  });
  issues.push(...found.issues);
  warnings.push(...found.warnings);
  return found.entries;
}
