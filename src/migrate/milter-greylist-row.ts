import { parseIpAddress } from '../mail/ip-address.js';
import type { IpAddress } from '../mail/ip-address.js';

/** A line of milter-greylist's dump file. Instants are epoch milliseconds. */
export type MilterGreylistRow =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'waiting' | 'known' | 'tarpit';
      readonly client: IpAddress;
      /** Without brackets; empty for the null sender. */
      readonly sender: string;
      readonly recipient: string;
      /** When it may pass; of a known one, when it ends. */
      readonly at: number;
    }
  | { readonly kind: 'malformed' };

/** A word, or an address whose local part is in quotes and may have blanks in them. */
const TOKEN = /<?"(?:[^"\\]|\\.)*"\S*|\S+/g;

/**
 * Reads a line of any version from 1.0 to 4.6; a comment may begin wherever a field may:
 *
 *     192.0.2.10   <a@s.example>  <b@r.example>  1795230383 # 2026-11-21 03:06:23
 *     192.0.2.11   <>             <c@r.example>  1795233982 AUTO # 2026-11-21 04:06:22
 *     2001:db8::1  <a@s.example>  <b@r.example>  1795231002 0 TARPIT
 *
 * Addresses are whatever stands between blanks, for milter-greylist writes no blank into one: what its
 * own reader loses, domain literals, commas, UTF-8 and their like, is read here. Brackets may be missing.
 */
export function readMilterGreylistRow(line: string): MilterGreylistRow {
  const fields = fieldsOf(line);
  if (fields.length === 0) return { kind: 'nothing' };
  const [ip = '', from = '', to = '', time = '', ...marks] = fields;
  const client = parseIpAddress(ip.replace(/%.*$/, ''));
  const kind = kindOf(marks);
  const recipient = withoutBrackets(to);
  const isSound = from !== '' && recipient !== '' && /^-?\d{1,20}$/.test(time);
  if (client === undefined || kind === undefined || !isSound) return { kind: 'malformed' };
  return { kind, client, sender: withoutBrackets(from), recipient, at: Number(time) * 1000 };
}

function fieldsOf(line: string): readonly string[] {
  const fields: string[] = [];
  for (const [token] of line.matchAll(TOKEN)) {
    if (token.startsWith('#')) break;
    fields.push(token);
  }
  return fields;
}

/** What stands behind the time. */
function kindOf(marks: readonly string[]): 'waiting' | 'known' | 'tarpit' | undefined {
  const written = marks.join(' ').toUpperCase();
  if (written === '') return 'waiting';
  if (written === 'AUTO') return 'known';
  return /^-?\d+ TARPIT$/.test(written) ? 'tarpit' : undefined;
}

function withoutBrackets(address: string): string {
  return address.replace(/^</, '').replace(/>$/, '');
}
