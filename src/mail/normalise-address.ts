import type { EnvelopeAddress } from './envelope-address.js';
import { withoutExtension } from './extension.js';
import { milterGreylistAddress, milterGreylistSender } from './milter-greylist-address.js';
import { postgreyLocalPart, postgreySender } from './postgrey-sender.js';
import { stableLocalPart, type StrippedParts } from './sender-spelling.js';

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
export function normaliseAddress(
  address: EnvelopeAddress,
  normalisation: AddressNormalisation,
): string {
  if (normalisation.form === 'postgrey') return postgreySender(address.text).normalize('NFC');
  if (normalisation.form === 'milter-greylist') {
    return writtenForm(address, normalisation).toLowerCase();
  }
  const localPart = normaliseLocalPart(address, normalisation);
  return address.domain === '' ? localPart : `${localPart}@${address.domain}`;
}

/**
 * The same with the case that it was written in, which is of account to milter-greylist while a triplet
 * waits.
 */
export function writtenForm(address: EnvelopeAddress, normalisation: AddressNormalisation): string {
  if (normalisation.form !== 'milter-greylist') return normaliseAddress(address, normalisation);
  const { text } = address;
  return normalisation.of === 'sender' ? milterGreylistSender(text) : milterGreylistAddress(text);
}

/** The local part of that form. */
export function normaliseLocalPart(
  address: EnvelopeAddress,
  normalisation: AddressNormalisation,
): string {
  switch (normalisation.form) {
    case 'postgrey':
      return postgreyLocalPart(address.localPart);
    case 'milter-greylist': {
      const whole = normaliseAddress(address, normalisation);
      return whole.slice(0, whole.includes('@') ? whole.lastIndexOf('@') : whole.length);
    }
    case 'recipient':
      return recipientLocalPart(address, normalisation);
    case 'sender':
      return lastSender.localPart(address, normalisation);
  }
}

function recipientLocalPart({ localPart }: EnvelopeAddress, form: RecipientForm): string {
  return withoutExtension(folded(localPart, traitsOf(localPart), form), form.delimiters);
}

function senderLocalPart({ localPart, domain }: EnvelopeAddress, form: SenderForm): string {
  const traits = traitsOf(localPart);
  const spelled = folded(localPart, traits, form);
  return (traits & MARK) === 0 ? spelled : stableLocalPart(spelled, domain, form.strip);
}

function folded(
  localPart: string,
  traits: number,
  { foldCase }: Pick<SenderForm, 'foldCase'>,
): string {
  return foldCase && traits >= UPPER_CASE ? localPart.toLowerCase().normalize('NFC') : localPart;
}

/**
 * The sender that was asked for last. Each rule asks for the same one, then the triplet and the client's
 * autowhite, and to take it apart costs more than all else about a rule.
 */
class LastSender {
  #address: EnvelopeAddress | undefined;
  #form: SenderForm | undefined;
  #localPart = '';

  localPart(address: EnvelopeAddress, form: SenderForm): string {
    if (address !== this.#address || form !== this.#form) {
      this.#localPart = senderLocalPart(address, form);
      this.#address = address;
      this.#form = form;
    }
    return this.#localPart;
  }
}

const lastSender = new LastSender();

/** Traits of characters, as bits. */
const MARK = 1;
const UPPER_CASE = 2;
const NOT_ASCII = 4;

/** Without one of these a local part has nothing in it that {@link stableLocalPart} takes out. */
const MARKS = '0123456789=+#';

const CHARACTER_TRAITS: Uint8Array = new Uint8Array(128).fill(UPPER_CASE, 0x41, 0x5b);
for (const character of MARKS) CHARACTER_TRAITS[character.charCodeAt(0)] = MARK;

/** Folding and taking apart cost more than this look, and nearly no address needs them. */
function traitsOf(localPart: string): number {
  let traits = 0;
  for (let i = 0; i < localPart.length; i++) {
    traits |= CHARACTER_TRAITS[localPart.charCodeAt(i)] ?? NOT_ASCII;
  }
  return traits;
}
