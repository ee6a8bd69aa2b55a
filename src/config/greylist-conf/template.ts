import type { FormatPart, FormatString, FormatToken } from './format-string.js';
import type { Stage } from './syntax.js';

/** What stands for a value of milter-greylist's in our texts. */
const PLACEHOLDERS: Readonly<Partial<Record<FormatToken, string>>> = {
  r: 'recipient',
  mr: 'recipient-local-part',
  sr: 'recipient-site',
  f: 'triplet-sender',
  mf: 'triplet-sender-local-part',
  sf: 'triplet-sender-site',
  i: 'client-address',
  j: 'client-reversed',
  d: 'client-name',
  md: 'client-name-first',
  sd: 'client-name-rest',
  h: 'helo',
  S: 'verdict',
  A: 'rule-line',
  a: 'rule',
  cA: 'rule-line',
  ca: 'rule',
  Xc: 'code',
  Xe: 'enhanced',
  Xm: 'reply',
  Xh: 'report',
  E: 'elapsed',
  Et: 'elapsed-total',
  Eh: 'elapsed-hours',
  Em: 'elapsed-minutes',
  Es: 'elapsed-seconds',
  R: 'remaining',
  Rt: 'remaining-total',
  Rh: 'remaining-hours',
  Rm: 'remaining-minutes',
  Rs: 'remaining-seconds',
  G: 'utc-offset',
  v: 'version',
  V: 'version-line',
  t: 'found:tarpit',
  D: 'found:dnsbl',
  C: 'found:country',
  pn: 'found:property',
  pv: 'found:property-value',
  pr: 'recipient',
  Qs: 'found:spf',
  Qd: 'found:dkim',
  QA: 'found:authentication-results',
  QS: 'found:received-spf',
};

/** A text in our own form, and the values that it cannot have. */
export interface Template {
  readonly text: string;
  /** As they were written: `%Fx`. */
  readonly missing: readonly string[];
}

/** Writes a text with `%` values as one with placeholders in braces; a value that there is not is empty. */
export function toTemplate({ parts }: FormatString): Template {
  const missing: string[] = [];
  const text = parts.map((part) => {
    const placeholder = placeholderOf(part);
    if (placeholder === undefined && part.kind === 'value') missing.push(`%${part.token}`);
    return placeholder ?? '';
  });
  return { text: text.join(''), missing };
}

/** What names the recipient; `%pr` is that of a property. */
const OF_RECIPIENT: ReadonlySet<string> = new Set(['r', 'mr', 'sr']);

/** The text as it is for a whole message, which has no recipient: what would name one is empty. */
export function withoutRecipient(format: FormatString): FormatString {
  const isOfOne = (part: FormatPart): boolean =>
    part.kind === 'value' && OF_RECIPIENT.has(part.token);
  return { ...format, parts: format.parts.filter((part) => !isOfOne(part)) };
}

/** The text as the rules of a stage have it. */
export function textAt(stage: Stage, format: FormatString): FormatString {
  return stage === 'data' ? withoutRecipient(format) : format;
}

function placeholderOf(part: FormatPart): string | undefined {
  switch (part.kind) {
    case 'literal':
      return part.text.replace(/[{}]/g, '$&$&');
    case 'value': {
      const name = PLACEHOLDERS[part.token];
      return name === undefined ? undefined : `{${name}}`;
    }
    case 'masked-client':
      return `{client-masked:${part.bits}}`;
    case 'macro':
      return `{macro:${part.name}}`;
    case 'time':
      return part.format === '' ? '' : `{time:${part.format}}`;
    case 'group':
      return `{group:${part.number}}`;
    case 'property':
      return `{property:${part.name}}`;
  }
}

/** The text if it has no values in it. */
export function plainText({ parts }: FormatString): string | undefined {
  const literals = parts.map((part) => (part.kind === 'literal' ? part.text : undefined));
  return literals.includes(undefined) ? undefined : literals.join('');
}
