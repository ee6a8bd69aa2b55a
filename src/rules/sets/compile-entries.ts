import type { Parsed } from '../../config/parsed.js';
import type { CompileContext, ListEntry } from '../condition.js';
import { finish } from '../steps.js';
import { joinSets } from './entry-set.js';
import type { EntrySet, ListReference } from './entry-set.js';
import { listKinds } from './list-kinds.js';
import type { ListEntries, ListKind, ListSubjects } from './list-kinds.js';

/** An entry of a condition: one of a list of this kind, or all those of a named list. */
export type ConditionEntry<Kind extends ListKind> = ListEntries[Kind] | ListReference;

/** Reads an entry of a condition; `list:NAME` stands for all those of a named list. */
export function parseConditionEntry<Kind extends ListKind>(
  kind: Kind,
): (text: string) => Parsed<ConditionEntry<Kind>> {
  return (text) => parseReference(text) ?? listKinds[kind].parse(text);
}

/** Writes an entry of any kind. */
export function formatEntry(entry: { readonly text: string }): string {
  return entry.text;
}

function parseReference(text: string): Parsed<ListReference> | undefined {
  const name = /^list:(.*)$/s.exec(text)?.[1];
  if (name === undefined) return undefined;
  if (/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(name)) return { ok: { kind: 'list', text, name } };
  return { problem: 'names no list', hint: 'write list: and the name of a list, without a blank' };
}

/**
 * One set of the entries of a condition and of the lists that it names. Its own entries come first.
 *
 * @param entries undefined for those that are none of a list, so that the others keep their places
 * @param path of the entries, below the condition's key
 */
export function compileEntries<Kind extends ListKind>(
  kind: Kind,
  entries: readonly (ConditionEntry<Kind> | undefined)[],
  context: CompileContext,
  path: readonly (string | number)[] = [],
): EntrySet<ListSubjects[Kind], ListEntries[Kind]> {
  const own: ListEntry<ListEntries[Kind]>[] = [];
  const lists: EntrySet<ListSubjects[Kind], ListEntries[Kind]>[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry === undefined) continue;
    const at = [...path, index];
    if (isReference(entry)) lists.push(context.list(kind, entry.name, at));
    else own.push({ value: entry, place: context.place(at) });
  }
  return joinSets(own.length === 0 ? lists : [finish(listKinds[kind].create(own)), ...lists]);
}

function isReference<Kind extends ListKind>(entry: ConditionEntry<Kind>): entry is ListReference {
  return entry.kind === 'list';
}
