import { parseIpAddress } from '../../mail/ip-address.js';
import { parseNetwork } from '../../mail/network.js';
import { readPattern } from './operands.js';
import type { Reader } from './reader.js';
import type { NetworkValue, PatternValue, TextOrPattern } from './syntax.js';
import { RESERVED_WORDS } from './words.js';

const IP = /[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(?:%[A-Za-z0-9]+)?|[0-9]+(?:\.[0-9]+){3}(?![A-Za-z0-9_-])/y;
const PREFIX = /\/[0-9]+(?![A-Za-z0-9_.])/y;
const NETMASK = /\/[0-9]+(?:\.[0-9]+){3}/y;
const MAILBOX = /(?:[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]+|"[^"\s]+")@[A-Za-z0-9._-]+/y;
const DOMAIN = /[A-Za-z0-9._-]+/y;
const HOST = /[^ \t\n"#]+/y;

const IP_HINT = 'write 192.0.2.1 or 2001:db8::1';

/** An address without brackets, canonical. */
export function readIp(reader: Reader, what: string): string {
  const { lexer } = reader;
  const start = lexer.offset;
  const shown = lexer.shown();
  const written = lexer.take(IP) ?? '';
  const address = parseIpAddress(written.replace(/%.*/, ''));
  if (address === undefined) return lexer.fail(`has ${shown} for ${what}`, IP_HINT, start);
  if (address.family === 4 && written.includes(':')) {
    const hint = `it is ${address.text} here: write that`;
    reader.note('has an IPv4 address in IPv6 form, which milter-greylist refuses', hint, start);
  }
  return address.text;
}

/** An address with or without a length, which may have blanks before it. */
export function readNetwork(reader: Reader): NetworkValue {
  const { lexer } = reader;
  const place = lexer.place();
  const start = lexer.offset;
  const isMapped = lexer.sees(/::ffff:/iy);
  const address = readIp(reader, 'an address');
  const mask = lexer.take(NETMASK);
  if (mask !== undefined) {
    lexer.fail(`has the mask ${mask}`, `write how many bits it has: /${bitsOfMask(mask)}`, start);
  }
  const prefix = lexer.take(PREFIX)?.slice(1);
  const width = address.includes(':') ? 128 : 32;
  // Of an IPv4 address in IPv6 form, the first 96 bits are no part any more.
  const bits = prefix === undefined ? width : Number(prefix) - (isMapped ? 96 : 0);
  const network = parseNetwork(`${address}/${bits}`);
  if (network !== undefined) return { kind: 'network', text: network.text, place };
  return lexer.fail(`has /${prefix ?? ''} for a length`, `write at most /${width}`, start);
}

/** How many bits are set in `/255.255.0.0`. */
function bitsOfMask(mask: string): number {
  const octets = mask.slice(1).split('.');
  return octets
    .map((octet) => Number(octet).toString(2))
    .join('')
    .replaceAll('0', '').length;
}

/** `/24`; above the width of an address milter-greylist masks all of it away. */
export function readBits(reader: Reader, width: number): number {
  const { lexer } = reader;
  const start = lexer.offset;
  const shown = lexer.shown();
  const written = lexer.take(PREFIX);
  if (written === undefined) {
    const hint = `write /${/^"(\d+)"$/.exec(shown)?.[1] ?? '24'}`;
    return lexer.fail(`has ${shown} for a length`, hint, start);
  }
  const bits = Number(written.slice(1));
  if (bits <= width) return bits;
  const problem = `has ${written}, with which all addresses are the same to milter-greylist`;
  return lexer.fail(problem, `write a number up to /${width}, or /0 if that is meant`, start);
}

/** `user@example.org` or a pattern. */
export function readMailbox(reader: Reader): TextOrPattern {
  const pattern = readPattern(reader);
  if (pattern !== undefined) return pattern;
  const { lexer } = reader;
  const place = lexer.place();
  const shown = lexer.shown();
  const text = lexer.take(MAILBOX);
  // What is glued to it would be taken for the next word.
  if (text !== undefined && !lexer.sees(/(?<=[^\s])[[<>@]/y)) {
    if (/^\*+@/.test(text)) noteOfStar(reader, text, place);
    return { kind: 'text', text, place };
  }
  return lexer.fail(`has ${shown} for an address`, mailboxHint(shown.replace(/^"(.*)"$/, '$1')));
}

function noteOfStar(reader: Reader, text: string, place: TextOrPattern['place']): void {
  const domain = text.slice(text.indexOf('@')).replaceAll('.', '\\.');
  const problem = `has "${text}", in which * is a letter like others: it is that one address`;
  reader.notes.push({ place, problem, hint: `for all of a domain write /${domain}>$/` });
}

function mailboxHint(written: string): string {
  if (written === '<>') return 'write /^<>$/ for the sender of bounces';
  const inBrackets = /^<([^<>]+@[\w.-]+)>$/.exec(written)?.[1];
  if (inBrackets !== undefined) return `write ${inBrackets}, without brackets`;
  const domain = /^@([\w.-]+)$/.exec(written)?.[1];
  if (domain !== undefined) return `write /@${domain.replaceAll('.', '\\.')}>$/ for a domain`;
  return 'write user@example.org, or a pattern: /@example\\.org>$/, /^<postmaster@/';
}

/** The name of a host or domain, or a pattern. */
export function readDomain(reader: Reader): TextOrPattern {
  return readPattern(reader) ?? readPlainDomain(reader);
}

function readPlainDomain(reader: Reader): Exclude<TextOrPattern, PatternValue> {
  const { lexer } = reader;
  const start = lexer.offset;
  const shown = lexer.shown();
  if (lexer.sees(/"/y)) lexer.fail(`has ${shown} in quotes for a domain`, 'write it without them');
  const text = lexer.take(DOMAIN);
  if (text === undefined || !isDomain(text)) {
    const hint = text === undefined ? domainHint(shown) : `write /^${text}$/ for the name`;
    return lexer.fail(`has ${shown} for a domain`, hint, start);
  }
  return { kind: 'text', text, place: lexer.place(start) };
}

function domainHint(shown: string): string {
  const below = /^"\*(\.[\w.-]+)"$/.exec(shown)?.[1];
  return below === undefined
    ? 'write it bare: example.org'
    : `write ${below}: it is what names end with`;
}

/** Numbers, durations, addresses and the language's own words are no domains to it. */
function isDomain(text: string): boolean {
  if (/^-?\d+[kMsmhdw]?$/.test(text) || RESERVED_WORDS.has(text.toLowerCase())) return false;
  return parseIpAddress(text) === undefined;
}

/** Without quotes: a name or an address. */
export function readHost(reader: Reader): string {
  const { lexer } = reader;
  const shown = lexer.shown();
  const text = lexer.take(HOST);
  if (text !== undefined && /^[A-Za-z0-9._:%-]+$/.test(text)) return text;
  return lexer.fail(`has ${shown} for a host`, 'write its name or address, without quotes');
}

/** The zone of a DNS list, without quotes. */
export function readZone(reader: Reader): string {
  return readPlainDomain(reader).text;
}
