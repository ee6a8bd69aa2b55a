import { parseReplyTemplate } from '../../greylist/reply-template.js';
import type { Place } from '../yaml-text.js';
import type { Context } from './context.js';
import type { FormatPart, FormatString } from './format-string.js';
import { toTemplate } from './template.js';

/** What a client is told; what no MTA would pass on is left out, and told. */
export function replyText(
  { format, place }: { readonly format: FormatString; readonly place: Place },
  then: string,
  { findings }: Context,
): string | undefined {
  const printable = format.parts.map(onlyPrintable);
  if (printable.some((part, index) => part !== format.parts[index])) {
    const problem = 'has characters that are not printable US-ASCII: each of them is a ?';
    findings.note(place, 'msg', problem);
  }
  const waits = then === 'greylist' || then === 'continue';
  const parts = waits ? printable : printable.map(withoutWait);
  const { text, missing } = toTemplate({ ...format, parts });
  if (missing.length > 0) {
    findings.note(place, 'msg', `has ${missing.join(', ')}, which nobody knows here: it is empty`);
  }
  const parsed = parseReplyTemplate(text);
  if ('ok' in parsed) return text;
  findings.note(place, 'msg', `${parsed.problem}: the usual text is said`, parsed.hint);
  return undefined;
}

/** Where nobody waits no time is left to wait, and our own rules refuse to show one. */
function withoutWait(part: FormatPart): FormatPart {
  const isWait = part.kind === 'value' && part.token === 'R';
  return isWait ? { kind: 'literal', text: '00:00:00' } : part;
}

/** The same part if there is nothing else in it. */
function onlyPrintable(part: FormatPart): FormatPart {
  if (part.kind !== 'literal' || /^[\x20-\x7e]*$/.test(part.text)) return part;
  return { kind: 'literal', text: part.text.replace(/[^\x20-\x7e]/gu, '?') };
}
