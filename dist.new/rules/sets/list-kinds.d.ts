import type { Parsed } from '../../config/parsed.js';
import type { WrittenForm } from '../../config/written-forms.js';
import type { ListEntry } from '../condition.js';
import type { AddressEntry } from './address-entry.js';
import type { AddressSubject } from './address-set.js';
import type { ClientEntry } from './client-entry.js';
import type { ClientSubject } from './client-set.js';
import type { EntrySet } from './entry-set.js';
import type { NameEntry } from './name-entry.js';
import type { ValueEntry } from './value-entry.js';
/** What the entries of each kind of list are. */
export interface ListEntries {
    readonly clients: ClientEntry;
    readonly senders: AddressEntry;
    readonly recipients: AddressEntry;
    readonly names: NameEntry;
    readonly values: ValueEntry;
}
export type ListKind = keyof ListEntries;
/** What they are asked for. */
export interface ListSubjects {
    readonly clients: ClientSubject;
    readonly senders: AddressSubject;
    readonly recipients: AddressSubject;
    readonly names: string;
    readonly values: string;
}
/** Compiled lists. */
export type ListSets = {
    readonly [Kind in ListKind]: EntrySet<ListSubjects[Kind], ListEntries[Kind]>;
};
/** How a kind of list is written and compiled. Every entry's `text` is how it is written. */
export interface ListKindSpec<Kind extends ListKind> {
    /** For the reference, as in "takes …". */
    readonly expects: string;
    readonly form: WrittenForm;
    parse(text: string): Parsed<ListEntries[Kind]>;
    create(entries: readonly ListEntry<ListEntries[Kind]>[]): ListSets[Kind];
}
/** The kinds of lists that there are. */
export declare const listKinds: {
    readonly [Kind in ListKind]: ListKindSpec<Kind>;
};
