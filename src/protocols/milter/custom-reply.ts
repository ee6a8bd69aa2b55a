import { MilterProtocolError } from './errors.js';
import { encodePacket } from './packet-writer.js';
import type { Reply } from './replies.js';

/** A custom SMTP reply. */
export interface CustomReplyParts {
  /** 400 to 599. A 421 makes the MTA close the SMTP connection. */
  readonly code: number;
  /** RFC 3463, `4.7.1`; its class must be that of the code. Sendmail adds one if there is none. */
  readonly enhanced?: string | undefined;
  /** One text, or one for each line. */
  readonly text: string | readonly string[];
}

/** Sent where nothing printable is left of a text. */
const emptyText = 'Please try again later';
/** libmilter takes 32 lines of 980 bytes; SMTP clients are safe with 512 bytes (RFC 5321 4.5.3.1.5). */
const maxLines = 32;
const maxLineBytes = 450;

/**
 * The `replycode` answer in the one grammar that Sendmail and Postfix, old and new, all take as
 * meant: the same code on each line, CRLF between lines, printable US-ASCII, one NUL at the end.
 * `%` is doubled: a single one makes Sendmail send a permanent 550 instead, which happens easily with
 * addresses like `user%domain@relay`. Other text is made printable, because Sendmail strips eighth
 * bits and CR or LF would forge replies. Long lines are cut.
 *
 * @throws MilterProtocolError MILTER_REPLY_INVALID for a code or class that an MTA would turn into
 *   something else (Postfix drops the filter for the session)
 */
export function customReply(parts: CustomReplyParts): Reply<'replycode'> {
  const { code, enhanced } = parts;
  if (!Number.isInteger(code) || code < 400 || code > 599) {
    throw new MilterProtocolError('MILTER_REPLY_INVALID', `reply code ${code} is not 4xx or 5xx`);
  }
  if (enhanced !== undefined && !fitsClass(code, enhanced)) {
    throw new MilterProtocolError(
      'MILTER_REPLY_INVALID',
      `enhanced status code ${enhanced} does not fit reply code ${code}`,
    );
  }
  const given = typeof parts.text === 'string' ? [parts.text] : parts.text;
  const clean = given.slice(0, maxLines).map(printable);
  const lines = clean.some((line) => line !== '') ? clean : [emptyText];
  const status = statusBefore(lines, code, enhanced);
  const text = lines
    .map((line, index) => `${code}${index === lines.length - 1 ? ' ' : '-'}${status}${line}`)
    .join('\r\n');
  return { kind: 'replycode', bytes: encodePacket('y', `${text}\0`) };
}

// Postfix reads a digit at the start of the text as the class of an enhanced code, and drops a filter
// whose class does not fit: `451 10 minutes` needs one of its own.
function statusBefore(lines: readonly string[], code: number, enhanced?: string): string {
  if (enhanced !== undefined) return `${enhanced} `;
  const replyClass = String(code).charAt(0);
  const isMisread = lines.some((line) => /^\d/.test(line) && !line.startsWith(replyClass));
  return isMisread ? `${replyClass}.0.0 ` : '';
}

function fitsClass(code: number, enhanced: string): boolean {
  return /^[45]\.\d{1,3}\.\d{1,3}$/.test(enhanced) && enhanced.charAt(0) === String(code).charAt(0);
}

function printable(text: string): string {
  const clean = text
    .replace(/[\r\n\t]+/g, ' ')
    .replace(/\0/g, '')
    .replace(/[^\x20-\x7e]/gu, '?');
  return clean.slice(0, maxLineBytes).replaceAll('%', '%%').trim();
}
