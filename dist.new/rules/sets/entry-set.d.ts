import type { ListEntry } from '../condition.js';
/** Many entries, of which the one is found that a subject matches. */
export interface EntrySet<Subject, Entry> {
    /** How many entries it was made of. */
    readonly size: number;
    /** The entry that matches, the closest one if several do; undefined if none does. */
    find(subject: Subject): ListEntry<Entry> | undefined;
}
/** A `list:NAME` among entries. */
export interface ListReference {
    readonly kind: 'list';
    readonly text: string;
    readonly name: string;
}
/** Several sets as one; the first that knows the subject answers. */
export declare function joinSets<Subject, Entry>(sets: readonly EntrySet<Subject, Entry>[]): EntrySet<Subject, Entry>;
