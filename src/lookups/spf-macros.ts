import type { IpAddress } from '../mail/ip-address.js';

/** What macros stand for (RFC 7208 section 7). */
export interface MacroValues {
  readonly localPart: string;
  /** Of the sender. */
  readonly senderDomain: string;
  /** Whose policy is read: an included domain's own, not the sender's. */
  readonly domain: string;
  readonly client: IpAddress;
  readonly helo: string;
}

const EXPANSION = String.raw`%(?:[%_-]|\{[slodiphv][0-9]*r?[-.+,/_=]*\})`;
const LITERAL = String.raw`[!-$&-~]`;
const macroString = new RegExp(`^(?:${EXPANSION}|${LITERAL})*$`, 'i');
const explainingString = new RegExp(
  `^(?:${EXPANSION.replace('slodiphv', 'slodiphvcrt')}|${LITERAL})*$`,
  'i',
);
/** A name that DNS can have at the top level: a letter or an inner hyphen, and maybe a final dot. */
const topLabel = /\.(?=[a-z0-9-]*[a-z-])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.?$/i;
const finalMacro = new RegExp(`${EXPANSION}$`, 'i');
const zeroLabels = /%\{[a-z]0+(?![0-9])/i;
const anyMacro = new RegExp(EXPANSION, 'gi');
/** The longest name of DNS as text (RFC 7208 section 7.3). */
const MAX_NAME_LENGTH = 253;

/** Whether a name is another one for each client, by its address, its name or its HELO. */
export function dependsOnClient(spec: string): boolean {
  return /%\{[iph]/i.test(spec);
}

/** Whether it follows the grammar of macro-string; explanations may use three more letters. */
export function isMacroString(text: string, kind: 'name' | 'explanation' = 'name'): boolean {
  const grammar = kind === 'name' ? macroString : explainingString;
  return grammar.test(text) && !zeroLabels.test(text);
}

/** Whether it follows the grammar of domain-spec. */
export function isDomainSpec(text: string): boolean {
  return isMacroString(text) && (topLabel.test(text) || finalMacro.test(text));
}

/** Whether it asks for the client's validated name, which RFC 7208 advises against. */
export function asksForValidatedName(text: string): boolean {
  return /%\{p/i.test(text);
}

/** A domain-spec with its macros replaced, labels dropped on the left until DNS can carry it. */
export function expandDomainSpec(spec: string, values: MacroValues): string {
  let name = spec.replace(anyMacro, (macro) => expandMacro(macro, values));
  if (name.endsWith('.')) name = name.slice(0, -1);
  while (name.length > MAX_NAME_LENGTH && name.includes('.'))
    name = name.slice(name.indexOf('.') + 1);
  return name;
}

function expandMacro(macro: string, values: MacroValues): string {
  const [, letter = '', digits = '', reversed, delimiters] =
    /^%\{([a-z])([0-9]*)(r?)(.*)\}$/i.exec(macro) ?? [];
  const kind = letter.toLowerCase();
  if (kind === '') return ESCAPES.get(macro) ?? '';
  const expanded = transform(valueOf(kind, values), {
    labels: Number(digits),
    isReversed: reversed !== '',
    delimiters: delimiters || '.',
  });
  return letter === kind ? expanded : escapeForUrl(expanded);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['%%', '%'],
  ['%_', ' '],
  ['%-', '%20'],
]);

function valueOf(letter: string, values: MacroValues): string {
  const { localPart, senderDomain, domain, client, helo } = values;
  switch (letter) {
    case 's':
      return `${localPart}@${senderDomain}`;
    case 'l':
      return localPart;
    case 'o':
      return senderDomain;
    case 'd':
      return domain;
    case 'i':
      return client.family === 4
        ? client.text
        : Array.from(client.bytes, (byte) => byte.toString(16).padStart(2, '0').split(''))
            .flat()
            .join('.');
    case 'v':
      return client.family === 4 ? 'in-addr' : 'ip6';
    case 'h':
      return helo;
    default:
      // What is used where nothing was validated.
      return 'unknown';
  }
}

function transform(
  value: string,
  how: { readonly labels: number; readonly isReversed: boolean; readonly delimiters: string },
): string {
  const parts = [''];
  for (const character of value) {
    if (how.delimiters.includes(character)) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${character}`);
  }
  if (how.isReversed) parts.reverse();
  return parts.slice(how.labels === 0 ? 0 : -how.labels).join('.');
}

/** Capital letters ask for it: all but the unreserved characters of RFC 3986. */
function escapeForUrl(text: string): string {
  // By way of UTF-8, which replaces the half characters that encodeURIComponent would throw at.
  return encodeURIComponent(Buffer.from(text).toString()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
