import type { Parsed } from '../../config/parsed.js';
import { parseIpAddress } from '../../mail/ip-address.js';
import { parseNetwork } from '../../mail/network.js';
import type { Network } from '../../mail/network.js';
import { looksLikePattern } from '../pattern.js';
import { parseNameEntry } from './name-entry.js';
import type { NameEntry } from './name-entry.js';

/** Some clients, by their address or by their verified name. */
export type ClientEntry =
  | { readonly kind: 'network'; readonly text: string; readonly network: Network }
  /** Those without a verified name, whom Postfix and lists of Postgrey call `unknown`. */
  | { readonly kind: 'nameless'; readonly text: string }
  | NameEntry;

const FORMS =
  'write an address, a network such as 192.0.2.0/24 or 2001:db8::/32, a name, or .example.org for the names below it';

/** What people mean by these is no host name. */
const SPECIAL: Readonly<Record<string, string>> = {
  loopback: 'these clients are never greylisted if `trusted` has them: no rule needs them',
  private: 'these clients are never greylisted if `trusted` has them: no rule needs them',
  unknown: 'write `client-name: missing` for clients without a name',
};

/**
 * Reads an address, a network, or a name as {@link parseNameEntry} does. `192.0.2.1/24` is refused:
 * whether the address or its network was meant decides who is let through.
 */
export function parseClientEntry(text: string): Parsed<ClientEntry> {
  if (looksLikePattern(text)) return parseNameEntry(text);
  const network = parseNetwork(text);
  if (network !== undefined) return checkedNetwork(text, network);
  if (/^[\d.]+(?:\/.*)?$|[:/]/.test(text)) return noNetwork(text);
  if (/^[\d.]+-[\d.]+$/.test(text)) {
    const hint = 'write the networks that make it up, such as 192.0.2.0/28';
    return { problem: 'is a range of addresses', hint };
  }
  const special = Object.hasOwn(SPECIAL, text) ? SPECIAL[text] : undefined;
  if (special !== undefined) return { problem: 'is not a client', hint: special };
  const parsed = parseNameEntry(text);
  if ('problem' in parsed) return parsed;
  const isBare = parsed.ok.kind === 'name' && !text.includes('.') && text !== 'localhost';
  return isBare ? { problem: 'is not the name of a host on the Internet', hint: FORMS } : parsed;
}

function checkedNetwork(text: string, network: Network): Parsed<ClientEntry> {
  const written = text.replace(/\/.*/, '');
  const address = parseIpAddress(written);
  if (address?.bytes.some((byte, index) => byte !== network.bytes[index]) === true) {
    const hint = `write ${network.text} for the network or ${written} for the address`;
    return { problem: 'is an address with a prefix', hint };
  }
  return { ok: { kind: 'network', text: shortText(network), network } };
}

/** An address without the prefix that goes without saying. */
function shortText({ text, bytes, prefix }: Network): string {
  return prefix === bytes.length * 8 ? text.slice(0, text.indexOf('/')) : text;
}

function noNetwork(text: string): Parsed<ClientEntry> {
  const octets = /^(\d{1,3}(?:\.\d{1,3}){0,2})\.?$/.exec(text)?.[1]?.split('.') ?? [];
  const whole = `${[...octets, '0', '0', '0'].slice(0, 4).join('.')}/${octets.length * 8}`;
  const isStart = octets.length > 0 && parseNetwork(whole) !== undefined;
  return { problem: 'is not a network', hint: isStart ? `write ${whole}` : FORMS };
}
