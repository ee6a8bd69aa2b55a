import { parseReplyTemplate } from '../../greylist/reply-template.js';
import { parseLineTemplate } from '../../greylist/text-template.js';
import type { Place } from '../yaml-text.js';
import type { Context } from './context.js';
import type { Findings } from './findings.js';
import type { FormatPart, FormatString } from './format-string.js';
import { toTemplate } from './template.js';

/** What a client is told; what no MTA would pass on is left out, and told. */
export function replyText(
  { format, place }: { readonly format: FormatString; readonly place: Place },
  then: string,
  { findings }: Context,
): string | undefined {
  const printable = onlyAscii({ kind: 'msg', place }, format, findings);
  const waits = then === 'greylist' || then === 'continue';
  const parts = waits ? printable : printable.map(withoutWait);
  const { text, missing } = toTemplate({ ...format, parts });
  tellMissing({ kind: 'msg', place }, missing, findings);
  const parsed = parseReplyTemplate(text);
  if ('ok' in parsed) return text;
  findings.note(place, 'msg', `${parsed.problem}: the usual text is said`, parsed.hint);
  return undefined;
}

/** Of what a text is. */
export interface TextOwner {
  /** The word before it. */
  readonly kind: string;
  readonly place: Place;
}

/**
 * A text that becomes a line of a header; what no header can have is left out, and told.
 *
 * @param valueOf what of the text is the value of the field
 */
export function lineText(
  owner: TextOwner,
  format: FormatString,
  { findings }: Context,
  valueOf: (text: string) => string = (text) => text,
): string | undefined {
  const { kind, place } = owner;
  const { text, missing } = toTemplate({ ...format, parts: onlyAscii(owner, format, findings) });
  tellMissing(owner, missing, findings);
  const parsed = parseLineTemplate(valueOf(text));
  if ('ok' in parsed) return text;
  const hint = valueOf(text).trim() === '' ? undefined : parsed.hint;
  findings.note(place, kind, `${parsed.problem}, and is left out`, hint);
  return undefined;
}

/** Tells of values that a text cannot have. */
export function tellMissing(
  { kind, place }: TextOwner,
  missing: readonly string[],
  findings: Findings,
): void {
  if (missing.length === 0) return;
  findings.note(place, kind, `has ${missing.join(', ')}, which nobody knows here: it is empty`);
}

function onlyAscii(
  { kind, place }: TextOwner,
  { parts }: FormatString,
  findings: Findings,
): readonly FormatPart[] {
  const printable = parts.map(onlyPrintable);
  if (printable.some((part, index) => part !== parts[index])) {
    const problem = 'has characters that are not printable US-ASCII: each of them is a ?';
    findings.note(place, kind, problem);
  }
  return printable;
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
