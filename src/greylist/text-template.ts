/** A text with placeholders, split at them: a literal before each of them and one at the end. */
export interface TextTemplate<Name extends string> {
  /** As it was written. */
  readonly text: string;
  readonly literals: readonly string[];
  readonly placeholders: readonly Name[];
}

/** Why a text is none. */
export interface TemplateProblem {
  readonly problem: string;
  readonly hint?: string;
}

/** What a text may show, and how long it may become. */
export interface TemplateSpec<Name extends string> {
  /** The longest rendering of each placeholder that there is. */
  readonly longest: Readonly<Record<Name, number>>;
  readonly maxBytes: number;
  /** What holds so many, as in "a reply line". */
  readonly holder: string;
}

/**
 * Reads a line of printable US-ASCII, in which `{name}` stands for a value, and `{{` and `}}` for a
 * brace. It is refused if it may become too long.
 */
export function parseTextTemplate<Name extends string>(
  text: string,
  { longest, maxBytes, holder }: TemplateSpec<Name>,
): { readonly ok: TextTemplate<Name> } | TemplateProblem {
  if (/[\r\n]/.test(text)) return { problem: 'has more than one line', hint: 'write it on one' };
  if (!/^[\x20-\x7e]*$/.test(text)) {
    return { problem: 'has a character that is not printable US-ASCII', hint: 'MTAs garble it' };
  }
  const parts = split(text, longest);
  if ('problem' in parts) return parts;
  if (text.trim() === '') return { problem: 'is empty', hint: 'leave it out for the usual words' };
  let length = 0;
  for (const literal of parts.literals) length += literal.length;
  for (const placeholder of parts.placeholders) length += longest[placeholder];
  if (length > maxBytes) {
    const problem = `may become ${length} bytes long`;
    return { problem, hint: `${holder} holds ${maxBytes}: shorten it` };
  }
  return { ok: { text, ...parts } };
}

/** The text with its values. */
export function fillTemplate<Name extends string>(
  { literals, placeholders }: TextTemplate<Name>,
  render: (placeholder: Name) => string,
): string {
  let text = '';
  for (const [index, literal] of literals.entries()) {
    const placeholder = placeholders[index];
    text += placeholder === undefined ? literal : literal + render(placeholder);
  }
  return text;
}

/** Printable US-ASCII, each other character a `?`, and never too long. */
export function visible(value: string | undefined, maxLength: number): string {
  if (value === undefined || value === '') return 'unknown';
  const short = value.length > maxLength ? `${value.slice(0, maxLength - 3)}...` : value;
  return short.replace(/[^\x20-\x7e]/gu, '?');
}

function split<Name extends string>(
  text: string,
  longest: Readonly<Record<Name, number>>,
): Omit<TextTemplate<Name>, 'text'> | TemplateProblem {
  const isName = (name: string): name is Name => Object.hasOwn(longest, name);
  const literals: string[] = [];
  const placeholders: Name[] = [];
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
      if (!isName(name)) {
        const known = Object.keys(longest).map((key) => `{${key}}`);
        const hint = `there are ${known.join(', ')}`;
        return { problem: `has an unknown placeholder {${name}}`, hint };
      }
      literals.push(literal);
      placeholders.push(name);
      literal = '';
      at = end + 1;
    }
  }
  return { literals: [...literals, literal], placeholders };
}
