import { readDottedQuad } from './ip-text.js';

/** The longest name DNS can carry, as text (RFC 1035 section 2.3.4). */
const MAX_NAME_LENGTH = 253;

const DOT = 0x2e;
const UPPER_A = 0x41;
const UPPER_Z = 0x5a;

/**
 * The client's name as far as the MTA vouches for it: lower case, no final dot.
 *
 * @returns undefined where the MTA says in its way that there is none: nothing, `unknown` (Postfix),
 *   `[192.0.2.1]`, `[IPv6:…]`, an address; and for what no resolver could have confirmed, such as
 *   blanks, control characters, bytes beyond ASCII or two dots in a row, so that a name is harmless
 *   wherever it is shown.
 */
export function verifiedName(text: string): string | undefined {
  const end = text.endsWith('.') ? text.length - 1 : text.length;
  if (end === 0 || end > MAX_NAME_LENGTH) return undefined;
  let before = DOT;
  let hasUpperCase = false;
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    if (!isNameCharacter(code) || (code === DOT && before === DOT)) return undefined;
    if (code >= UPPER_A && code <= UPPER_Z) hasUpperCase = true;
    before = code;
  }
  const written = text.slice(0, end);
  const name = hasUpperCase ? written.toLowerCase() : written;
  // What is made of these characters is no address of IPv6.
  return name === 'unknown' || readDottedQuad(name, 0, end) !== undefined ? undefined : name;
}

/** Letters, digits, `-` and `.` as RFC 1123 has them, and `_`, which reverse zones do contain. */
function isNameCharacter(code: number): boolean {
  const letter = code | 0x20;
  return (
    (letter >= 0x61 && letter <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === DOT ||
    code === 0x5f
  );
}
