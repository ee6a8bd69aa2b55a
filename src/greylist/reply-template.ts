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
}

type Placeholder =
  'wait' | 'minutes' | 'delay' | 'client' | 'name' | 'from' | 'to' | 'id' | 'host' | 'dnsbl';

/** A reply's text, split at its placeholders: a literal before each of them and one at the end. */
export interface ReplyTemplate {
  /** As it was written. */
  readonly text: string;
  readonly literals: readonly string[];
  readonly placeholders: readonly Placeholder[];
}

/**
 * 450 bytes on one line are what every MTA passes on; the rest of those is the longest code before
 * the text, `451 4.999.999 `.
 */
const MAX_TEXT_BYTES = 450 - 14;

/** Enough to recognise an address or a name by, short enough for several of them in one line. */
const MAX_VALUE_LENGTH = 80;

/** Keeps a number at seven digits, whatever clock it came from; over a hundred days. */
const MAX_NUMBER = 9_999_999;

/** The longest rendering of each placeholder; an IPv6 address has at most 45 characters. */
const LONGEST: Readonly<Record<Placeholder, number>> = {
  wait: 7,
  minutes: 7,
  delay: 7,
  client: 45,
  name: MAX_VALUE_LENGTH,
  from: MAX_VALUE_LENGTH,
  to: MAX_VALUE_LENGTH,
  id: MAX_VALUE_LENGTH,
  host: MAX_VALUE_LENGTH,
  dnsbl: MAX_VALUE_LENGTH,
};

const KNOWN = Object.keys(LONGEST)
  .map((name) => `{${name}}`)
  .join(', ');

function isPlaceholder(name: string): name is Placeholder {
  return Object.hasOwn(LONGEST, name);
}

type Split = Omit<ReplyTemplate, 'text'>;
type Problem = { readonly problem: string; readonly hint?: string };

function split(text: string): Split | Problem {
  const literals: string[] = [];
  const placeholders: Placeholder[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    const char = text.charAt(at);
    const end = text.indexOf('}', at);
    if ((char === '{' || char === '}') && text.charAt(at + 1) === char) {
      literal += char;
      at += 2;
    } else if (char !== '{') {
      literal += char;
      at += 1;
    } else if (end < 0) {
      return { problem: 'has a { without a }', hint: 'write {{ for a brace that is only a brace' };
    } else {
      const name = text.slice(at + 1, end);
      if (!isPlaceholder(name)) {
        return { problem: `has an unknown placeholder {${name}}`, hint: `there are ${KNOWN}` };
      }
      literals.push(literal);
      placeholders.push(name);
      literal = '';
      at = end + 1;
    }
  }
  return { literals: [...literals, literal], placeholders };
}

/**
 * Reads a reply's text, in which `{wait}` and its like stand for values, `{{` and `}}` for a brace.
 *
 * What an MTA chokes on is refused here, so that a reply is never replaced by an MTA's own, which
 * in Sendmail may be a permanent error: line ends and control characters, what is not US-ASCII
 * (Sendmail strips the eighth bit), a text without words, and one that may become longer than a
 * reply line should be. A `%` is fine: the protocol's encoder doubles it.
 */
export function parseReplyTemplate(text: string): { readonly ok: ReplyTemplate } | Problem {
  if (/[\r\n]/.test(text)) return { problem: 'has more than one line', hint: 'write it on one' };
  if (!/^[\x20-\x7e]*$/.test(text)) {
    return { problem: 'has a character that is not printable US-ASCII', hint: 'MTAs garble it' };
  }
  const parts = split(text);
  if ('problem' in parts) return parts;
  if (text.trim() === '') return { problem: 'is empty', hint: 'leave it out for the usual words' };
  let longest = 0;
  for (const literal of parts.literals) longest += literal.length;
  for (const placeholder of parts.placeholders) longest += LONGEST[placeholder];
  if (longest > MAX_TEXT_BYTES) {
    const problem = `may become ${longest} bytes long`;
    return { problem, hint: `a reply line holds ${MAX_TEXT_BYTES}: shorten it` };
  }
  return { ok: { text, ...parts } };
}

function count(value: number, unit: number): string {
  return String(Math.min(Math.max(Math.ceil(value / unit), 1), MAX_NUMBER));
}

/** Printable US-ASCII, each other character a `?`, and never too long. */
function visible(value: string | undefined, maxLength = MAX_VALUE_LENGTH): string {
  if (value === undefined || value === '') return 'unknown';
  const short = value.length > maxLength ? `${value.slice(0, maxLength - 3)}...` : value;
  return short.replace(/[^\x20-\x7e]/gu, '?');
}

function render(placeholder: Placeholder, values: ReplyValues): string {
  switch (placeholder) {
    case 'wait':
      return count(values.waitMs, 1000);
    case 'minutes':
      return count(values.waitMs, 60_000);
    case 'delay':
      return count(values.delayMs, 1000);
    case 'client':
      return visible(values.client, LONGEST.client);
    case 'from':
      return values.from === '' ? '<>' : visible(values.from);
    case 'name':
    case 'to':
    case 'id':
    case 'host':
    case 'dnsbl':
      return visible(values[placeholder]);
  }
}

/** The text with its values: one line of printable US-ASCII, as short as the template promised. */
export function renderReplyTemplate(template: ReplyTemplate, values: ReplyValues): string {
  const { literals, placeholders } = template;
  let text = '';
  for (const [index, literal] of literals.entries()) {
    const placeholder = placeholders[index];
    text += placeholder === undefined ? literal : literal + render(placeholder, values);
  }
  return text;
}
