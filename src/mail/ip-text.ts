/**
 * Reading addresses character by character: this runs for every session and for every stored
 * source that is listed, and a pattern would cost several times as much.
 */

const DOT = 0x2e;
const COLON = 0x3a;
const ZERO = 0x30;
const NINE = 0x39;

/** Four decimal octets between two offsets of a text; undefined if that is not what is there. */
export function readDottedQuad(text: string, start: number, end: number): Uint8Array | undefined {
  if (end - start < 7 || end - start > 15) return undefined;
  // Names are asked about as well, and need no room for octets.
  if (!isDigit(text.charCodeAt(start))) return undefined;
  const bytes = new Uint8Array(4);
  let octet = 0;
  let octetStart = start;
  let value = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (i === octetStart || octet === 3) return undefined;
      bytes[octet++] = value;
      value = 0;
      octetStart = i + 1;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    if (value === 0 && i > octetStart) return undefined;
    value = value * 10 + digit;
    if (value > 255) return undefined;
  }
  if (octet !== 3 || octetStart === end) return undefined;
  bytes[3] = value;
  return bytes;
}

/**
 * The 16 bytes of an IPv6 address between two offsets of a text (RFC 4291 section 2.2, all three
 * forms); undefined if that is not what is there.
 */
export function readIpv6(text: string, start: number, end: number): Uint8Array | undefined {
  const bytes = new Uint8Array(16);
  let at = 0;
  let gapAt = -1;
  let i = start;
  if (text.charCodeAt(i) === COLON) {
    if (text.charCodeAt(i + 1) !== COLON) return undefined;
    i += 1;
  }
  while (i < end) {
    if (text.charCodeAt(i) === COLON) {
      if (gapAt !== -1) return undefined;
      gapAt = at;
      i += 1;
      continue;
    }
    const groupEnd = endOfGroup(text, i, end);
    if (text.charCodeAt(groupEnd) === DOT && groupEnd < end) {
      at = writeQuad(bytes, at, readDottedQuad(text, i, end));
      i = end;
    } else {
      at = writeGroup(bytes, at, text.slice(i, groupEnd));
      i = afterColon(text, groupEnd, end);
    }
    if (at === -1 || i === -1) return undefined;
  }
  if (gapAt === -1) return at === 16 ? bytes : undefined;
  if (at === 16) return undefined;
  bytes.copyWithin(16 - (at - gapAt), gapAt, at);
  bytes.fill(0, gapAt, 16 - (at - gapAt));
  return bytes;
}

function endOfGroup(text: string, start: number, end: number): number {
  let i = start;
  while (i < end && isHexDigit(text.charCodeAt(i))) i += 1;
  return i;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function isHexDigit(code: number): boolean {
  const letter = code | 0x20;
  return isDigit(code) || (letter >= 0x61 && letter <= 0x66);
}

/** @returns where the next group goes; -1 if this one is none, or one too many. */
function writeGroup(bytes: Uint8Array, at: number, digits: string): number {
  if (digits.length === 0 || digits.length > 4 || at > 14) return -1;
  const value = Number.parseInt(digits, 16);
  bytes[at] = value >> 8;
  bytes[at + 1] = value & 0xff;
  return at + 2;
}

function writeQuad(bytes: Uint8Array, at: number, quad: Uint8Array | undefined): number {
  if (quad === undefined || at > 12) return -1;
  bytes.set(quad, at);
  return at + 4;
}

/** @returns where the next group begins; -1 if there is no colon, or nothing behind it. */
function afterColon(text: string, at: number, end: number): number {
  if (at === end) return end;
  return text.charCodeAt(at) === COLON && at + 1 < end ? at + 1 : -1;
}
