import type { IpAddress } from '../mail/ip-address.js';
import { networkOf, parseNetwork } from '../mail/network.js';
import type { Network } from '../mail/network.js';

/** How many leading bits of an address make the network that counts as one client. */
export interface NetworkPrefixes {
  readonly ipv4: number;
  readonly ipv6: number;
}

/** Whose record is wanted. Addresses are in the form of `normaliseAddress`. */
export interface CorrespondenceParties {
  /** Empty for the null sender. */
  readonly sender: string;
  readonly recipient: string;
  readonly client: IpAddress;
  readonly network: NetworkPrefixes;
}

/** What a key says of its record, for list and report. */
export type ParsedCorrespondenceKey =
  | { readonly kind: 'pair'; readonly sender: string; readonly recipient: string }
  | { readonly kind: 'null-sender'; readonly network: Network; readonly recipient: string };

const PAIR = 'c';
const NULL_SENDER = 'n';

/** No address on the wire contains it: both protocols end their strings with it. */
export const SEPARATOR = '\0';

/**
 * The key of a pair's record. The recipient comes first, so that the records of one mailbox lie
 * side by side. The null sender, which everybody uses, is keyed by the client's network instead, so
 * that one bounce does not let the next host in.
 *
 * No two different pairs share a key, whatever they contain; and a key never has a lone surrogate,
 * which a store could not tell from another one.
 */
export function correspondenceKey(parties: CorrespondenceParties): string {
  const { sender, client, network } = parties;
  if (sender !== '') return pairKey(parties.recipient, sender);
  const recipient = escapePart(parties.recipient);
  const prefix = client.family === 4 ? network.ipv4 : network.ipv6;
  return NULL_SENDER + recipient + SEPARATOR + networkOf(client, prefix).text;
}

// One look at all of it, which is nearly always enough, instead of one at each part.
function pairKey(recipient: string, sender: string): string {
  const usual = PAIR + recipient + SEPARATOR + sender;
  if (suspectsIn(usual) === 1) return usual; // the separator
  return PAIR + escapePart(recipient) + SEPARATOR + escapePart(sender);
}

/** Whether a key may be one of {@link correspondenceKey}'s: those of other records begin otherwise. */
export function isCorrespondenceKey(key: string): boolean {
  return key.startsWith(PAIR) || key.startsWith(NULL_SENDER);
}

/** Reads a key back; undefined if it is not one of {@link correspondenceKey}'s. */
export function parseCorrespondenceKey(key: string): ParsedCorrespondenceKey | undefined {
  const kind = key.charAt(0);
  const separatorAt = key.indexOf(SEPARATOR);
  if (separatorAt === -1 || separatorAt !== key.lastIndexOf(SEPARATOR)) return undefined;
  const recipient = unescapePart(key.slice(1, separatorAt));
  const rest = key.slice(separatorAt + 1);
  if (kind === PAIR && rest !== '') {
    return { kind: 'pair', sender: unescapePart(rest), recipient };
  }
  const network = kind === NULL_SENDER ? parseNetwork(rest) : undefined;
  if (network?.text !== rest) return undefined;
  return { kind: 'null-sender', network, recipient };
}

/** The separator, the escape itself, and surrogates without their other half. */
const UNSAFE = /[\0\x01\p{Surrogate}]/u;

/** How often there is what may be unsafe; a loop has looked through a key before a pattern is called. */
function suspectsIn(text: string): number {
  let suspects = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code <= 1 || (code >= 0xd800 && code <= 0xdfff)) suspects += 1;
  }
  return suspects;
}

/** A part of a key in which no separator stands, and no lone surrogate. */
export function escapePart(part: string): string {
  if (suspectsIn(part) === 0) return part;
  return part.replace(new RegExp(UNSAFE, 'gu'), (unsafe) => {
    return `\x01${unsafe.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** What {@link escapePart} was given. */
export function unescapePart(part: string): string {
  return part.replace(/\x01([0-9a-f]{4})/g, (_, digits: string) => {
    return String.fromCharCode(Number.parseInt(digits, 16));
  });
}
