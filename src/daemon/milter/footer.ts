import type { MessageFacts } from '../../rules/facts.js';
import type { KeptBody } from '../answers/kept-body.js';

const LINE_FEED = 0x0a;
const lineEnd = Buffer.from('\r\n');

/**
 * A body with a text behind it, on a line of its own; undefined where it cannot be put there: where
 * not all of the body was kept, and where what stands behind would not be seen, or break the mail
 * (several parts, base64).
 */
export function withFooter(
  headers: MessageFacts['headers'],
  body: KeptBody,
  footer: string,
): Buffer | undefined {
  if (!body.isWhole || footer === '') return undefined;
  const type = valueOf(headers, 'content-type');
  const encoding = valueOf(headers, 'content-transfer-encoding').trim();
  if (/^\s*(?!text\/)\S/i.test(type) || /^base64$/i.test(encoding)) return undefined;
  const lines = `${footer.replace(/\r?\n/g, '\r\n').replace(/(?:\r\n)?$/, '')}\r\n`;
  const { bytes } = body;
  const isOpen = bytes.length > 0 && bytes.at(-1) !== LINE_FEED;
  const encoded = /^quoted-printable$/i.test(encoding) ? quoted(lines) : Buffer.from(lines);
  return Buffer.concat([bytes, isOpen ? lineEnd : Buffer.alloc(0), encoded]);
}

function valueOf(headers: MessageFacts['headers'], wanted: string): string {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
}

/** RFC 2045 section 6.7, but for the length of lines. */
function quoted(text: string): Buffer {
  const bytes = [...Buffer.from(text)].map((byte) =>
    byte === 0x3d || byte > 0x7e
      ? `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
      : String.fromCharCode(byte),
  );
  return Buffer.from(bytes.join('').replace(/ \r\n/g, '=20\r\n'));
}
