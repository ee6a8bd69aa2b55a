import { isIPv4, isIPv6, SocketAddress } from 'node:net';
import type {
  BodyEvent,
  ConnectEvent,
  EmptyEvent,
  EnvelopeEvent,
  HeaderEvent,
  HeloEvent,
  MacroEvent,
  Offer,
  UnknownEvent,
} from './events.js';
import { MilterProtocolError } from './errors.js';
import type { PayloadReader } from './payload-reader.js';

const nothing: EmptyEvent = Object.freeze({});
const noArguments: readonly string[] = Object.freeze([]);
/** The byte of each family of addresses. */
export const familyBytes = { inet: 0x34, inet6: 0x36, unix: 0x4c, unknown: 0x55 } as const;

/** `00000006 000001ff 001fffff`; what follows the three words is ignored. */
export function decodeOffer(reader: PayloadReader): Offer {
  if (reader.remaining < 12) {
    throw new MilterProtocolError(
      'MILTER_OFFER_UNUSABLE',
      `negotiation of ${reader.remaining} bytes, 12 are needed`,
    );
  }
  return {
    version: reader.readUint32(),
    actions: reader.readUint32(),
    steps: reader.readUint32(),
  };
}

/** `C j NUL mx.example NUL _ NUL localhost [127.0.0.1] NUL`; the stage byte alone is common. */
export function decodeMacro(reader: PayloadReader): MacroEvent {
  const command = reader.remaining === 0 ? 0 : reader.readByte();
  return { command, pairs: reader.readRestAsLatin1() };
}

/**
 * `mail.example NUL 4 c24c 192.0.2.7 NUL`; ends after `U`. Anything cut short, and Postfix's
 * address `unknown` with family 4 (XCLIENT without an address), is family `unknown`: a filter that
 * closes here would lose mail.
 */
export function decodeConnect(reader: PayloadReader): ConnectEvent {
  const hostName = reader.readString();
  const family = reader.remaining === 0 ? 0 : reader.readByte();
  if (reader.remaining < 2) return { hostName, family: 'unknown', port: 0, address: '' };
  const port = reader.readUint16();
  const address = reader.readString();
  if (family === familyBytes.unix) return { hostName, family: 'unix', port, address };
  if (family === familyBytes.inet && isIPv4(address)) {
    return { hostName, family: 'inet', port, address };
  }
  if (family === familyBytes.inet || family === familyBytes.inet6) {
    return { hostName, port, ...canonicalAddress(address) };
  }
  return { hostName, family: 'unknown', port: 0, address: '' };
}

// Sendmail writes IPv6 addresses uncompressed with a prefix, Postfix compressed without one.
function canonicalAddress(text: string): Pick<ConnectEvent, 'family' | 'address'> {
  const bare = /^ipv6:/i.test(text) ? text.slice(5) : text;
  if (isIPv4(bare)) return { family: 'inet', address: bare };
  if (!isIPv6(bare) || bare.includes('%')) return { family: 'unknown', address: '' };
  const { address } = new SocketAddress({ family: 'ipv6', address: bare });
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  return mapped === undefined ? { family: 'inet6', address } : { family: 'inet', address: mapped };
}

/** `client.example NUL` */
export function decodeHelo(reader: PayloadReader): HeloEvent {
  return { name: reader.readString() };
}

/** `<sender@client.example> NUL SIZE=1000 NUL`; a single NUL is the null sender. */
export function decodeEnvelope(reader: PayloadReader): EnvelopeEvent {
  const first = reader.readString();
  const end = addressEnd(first);
  if (reader.remaining === 0 && end === first.length) return { address: first, args: noArguments };
  const args = end === first.length ? [] : wordsOf(first.slice(end));
  while (reader.remaining > 0) args.push(reader.readString());
  return { address: first.slice(0, end), args };
}

function wordsOf(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

const [quote, lessThan, greaterThan, backslash] = [0x22, 0x3c, 0x3e, 0x5c];

// Sendmail built with SMTPUTF8 before 8.18 puts the arguments behind the address, in its string.
function addressEnd(text: string): number {
  if (text.charCodeAt(0) !== lessThan) return text.length;
  let quoted = false;
  for (let at = 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quoted && code === backslash) at++;
    else if (code === quote) quoted = !quoted;
    else if (code === greaterThan && !quoted) return at + 1;
  }
  return text.length;
}

/** `Subject NUL hello NUL`; a missing second string is an empty value. */
export function decodeHeader(reader: PayloadReader): HeaderEvent {
  return { name: reader.readString(), value: reader.readString() };
}

/** Raw bytes, without a NUL. The protocol lets the end of the message carry a last chunk as well. */
export function decodeBody(reader: PayloadReader): BodyEvent {
  return { chunk: reader.readRest() };
}

/** `FOO bar NUL` */
export function decodeUnknown(reader: PayloadReader): UnknownEvent {
  return { line: reader.readString() };
}

/** Nothing; both MTAs send these commands without a payload, and one would mean nothing. */
export function decodeNothing(): EmptyEvent {
  return nothing;
}
