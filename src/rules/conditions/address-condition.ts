import type { Stage } from '../../greylist/attempt.js';
import type { EnvelopeAddress } from '../../mail/envelope-address.js';
import { normaliseLocalPart } from '../../mail/normalise-address.js';
import type { AddressNormalisation } from '../../mail/normalise-address.js';
import type { CompileContext, Condition, ConditionKind, SchemaKinds } from '../condition.js';
import type { AddressEntry } from '../sets/address-entry.js';
import type { AddressSubject } from '../sets/address-set.js';
import { compileEntries, formatEntry, parseConditionEntry } from '../sets/compile-entries.js';
import type { ConditionEntry } from '../sets/compile-entries.js';
import type { EntrySet } from '../sets/entry-set.js';
import { listKinds } from '../sets/list-kinds.js';
import { report } from './finding.js';

type AddressListKind = 'senders' | 'recipients';
type Entries = readonly ConditionEntry<AddressListKind>[];
type Value = Entries | { readonly raw: Entries };

/** What differs between sender and recipient. */
interface AddressConditionSpec {
  readonly name: string;
  readonly listKind: AddressListKind;
  readonly side: 'sender' | 'recipient';
  readonly stage: Stage;
  readonly about: { readonly meaning: string; readonly example: string };
}

/** The entries of a condition on addresses. */
export function addressEntries(
  { list }: Pick<SchemaKinds, 'list'>,
  kind: AddressListKind,
): ReturnType<typeof list<ConditionEntry<AddressListKind>>> {
  return list<ConditionEntry<AddressListKind>>(
    parseConditionEntry(kind),
    formatEntry,
    listKinds[kind].form,
  );
}

/** The schema of a condition on addresses; its type is the same for senders and recipients. */
function schemaOf(kinds: SchemaKinds, { listKind, about }: AddressConditionSpec) {
  const entries = addressEntries(kinds, listKind);
  const expects = `${listKinds[listKind].expects}, or a list of them`;
  const raw = kinds.required(entries, { meaning: about.meaning, expects });
  return kinds.either(entries, kinds.section({ raw }));
}

/** A condition on the envelope sender or the recipient. */
export function addressCondition(
  spec: AddressConditionSpec,
): ConditionKind<ReturnType<typeof schemaOf>> {
  const { name, listKind, stage, about } = spec;
  return {
    name,
    about: {
      ...about,
      expects: `${listKinds[listKind].expects}, list:NAME, or a list of them; or {raw: …}`,
    },
    stage,
    isLookup: false,
    schema: (kinds) => schemaOf(kinds, spec),
    compile: (value, context) => compileAddress(value, spec, context),
  };
}

function compileAddress(
  value: Value,
  { name, listKind, side }: AddressConditionSpec,
  context: CompileContext,
): Condition {
  const isRaw = 'raw' in value;
  const set = compileEntries(listKind, isRaw ? value.raw : value, context, isRaw ? ['raw'] : []);
  const seek = isRaw ? rawSeeker(set) : addressSeeker(set, context.addresses[side]);
  return {
    name,
    isLookup: false,
    test: (evaluation) => {
      const address = evaluation.facts.attempt[side];
      const { asked, found } = seek(address);
      if (found === undefined && evaluation.note === undefined) return 'no';
      return report(evaluation, describe(asked), found);
    },
  };
}

type AddressEntries = EntrySet<AddressSubject, AddressEntry>;

/** What was found, and by which spelling. */
interface Sought {
  readonly asked: AddressSubject;
  readonly found: ReturnType<AddressEntries['find']>;
}

type Seeker = (address: EnvelopeAddress) => Sought;

/**
 * Asks for an address as it is, and then in the spelling that the triplets have: an entry may be
 * written by either, whatever is taken out of senders and recipients.
 */
export function addressSeeker(set: AddressEntries, normalisation: AddressNormalisation): Seeker {
  return (address) => {
    const found = set.find(address);
    if (found !== undefined) return { asked: address, found };
    const localPart = normaliseLocalPart(address, normalisation);
    if (localPart === address.localPart) return { asked: address, found };
    const asked = { localPart, domain: address.domain };
    const foundThen = set.find(asked);
    return foundThen === undefined ? { asked: address, found } : { asked, found: foundThen };
  };
}

function rawSeeker(set: AddressEntries): Seeker {
  return (address) => {
    const asked = rawSubject(address);
    return { asked, found: set.find(asked) };
  };
}

/** Only split: quotes, source routes and final dots are as the client has written them. */
function rawSubject({ text }: EnvelopeAddress): AddressSubject {
  const at = text.lastIndexOf('@');
  if (at < 0) return { localPart: text, domain: '' };
  return { localPart: text.slice(0, at), domain: text.slice(at + 1).toLowerCase() };
}

/** An address for people. */
export function describe({ localPart, domain }: AddressSubject): string {
  if (domain !== '') return `${localPart}@${domain}`;
  return localPart === '' ? '<>' : localPart;
}
