import { formatClock } from './format-clock.js';
import { fillTemplate, parseTextTemplate, visible } from './text-template.js';
import { formatMailDate } from './mail-date.js';
import type { TemplateContext } from './template-context.js';
import type { TemplateProblem, TextTemplate } from './text-template.js';

/** What the header that tells of a delay may show. */
export interface HeaderValues {
  /** The longest delay among the message's recipients; undefined if none was delayed. */
  readonly delayedMs: number | undefined;
  /** The MTA's own name. */
  readonly host: string;
  /** Of this program. */
  readonly version: string;
  readonly now: number;
  /** Why it was not delayed, in milter-greylist's words; undefined where nobody has looked. */
  readonly reasons?: string | undefined;
  /** What the placeholders of any text show; they are empty without it. */
  readonly context?: TemplateContext | undefined;
}

/** The longest rendering of each placeholder; a host name has at most 253 characters. */
const LONGEST = {
  status: 24,
  delayed: 16,
  host: 253,
  version: 64,
  date: 31,
  'milter-greylist': 480,
} as const satisfies Readonly<Record<string, number>>;

type Placeholder = keyof typeof LONGEST;

/** The value of the header, split at its placeholders. */
export type HeaderTemplate = TextTemplate<Placeholder>;

/** RFC 5322 section 2.1.1 allows lines of 998; the longest name with colon and space takes 66. */
const MAX_VALUE_BYTES = 998 - 66;

/** Reads the header's value, in which `{delayed}` and its like stand for values. */
export function parseHeaderTemplate(
  text: string,
): { readonly ok: HeaderTemplate } | TemplateProblem {
  const spec = { longest: LONGEST, maxBytes: MAX_VALUE_BYTES, holder: 'a line of a header' };
  return parseTextTemplate<Placeholder>(text, spec);
}

/** The value of the header: one line of printable US-ASCII. */
export function renderHeaderTemplate(template: HeaderTemplate, values: HeaderValues): string {
  return fillTemplate(template, (placeholder) => render(placeholder, values), values.context);
}

function render(placeholder: Placeholder, values: HeaderValues): string {
  const { delayedMs } = values;
  switch (placeholder) {
    case 'status':
      return delayedMs === undefined ? 'not delayed' : `delayed ${formatClock(delayedMs)}`;
    case 'delayed':
      return String(Math.floor((delayedMs ?? 0) / 1000));
    case 'date':
      return formatMailDate(values.now);
    case 'milter-greylist':
      return delayedMs === undefined
        ? `${visible(values.reasons, LONGEST['milter-greylist'] - 13)}, not delayed`
        : `Delayed for ${formatClock(delayedMs)}`;
    case 'host':
    case 'version':
      return visible(values[placeholder], LONGEST[placeholder]);
  }
}
