import type { EnvelopeAddress } from './envelope-address.js';
import { type StrippedParts } from './sender-spelling.js';
/** How the spellings of one recipient are brought together. */
export interface RecipientForm {
    readonly form: 'recipient';
    /** Whether the local part is the same in upper and lower case, as nearly everywhere. */
    readonly foldCase: boolean;
    /** What begins an extension that is dropped; empty where `user+extension` is a mailbox of its own. */
    readonly delimiters: string;
}
/** How the senders of one correspondence are brought together. */
export interface SenderForm {
    readonly form: 'sender';
    readonly foldCase: boolean;
    readonly strip: StrippedParts;
}
/** Senders as Postgrey has them. */
export interface PostgreyForm {
    readonly form: 'postgrey';
}
/** Addresses as milter-greylist has them, in lower case. */
export interface MilterGreylistForm {
    readonly form: 'milter-greylist';
    readonly of: 'sender' | 'recipient';
}
/** What counts as one sender, or as one recipient; settings of `greylist.sender` and `.recipient`. */
export type AddressNormalisation = RecipientForm | SenderForm | PostgreyForm | MilterGreylistForm;
/**
 * The form in which an address is part of a key: one spelling for each mailbox, or for each sender of
 * automatic mail, NFC. The null sender is the empty string, and nothing else is.
 */
export declare function normaliseAddress(address: EnvelopeAddress, normalisation: AddressNormalisation): string;
/**
 * The same with the case that it was written in, which is of account to milter-greylist while a triplet
 * waits.
 */
export declare function writtenForm(address: EnvelopeAddress, normalisation: AddressNormalisation): string;
/** The local part of that form. */
export declare function normaliseLocalPart(address: EnvelopeAddress, normalisation: AddressNormalisation): string;
