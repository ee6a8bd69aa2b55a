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

/** {@link textFromLatin1} for a part of a buffer. */
export function decodeText(buffer: Buffer, start: number, end: number): string {
  return start === end ? '' : textFromLatin1(buffer.toString('latin1', start, end));
}

// A loop, because most of what is read is a few dozen characters, and the engine of regular
// expressions takes longer to be called than to look.
function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
