import type { Parsed } from '../../config/parsed.js';
import type { CompileContext } from '../condition.js';
import type { EntrySet, ListReference } from './entry-set.js';
import type { ListEntries, ListKind, ListSubjects } from './list-kinds.js';
/** An entry of a condition: one of a list of this kind, or all those of a named list. */
export type ConditionEntry<Kind extends ListKind> = ListEntries[Kind] | ListReference;
/** Reads an entry of a condition; `list:NAME` stands for all those of a named list. */
export declare function parseConditionEntry<Kind extends ListKind>(kind: Kind): (text: string) => Parsed<ConditionEntry<Kind>>;
/** Writes an entry of any kind. */
export declare function formatEntry(entry: {
    readonly text: string;
}): string;
/**
 * One set of the entries of a condition and of the lists that it names. Its own entries come first.
 *
 * @param entries undefined for those that are none of a list, so that the others keep their places
 * @param path of the entries, below the condition's key
 */
export declare function compileEntries<Kind extends ListKind>(kind: Kind, entries: readonly (ConditionEntry<Kind> | undefined)[], context: CompileContext, path?: readonly (string | number)[]): EntrySet<ListSubjects[Kind], ListEntries[Kind]>;
