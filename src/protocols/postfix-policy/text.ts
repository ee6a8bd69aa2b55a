import { isUtf8 } from 'node:buffer';

/**
 * Bytes of the wire, already read as latin-1, as text. Valid UTF-8 (SMTPUTF8, RFC 6531) becomes
 * what it stands for; anything else stays latin-1, one character a byte, so that no byte is lost.
 */
export function textFromLatin1(latin1: string): string {
  if (isAscii(latin1)) return latin1;
  const bytes = Buffer.from(latin1, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : latin1;
}

/** Whether all of it is printable ASCII: what can be sent in one line and appear in SMTP. */
export function isPrintable(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

/**
 * Text that Postfix has encoded as xtext (RFC 3461 section 4), decoded: `Wietse+20Venema` is
 * `Wietse Venema`. A `+` that begins no code stays what it is.
 */
export function decodeXtext(text: string): string {
  if (!text.includes('+')) return text;
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return textFromLatin1(
    bytes.replace(/\+([0-9A-Fa-f]{2})/g, (_code, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    ),
  );
}

/** Text as xtext: its UTF-8 bytes that are not printable, blanks, `+` and `=` become codes. */
export function encodeXtext(text: string): string {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return bytes.replace(/[^!-*,-<>-~]/g, (character) => {
    const digits = character.charCodeAt(0).toString(16).toUpperCase();
    return `+${digits.padStart(2, '0')}`;
  });
}

// A loop, because most of what is read is a few dozen characters, and the engine of regular
// expressions takes longer to be called than to look.
function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
