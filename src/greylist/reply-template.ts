import { formatClock } from './format-clock.js';
import { MAX_REPLY_BYTES } from './reply-lines.js';
import { fillTemplate, parseTextTemplate, visible } from './text-template.js';
import type { TemplateContext } from './template-context.js';
import type { TemplateProblem, TextTemplate } from './text-template.js';

/** What a reply's text may show. Values from the wire come as they are; rendering makes them safe. */
export interface ReplyValues {
  /** How long the client should wait before it tries again. */
  readonly waitMs: number;
  readonly delayMs: number;
  readonly client: string | undefined;
  readonly name: string | undefined;
  /** Empty for the null sender. */
  readonly from: string;
  readonly to: string;
  readonly id: string | undefined;
  /** The MTA's own name, macro `j`. */
  readonly host: string | undefined;
  /** The DNS lists that a rule has found the client in. */
  readonly dnsbl?: string | undefined;
  /** What the placeholders of any text show; they are empty without it. */
  readonly context?: TemplateContext | undefined;
}

/** Enough to recognise an address or a name by, short enough for several of them in one line. */
const MAX_VALUE_LENGTH = 80;

/** Keeps a number at seven digits, whatever clock it came from; over a hundred days. */
const MAX_NUMBER = 9_999_999;

/** The longest rendering of each placeholder; an IPv6 address has at most 45 characters. */
const LONGEST = {
  wait: 7,
  minutes: 7,
  remaining: 13,
  delay: 7,
  client: 45,
  name: MAX_VALUE_LENGTH,
  from: MAX_VALUE_LENGTH,
  to: MAX_VALUE_LENGTH,
  domain: MAX_VALUE_LENGTH,
  id: MAX_VALUE_LENGTH,
  host: MAX_VALUE_LENGTH,
  dnsbl: MAX_VALUE_LENGTH,
} as const satisfies Readonly<Record<string, number>>;

type Placeholder = keyof typeof LONGEST;

/** A reply's text, split at its placeholders. */
export type ReplyTemplate = TextTemplate<Placeholder>;

/**
 * Reads a reply's text, in which `{wait}` and its like stand for values, `{{` and `}}` for a brace.
 *
 * What an MTA chokes on is refused here, so that a reply is never replaced by an MTA's own, which
 * in Sendmail may be a permanent error: line ends and control characters, what is not US-ASCII
 * (Sendmail strips the eighth bit), a text without words, and one that may become longer than a
 * reply of several lines should be. A `%` is fine: the protocol's encoder doubles it.
 */
export function parseReplyTemplate(text: string): { readonly ok: ReplyTemplate } | TemplateProblem {
  const spec = { longest: LONGEST, maxBytes: MAX_REPLY_BYTES, holder: 'a reply' };
  return parseTextTemplate<Placeholder>(text, spec);
}

function count(value: number, unit: number): string {
  return String(Math.min(Math.max(Math.ceil(value / unit), 1), MAX_NUMBER));
}

/** What stands behind the `@`; all of an address without one, as of `postmaster`. */
function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

function render(placeholder: Placeholder, values: ReplyValues): string {
  switch (placeholder) {
    case 'wait':
      return count(values.waitMs, 1000);
    case 'minutes':
      return count(values.waitMs, 60_000);
    case 'remaining':
      return formatClock(Math.ceil(values.waitMs / 1000) * 1000);
    case 'delay':
      return count(values.delayMs, 1000);
    case 'client':
      return visible(values.client, LONGEST.client);
    case 'from':
      return values.from === '' ? '<>' : visible(values.from, MAX_VALUE_LENGTH);
    case 'domain':
      return visible(domainOf(values.to), MAX_VALUE_LENGTH);
    case 'name':
    case 'to':
    case 'id':
    case 'host':
    case 'dnsbl':
      return visible(values[placeholder], MAX_VALUE_LENGTH);
  }
}

/** The text with its values: printable US-ASCII, as short as the template promised. */
export function renderReplyTemplate(template: ReplyTemplate, values: ReplyValues): string {
  const isGeneral = template.placeholders.some((placeholder) => typeof placeholder !== 'string');
  const context = isGeneral ? values.context : undefined;
  return fillTemplate(template, (placeholder) => render(placeholder, values), context);
}
