import type { RecipientForm, SenderForm } from '../../src/mail/normalise-address.js';
import {
  senderParts,
  type SenderPart,
  type StrippedParts,
} from '../../src/mail/sender-spelling.js';

/** Takes just these out of senders. */
export function stripping(...parts: readonly SenderPart[]): StrippedParts {
  const isStripped = (part: SenderPart): boolean => parts.includes(part);
  return {
    batv: isStripped('batv'),
    srs: isStripped('srs'),
    verp: isStripped('verp'),
    tokens: isStripped('tokens'),
  };
}

/** Senders from which all kinds are taken out, as they are unless something else is set. */
export const strippedSender: SenderForm = {
  form: 'sender',
  foldCase: true,
  strip: stripping(...senderParts),
};

/** Senders that are as they were written, but for letter case. */
export const writtenSender: SenderForm = { form: 'sender', foldCase: true, strip: stripping() };

/** Recipients with their extensions. */
export const wholeRecipient: RecipientForm = { form: 'recipient', foldCase: true, delimiters: '' };

/** Recipients without what stands behind a `+`. */
export const shortRecipient: RecipientForm = { form: 'recipient', foldCase: true, delimiters: '+' };
