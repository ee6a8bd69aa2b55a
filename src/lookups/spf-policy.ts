import { parseNetwork, type Network } from '../mail/network.js';
import { MAX_POLICY_LENGTH } from './dns.js';
import { isDomainSpec, isMacroString } from './spf-macros.js';

export type SpfQualifier = '+' | '-' | '~' | '?';

/** One term that may match; a name is a domain-spec whose macros are not yet replaced. */
export type SpfTerm = { readonly qualifier: SpfQualifier } & (
  | { readonly kind: 'all' }
  | { readonly kind: 'include' | 'exists'; readonly name: string }
  /** Without a name: the domain whose policy it is. */
  | { readonly kind: 'ptr'; readonly name: string | undefined }
  | {
      readonly kind: 'a' | 'mx';
      readonly name: string | undefined;
      readonly prefixes: Readonly<Record<4 | 6, number>>;
    }
  | { readonly kind: 'network'; readonly network: Network }
);

/** A policy that follows the grammar of RFC 7208 section 12. */
export interface SpfPolicy {
  readonly terms: readonly SpfTerm[];
  readonly redirect: string | undefined;
}

/** What is wrong with a policy. */
export interface SpfSyntaxProblem {
  readonly problem: string;
}

/** Reads a TXT record; one wrong term makes all of it wrong (RFC 7208 section 4.6). */
export function readSpfPolicy(text: string): SpfPolicy | SpfSyntaxProblem {
  if (text.length > MAX_POLICY_LENGTH) return { problem: 'it is too long' };
  if (!/^[ -~]*$/.test(text)) return { problem: 'it is not plain ASCII' };
  const terms: SpfTerm[] = [];
  const modifiers = new Map<string, string>();
  for (const word of text.split(' ').slice(1)) {
    if (word === '') continue;
    const modifier = /^([a-z][-a-z0-9_.]*)=(.*)$/i.exec(word);
    if (modifier !== null) {
      const name = (modifier[1] ?? '').toLowerCase();
      if (!addModifier(modifiers, name, modifier[2] ?? '')) return { problem: `"${word}"` };
      continue;
    }
    const term = readTerm(word);
    if (term === undefined) return { problem: `"${word}"` };
    if (term !== 'never') terms.push(term);
  }
  // Beside `all` a redirection is of no use (section 6.1).
  const hasAll = terms.some(({ kind }) => kind === 'all');
  return { terms, redirect: hasAll ? undefined : modifiers.get('redirect') };
}

/** Those that nobody knows may come again and again, but must follow the grammar. */
function addModifier(modifiers: Map<string, string>, name: string, value: string): boolean {
  if (name === 'redirect' || name === 'exp') {
    if (modifiers.has(name) || !isDomainSpec(value)) return false;
    modifiers.set(name, value);
    return true;
  }
  return isMacroString(value, 'explanation');
}

/** Undefined if it is wrong; `never` if no client can match it. */
function readTerm(word: string): SpfTerm | 'never' | undefined {
  const [, sign = '', mechanism = '', rest = ''] =
    /^([-+~?]?)([a-z0-9]+)((?:[:/].*)?)$/i.exec(word) ?? [];
  const qualifier = isQualifier(sign) ? sign : '+';
  const kind = mechanism.toLowerCase();
  switch (kind) {
    case 'all':
      return rest === '' ? { qualifier, kind } : undefined;
    case 'include':
    case 'exists': {
      const name = nameIn(rest);
      return name === undefined || name === '' ? undefined : { qualifier, kind, name };
    }
    case 'ptr': {
      const name = nameIn(rest);
      return name === undefined ? undefined : { qualifier, kind, name: name || undefined };
    }
    case 'a':
    case 'mx':
      return readAddressTerm(qualifier, kind, rest);
    case 'ip4':
    case 'ip6':
      return readNetworkTerm(qualifier, kind, rest);
    default:
      return undefined;
  }
}

function isQualifier(sign: string): sign is SpfQualifier {
  return sign === '+' || sign === '-' || sign === '~' || sign === '?';
}

/** `:name`, or nothing; undefined if it is wrong. */
function nameIn(rest: string): string | undefined {
  if (rest === '') return '';
  return rest.startsWith(':') && isDomainSpec(rest.slice(1)) ? rest.slice(1) : undefined;
}

function readAddressTerm(
  qualifier: SpfQualifier,
  kind: 'a' | 'mx',
  rest: string,
): SpfTerm | undefined {
  const ending = /(?:\/([0-9]+))?(?:\/\/([0-9]+))?$/.exec(rest);
  const name = nameIn(rest.slice(0, ending?.index));
  const prefixes = { 4: readPrefix(ending?.[1], 32), 6: readPrefix(ending?.[2], 128) };
  if (name === undefined || prefixes[4] === undefined || prefixes[6] === undefined)
    return undefined;
  return {
    qualifier,
    kind,
    name: name || undefined,
    prefixes: { 4: prefixes[4], 6: prefixes[6] },
  };
}

/** No leading zeros (section 12); without one, the address alone. */
function readPrefix(text: string | undefined, width: number): number | undefined {
  if (text === undefined) return width;
  const prefix = /^(?:0|[1-9][0-9]{0,2})$/.test(text) ? Number(text) : Number.NaN;
  return prefix <= width ? prefix : undefined;
}

function readNetworkTerm(
  qualifier: SpfQualifier,
  kind: 'ip4' | 'ip6',
  rest: string,
): SpfTerm | 'never' | undefined {
  const [, address, written] = /^:([0-9a-f:.]+)(?:\/([0-9]+))?$/i.exec(rest) ?? [];
  const width = kind === 'ip4' ? 32 : 128;
  const prefix = readPrefix(written, width);
  if (address === undefined || prefix === undefined) return undefined;
  if (address.includes(':') !== (kind === 'ip6')) return undefined;
  const alone = parseNetwork(address);
  if (alone === undefined) return undefined;
  // IPv4-mapped: clients that have such an address are IPv4 clients, which ip6 never matches.
  const isMapped = kind === 'ip6' && alone.family === 4;
  if (isMapped && prefix > MAPPED_ZEROS) return 'never';
  const network = parseNetwork(`${isMapped ? '::' : address}/${prefix}`);
  return network === undefined ? undefined : { qualifier, kind: 'network', network };
}

/** So many bits an IPv4-mapped address has in common with `::`. */
const MAPPED_ZEROS = 80;
