/** An MTA's reply (RFC 5321 4.2, RFC 2034). */
export interface SmtpReply {
  readonly code: number;
  /** The enhanced status code of the last line, such as `4.7.1`. */
  readonly enhanced: string | undefined;
  /** The text of all lines, without codes, joined by `\n`. */
  readonly text: string;
  /** The lines as they came, without their ends. */
  readonly lines: readonly string[];
}

const LINE = /^(\d{3})([- ]?)(?:([245]\.\d{1,3}\.\d{1,3})(?: |$))?(.*)$/;

/** Takes the first complete reply off what was received; undefined if it is not complete yet. */
export function parseReply(
  received: string,
): { readonly reply: SmtpReply; readonly rest: string } | undefined {
  const lines: string[] = [];
  const texts: string[] = [];
  let rest = received;
  for (;;) {
    const end = rest.indexOf('\n');
    if (end < 0) return undefined;
    const line = rest.slice(0, end).replace(/\r$/, '');
    rest = rest.slice(end + 1);
    const [, code, separator, enhanced, text] = LINE.exec(line) ?? [];
    if (code === undefined) throw new Error(`not an SMTP reply: ${line}`);
    lines.push(line);
    texts.push(text ?? '');
    if (separator === '-') continue;
    return { reply: { code: Number(code), enhanced, text: texts.join('\n'), lines }, rest };
  }
}

/** The message as DATA carries it: CRLF, leading dots doubled, the final dot (RFC 5321 4.5.2). */
export function stuffDots(message: string): string {
  const lines = message.replace(/\r?\n$/, '').split(/\r?\n/);
  const stuffed = lines.map((line) => (line.startsWith('.') ? `.${line}` : line));
  return `${stuffed.join('\r\n')}\r\n.\r\n`;
}

/** Escapes what an XCLIENT value may not contain (RFC 3461 4). */
export function encodeXtext(value: string): string {
  return Array.from(Buffer.from(value), (byte) => {
    const plain = byte > 0x20 && byte < 0x7f && byte !== 0x2b && byte !== 0x3d;
    const hex = byte.toString(16).toUpperCase().padStart(2, '0');
    return plain ? String.fromCharCode(byte) : `+${hex}`;
  }).join('');
}
