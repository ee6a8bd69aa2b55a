import type { Stage } from '../../greylist/attempt.js';
import type { EnvelopeAddress } from '../../mail/envelope-address.js';
import type { AddressNormalisation } from '../../mail/normalise-address.js';
import type { ConditionKind, ListEntry, SchemaKinds } from '../condition.js';
import type { AddressEntry } from '../sets/address-entry.js';
import type { AddressSubject } from '../sets/address-set.js';
import type { BracketedEntry } from '../sets/bracketed-entry.js';
import type { ConditionEntry } from '../sets/compile-entries.js';
import type { EntrySet } from '../sets/entry-set.js';
type AddressListKind = 'senders' | 'recipients';
/** What differs between sender and recipient. */
interface AddressConditionSpec {
    readonly name: string;
    readonly listKind: AddressListKind;
    readonly side: 'sender' | 'recipient';
    readonly stage: Stage;
    readonly about: {
        readonly meaning: string;
        readonly example: string;
    };
}
/** The entries of a condition on addresses. */
export declare function addressEntries({ list }: Pick<SchemaKinds, 'list'>, kind: AddressListKind): ReturnType<typeof list<ConditionEntry<AddressListKind>>>;
/** The schema of a condition on addresses; its type is the same for senders and recipients. */
declare function schemaOf(kinds: SchemaKinds, { listKind, side }: AddressConditionSpec): import("zod").ZodUnion<readonly [import("zod").ZodType<readonly ConditionEntry<AddressListKind>[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ConditionEntry<AddressListKind>[], string | readonly string[]>>, import("zod").ZodReadonly<import("zod").ZodObject<{
    raw: import("zod").ZodOptional<import("zod").ZodType<readonly ConditionEntry<AddressListKind>[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly ConditionEntry<AddressListKind>[], string | readonly string[]>>>;
    bracketed: import("zod").ZodOptional<import("zod").ZodType<readonly BracketedEntry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly BracketedEntry[], string | readonly string[]>>>;
    'raw-bracketed': import("zod").ZodOptional<import("zod").ZodType<readonly BracketedEntry[], string | readonly string[], import("zod/v4/core").$ZodTypeInternals<readonly BracketedEntry[], string | readonly string[]>>>;
}, import("zod/v4/core").$strict>>]>;
/** A condition on the envelope sender or the recipient. */
export declare function addressCondition(spec: AddressConditionSpec): ConditionKind<ReturnType<typeof schemaOf>>;
type AddressEntries = EntrySet<AddressSubject, AddressEntry>;
/** What was found, and by which spelling. */
interface Sought {
    /** In its brackets where it is looked at in them. */
    readonly asked: AddressSubject | string;
    readonly found: ListEntry<{
        readonly text: string;
    }> | undefined;
}
type Seeker = (address: EnvelopeAddress) => Sought;
/**
 * Asks for an address as it is, and then in the spelling that the triplets have: an entry may be
 * written by either, whatever is taken out of senders and recipients.
 */
export declare function addressSeeker(set: AddressEntries, normalisation: AddressNormalisation): Seeker;
/** An address for people. */
export declare function describe(asked: AddressSubject | string): string;
export {};
