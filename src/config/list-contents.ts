import { dirname, isAbsolute, join } from 'node:path';

import type { ListEntry } from '../rules/condition.js';
import type { Steps } from '../rules/steps.js';
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
export function* readLists(source: ListSource): Steps<ReadLists> {
  const issues: ConfigIssue[] = [];
  const warnings: ConfigIssue[] = [];
  const contents = new Map<string, ListContent>();
  for (const [name, list] of Object.entries(source.lists)) {
    const content: { [Kind in ListKind]?: readonly ListEntry<ListEntries[Kind]>[] } = {};
    const told = { source, name, issues, warnings };
    const { clients, senders, recipients, names, values } = list;
    if (clients !== undefined) content.clients = yield* readItems('clients', clients, told);
    if (senders !== undefined) content.senders = yield* readItems('senders', senders, told);
    if (recipients !== undefined)
      content.recipients = yield* readItems('recipients', recipients, told);
    if (names !== undefined) content.names = yield* readItems('names', names, told);
    if (values !== undefined) content.values = yield* readItems('values', values, told);
    contents.set(name, content);
  }
  return { contents, issues, warnings };
}

function* readItems<Kind extends ListKind>(
  kind: Kind,
  items: readonly WrittenItem[],
  { name, ...told }: Pick<Reading<Kind>, 'source' | 'issues' | 'warnings'> & { name: string },
): Steps<readonly ListEntry<ListEntries[Kind]>[]> {
  const parts: (readonly ListEntry<ListEntries[Kind]>[])[] = [];
  for (const [index, item] of items.entries()) {
    parts.push(yield* readItem({ ...told, kind, path: ['lists', name, kind, index] }, item));
  }
  return parts.flat();
}

interface Reading<Kind extends ListKind> {
  readonly source: ListSource;
  readonly kind: Kind;
  readonly path: Path;
  readonly issues: ConfigIssue[];
  readonly warnings: ConfigIssue[];
}

function* readItem<Kind extends ListKind>(
  { source, kind, path, issues, warnings }: Reading<Kind>,
  item: WrittenItem,
): Steps<readonly ListEntry<ListEntries[Kind]>[]> {
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
  const found = yield* readFileEntries({
    ...{ kind, path: file, text: read.text, isPostgreys: key === 'postgrey' },
    setting: path.filter((part) => typeof part === 'string').join('.'),
    isForgiving: source.forgiving.some((name) => name === path[1]),
  });
  issues.push(...found.issues);
  warnings.push(...found.warnings);
  return found.entries;
}
