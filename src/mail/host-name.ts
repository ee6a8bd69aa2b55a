import { parseIpAddress } from './ip-address.js';

/** The longest name DNS can carry, as text (RFC 1035 section 2.3.4). */
const MAX_NAME_LENGTH = 253;

const DOT = 0x2e;

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
  for (let i = 0; i < end; i++) {
    const code = text.charCodeAt(i);
    if (!isNameCharacter(code) || (code === DOT && before === DOT)) return undefined;
    before = code;
  }
  const name = text.slice(0, end).toLowerCase();
  return name === 'unknown' || parseIpAddress(name) !== undefined ? undefined : name;
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
