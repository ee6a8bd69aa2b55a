import { PLACEHOLDER } from './placeholder.js';

/** Between user and domain, and before the list's name, as Sympa writes them. */
const SYMPA_AT = '==a==';
const SYMPA_LIST = '==';

/**
 * A list's own name, without the recipient that it has put into it (variable envelope return path)
 * and without an extension: `list-bounces+joe=example.net` is `list-bounces`, and
 * `list-return-joe=example.net` is `list-return-#`. What has neither is left as it is.
 */
export function withoutRecipient(localPart: string): string {
  const ofSympa = withoutSympaRecipient(localPart);
  if (ofSympa !== undefined) return ofSympa;
  const plusAt = localPart.indexOf('+');
  return withoutRecipientAtEnd(plusAt > 0 ? localPart.slice(0, plusAt) : localPart);
}

/** `bounce+joe==a==example.net==list`: here the list's name is what stands last. */
function withoutSympaRecipient(localPart: string): string | undefined {
  const plusAt = localPart.indexOf('+');
  if (plusAt <= 0) return undefined;
  const stable = `+${PLACEHOLDER}${SYMPA_LIST}`;
  if (localPart.startsWith(stable, plusAt)) return localPart;
  const signAt = localPart.indexOf(SYMPA_AT, plusAt);
  if (signAt === -1) return undefined;
  const listAt = localPart.indexOf(SYMPA_LIST, signAt + SYMPA_AT.length);
  if (listAt === -1) return undefined;
  return localPart.slice(0, plusAt) + stable + localPart.slice(listAt + SYMPA_LIST.length);
}

/** A domain as far as it can be told from other words: two labels, and a last one that is no number. */
const DOMAIN = /^(?:[a-z0-9-]+\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)$/i;

/**
 * `list-joe=example.net` and `list-joe#example.net` are `list-#`. The recipient's user is sought up to
 * the next separator; if part of it is left, as of `jean-luc`, then the same part for each recipient.
 * Nothing is done without a name before it: `joe=example.net` alone may as well be whose mail somebody
 * forwards, and that must stay.
 */
function withoutRecipientAtEnd(localPart: string): string {
  // A placeholder has no domain behind it.
  const signAt = lastOf('=#', localPart);
  if (signAt <= 0 || !DOMAIN.test(localPart.slice(signAt + 1))) return localPart;
  const before = localPart.slice(0, signAt);
  const userAt = lastOf('-=#', before) + 1;
  return userAt === 0 || userAt === signAt ? localPart : before.slice(0, userAt) + PLACEHOLDER;
}

/** Where the last of these characters stands; -1 if none does. */
function lastOf(marks: string, text: string): number {
  let at = text.length - 1;
  while (at >= 0 && !marks.includes(text.charAt(at))) at -= 1;
  return at;
}
