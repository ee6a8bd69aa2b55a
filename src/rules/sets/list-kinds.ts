import type { Parsed } from '../../config/parsed.js';
import type { WrittenForm } from '../../config/written-forms.js';
import type { ListEntry } from '../condition.js';
import type { Steps } from '../steps.js';
import { parseAddressEntry } from './address-entry.js';
import type { AddressEntry } from './address-entry.js';
import { createAddressSet } from './address-set.js';
import type { AddressSubject } from './address-set.js';
import { parseClientEntry } from './client-entry.js';
import type { ClientEntry } from './client-entry.js';
import { createClientSet } from './client-set.js';
import type { ClientSubject } from './client-set.js';
import type { EntrySet } from './entry-set.js';
import { parseNameEntry } from './name-entry.js';
import type { NameEntry } from './name-entry.js';
import { createNameSet } from './name-set.js';
import { parseValueEntry } from './value-entry.js';
import type { ValueEntry } from './value-entry.js';
import { createValueSet } from './value-set.js';

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
  create(entries: readonly ListEntry<ListEntries[Kind]>[]): Steps<ListSets[Kind]>;
}

const addresses = {
  expects: "an address, '@example.org', '@.example.org', 'joe@', '<>' or a pattern",
  form: { examples: ['joe@example.org', '@example.org', '@.example.org', 'postmaster@', '<>'] },
  parse: parseAddressEntry,
  create: createAddressSet,
} as const;

/** The kinds of lists that there are. */
export const listKinds: { readonly [Kind in ListKind]: ListKindSpec<Kind> } = {
  clients: {
    expects: 'an address, a network, a verified name, `.example.org` or a pattern',
    form: { examples: ['192.0.2.0/24', '2001:db8::1', 'mx.example.net', '.example.org'] },
    parse: parseClientEntry,
    create: createClientSet,
  },
  senders: addresses,
  recipients: addresses,
  names: {
    expects: 'a host name, `.example.org` or a pattern',
    form: { examples: ['mx.example.net', '.example.org', '/^mx\\d+\\./'] },
    parse: parseNameEntry,
    create: createNameSet,
  },
  values: {
    expects: 'a text or a pattern',
    form: { examples: ['value', '/^part/i'] },
    parse: parseValueEntry,
    create: createValueSet,
  },
};
