import type { Parsed } from '../../config/parsed.js';
import { parseEnvelopeAddress } from '../../mail/envelope-address.js';
import { canonicalMailDomain } from '../../mail/mail-domain.js';
import { looksLikePattern, parsePattern } from '../pattern.js';
import type { Pattern } from '../pattern.js';

/** Some senders or recipients; all in lower case. */
export type AddressEntry =
  /** The null sender `<>`. */
  | { readonly kind: 'null'; readonly text: string }
  | {
      readonly kind: 'address';
      readonly text: string;
      readonly localPart: string;
      readonly domain: string;
    }
  /** A local part at any domain. */
  | { readonly kind: 'local'; readonly text: string; readonly localPart: string }
  | { readonly kind: 'domain'; readonly text: string; readonly domain: string }
  /** All domains below one, but not that one itself. */
  | { readonly kind: 'below'; readonly text: string; readonly domain: string }
  /** A domain and all domains below it, as lists of Postgrey have them. */
  | { readonly kind: 'within'; readonly text: string; readonly domain: string }
  /** An address, also with an extension behind a `+`, as lists of Postgrey have them. */
  | {
      readonly kind: 'mailbox';
      readonly text: string;
      readonly localPart: string;
      /** Empty: any. */
      readonly domain: string;
    }
  | { readonly kind: 'pattern'; readonly text: string; readonly pattern: Pattern };

const FORMS =
  "write 'joe@example.org', '@example.org' for a domain, '@.example.org' for the domains below it, 'joe@' for any domain, '<>', or a pattern such as '/^list-.*@/'";

/** Reads an address, `@domain`, `@.domain`, `local-part@`, `<>` or a pattern. */
export function parseAddressEntry(text: string): Parsed<AddressEntry> {
  if (looksLikePattern(text)) {
    const parsed = parsePattern(text, { ignoreCase: true });
    return 'ok' in parsed ? { ok: { kind: 'pattern', text, pattern: parsed.ok } } : parsed;
  }
  if (text === '<>') return { ok: { kind: 'null', text } };
  if (/[\s\p{Cc}]/u.test(text) && !text.includes('"')) {
    return { problem: 'has a blank or a control character in it', hint: FORMS };
  }
  const at = text.lastIndexOf('@');
  if (at < 0) return noAddress(text);
  const localPart = at > 0 ? canonicalLocalPart(text.slice(0, at)) : '';
  const written = text.slice(at + 1);
  const isBelow = written.startsWith('.');
  const domain = canonicalMailDomain(isBelow ? written.slice(1) : written);
  if (/[*<>]/.test(text)) return wildcard(text, domain);
  if (domain === '') {
    if (localPart === '' || written !== '') return noAddress(text);
    return { ok: { kind: 'local', text: `${localPart}@`, localPart } };
  }
  if (!isDomain(domain)) return { problem: 'has no domain behind its @', hint: FORMS };
  if (localPart !== '') {
    if (isBelow) return { problem: 'has a local part and all domains below one', hint: FORMS };
    return { ok: { kind: 'address', text: `${localPart}@${domain}`, localPart, domain } };
  }
  return isBelow
    ? { ok: { kind: 'below', text: `@.${domain}`, domain } }
    : { ok: { kind: 'domain', text: `@${domain}`, domain } };
}

/** As {@link parseEnvelopeAddress} has it, which addresses are compared with. */
function canonicalLocalPart(written: string): string {
  return parseEnvelopeAddress(`${written}@x`).localPart.toLowerCase();
}

function isDomain(domain: string): boolean {
  return /^(?:\[[^\]\s]+\]|[^\s.@]+(?:\.[^\s.@]+)*)$/.test(domain);
}

function noAddress(text: string): Parsed<AddressEntry> {
  const isDomainAlone = /^[\w-]+(?:\.[\w-]+)+$/.test(text);
  const hint = isDomainAlone ? `write '@${text}' for a domain` : FORMS;
  return { problem: 'is not an address', hint };
}

function wildcard(text: string, domain: string): Parsed<AddressEntry> {
  const bracketed = /^<(.+@.+)>$/.exec(text)?.[1];
  if (bracketed !== undefined) return { problem: 'has brackets', hint: `write '${bracketed}'` };
  const below = /@\*\.(.+)$/.exec(text)?.[1];
  if (below !== undefined) return { problem: 'has a *', hint: `write '@.${below}'` };
  const hint = text.startsWith('*@') && isDomain(domain) ? `write '@${domain}'` : FORMS;
  return { problem: 'is not an address', hint };
}
