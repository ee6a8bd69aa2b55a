import { parseReplyTemplate } from '../../greylist/reply-template.js';
import type { Place } from '../yaml-text.js';
import type { Context } from './context.js';
import type { FormatPart, FormatString } from './format-string.js';
import { toTemplate } from './template.js';

/** What a client is told; what no MTA would pass on is left out, and told. */
export function replyText(
  format: FormatString,
  place: Place,
  { findings }: Context,
): string | undefined {
  const plain = { ...format, parts: format.parts.map(onlyPrintable) };
  if (plain.parts.some((part, index) => part !== format.parts[index])) {
    const problem = 'has characters that are not printable US-ASCII: each of them is a ?';
    findings.note(place, 'msg', problem);
  }
  const { text, missing } = toTemplate(plain);
  if (missing.length > 0) {
    findings.note(place, 'msg', `has ${missing.join(', ')}, which nobody knows here: it is empty`);
  }
  const parsed = parseReplyTemplate(text);
  if ('ok' in parsed) return text;
  findings.note(place, 'msg', `${parsed.problem}: the usual text is said`, parsed.hint);
  return undefined;
}

/** The same part if there is nothing else in it. */
function onlyPrintable(part: FormatPart): FormatPart {
  if (part.kind !== 'literal' || /^[\x20-\x7e]*$/.test(part.text)) return part;
  return { kind: 'literal', text: part.text.replace(/[^\x20-\x7e]/gu, '?') };
}
