import type { ListEntry } from './condition.js';
import type { RuleIssue } from './program-source.js';
import type { ListEntries, ListKind, ListSets } from './sets/list-kinds.js';
/** The entries of one named list, by their kind. */
export type ListContent = {
    readonly [Kind in ListKind]?: readonly ListEntry<ListEntries[Kind]>[];
};
/** All named lists. */
export type ListContents = ReadonlyMap<string, ListContent>;
/** The named lists of one configuration, each compiled when the first condition names it. */
export declare class ListStore {
    #private;
    constructor(contents: ListContents);
    /** What was named, but has no entries of the kind that was asked for. */
    get missing(): readonly RuleIssue[];
    /** The names of the lists that somebody asked for. */
    get used(): ReadonlySet<string>;
    /**
     * A compiled list; an empty one if there is none of this kind.
     *
     * @param path of the reference
     */
    get<Kind extends ListKind>(kind: Kind, name: string, path: readonly (string | number)[]): ListSets[Kind];
}
