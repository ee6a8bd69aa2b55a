import { RE2JS } from 're2js';

import type { Parsed } from '../config/parsed.js';
import { readLiteral } from './pattern-literal.js';
import type { Literal } from './pattern-literal.js';

/** A text that others choose is tested by it, in time that grows with its length and no faster. */
export interface Pattern {
  /** As it was written, slashes and flags included. */
  readonly text: string;
  /** What it looks for, where that is a plain text; undefined if it takes the engine. */
  readonly literal: Literal | undefined;
  /** Whether it is found in the subject, anywhere unless it is anchored. */
  matches(subject: string): boolean;
  /** What its groups have caught in a subject that it is found in, the first group first. */
  groups(subject: string): readonly string[];
}

/** How a pattern is read: names and addresses are the same in upper and lower case. */
export interface PatternOptions {
  readonly ignoreCase: boolean;
}

/** More than any sensible pattern needs; each is kept compiled, and a list may have thousands. */
const MAX_PATTERN_LENGTH = 1024;

/** Whether a text is meant as a pattern, right or wrong: it starts with a slash. */
export function looksLikePattern(text: string): boolean {
  return text.startsWith('/');
}

/**
 * Reads `/…/` or `/…/i`: RE2's syntax, found anywhere in the subject. The only flag is `i`, which
 * goes without saying where `ignoreCase` is set. What the engine cannot do, or would silently take
 * for something else than other engines do, is refused.
 */
export function parsePattern(text: string, { ignoreCase }: PatternOptions): Parsed<Pattern> {
  const parts = /^\/(.*)\/([^/]*)$/s.exec(text);
  if (parts === null) {
    return { problem: 'is a pattern without an end', hint: `write ${text}/ for a pattern` };
  }
  const [, source = '', flags = ''] = parts;
  if (flags !== '' && flags !== 'i') {
    const hint = ignoreCase ? 'letter case never matters here: write none' : 'the only flag is i';
    return { problem: `has "${flags}" behind its last slash`, hint };
  }
  if (source === '') return { problem: 'is an empty pattern, which matches everything' };
  if (source.length > MAX_PATTERN_LENGTH) {
    return {
      problem: `is a pattern of ${source.length} characters`,
      hint: `write at most ${MAX_PATTERN_LENGTH}; several patterns in a list are alternatives`,
    };
  }
  return misread(source) ?? compile(text, source, ignoreCase || flags === 'i');
}

/** What other engines know and ours takes for something else without a word; outside of brackets. */
const MISREAD: readonly (readonly [form: RegExp, what: string, hint: string])[] = [
  [/^\\[<>]/, 'a word boundary such as \\< or \\>', 'write \\b'],
  [/^\\[`']/, "a text boundary such as \\` or \\'", 'write ^ or $'],
  [/^\{,\d+\}/, 'a repetition without a lower bound', 'write it: {0,3}'],
];

/** The same, inside of brackets. */
const COLLATING = /^\[([=.])[^\]]*\1\]/;

/** What our engine does not have, by the beginning of what it complains of. */
const REFUSED: readonly (readonly [form: RegExp, what: string, hint: string])[] = [
  [/^\\(?:[1-9]|k)|^\(\?P$/, 'a backreference', 'it cannot be matched in linear time'],
  [/^\(\?(?:<?[=!])/, 'a lookaround', 'use two conditions, or one under `unless`'],
  [/^\(\?>|^[*+?}\d{,]*[*+?}]\+/, 'a possessive or atomic group', 'write it without: it is fast'],
  [/^\(\?#/, 'a comment', 'write it behind a # at the end of the line'],
  [/^\(\?[imsUxn]*x/, 'the flag x', 'write the pattern without blanks'],
  [/^\\Z/, 'the anchor \\Z', 'write $ or \\z'],
  [/^\\h/, 'the class \\h', 'write [ \\t]'],
  [/^\\u/, 'the escape \\u', 'write \\x{20ac} with the number'],
];

/** What to do about what is wrong in any engine, by its cause. */
const WRONG: readonly (readonly [form: RegExp, hint: string])[] = [
  [/repeat/, 'repeat at most 1000 times, and write the smaller number first'],
  [/range/, 'write the smaller end first, as in [a-z], or a class by its name, as in \\d'],
];
const BACKSLASH = 'put a backslash before what stands for itself: \\( \\[ \\{ \\* \\+ \\?';

type Refusal = { readonly problem: string; readonly hint?: string };

function misread(source: string): Refusal | undefined {
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at);
    const found = MISREAD.find(([form]) => form.test(rest));
    if (found !== undefined) return { problem: `has ${found[1]}`, hint: found[2] };
    if (rest.startsWith('[')) {
      const end = endOfBrackets(source, at);
      if (end === undefined) {
        const problem = 'has a collating element such as [=a=] or [.a.]';
        return { problem, hint: 'write the letters' };
      }
      at = end;
    } else at += rest.startsWith('\\') ? 2 : 1;
  }
  return undefined;
}

/** Behind the brackets that begin here; undefined if there is something in them that is misread. */
function endOfBrackets(source: string, start: number): number | undefined {
  let at = start + (source.startsWith('[^', start) ? 2 : 1);
  // A closing bracket that comes first stands for itself.
  if (source.charAt(at) === ']') at += 1;
  while (at < source.length && source.charAt(at) !== ']') {
    const rest = source.slice(at);
    if (COLLATING.test(rest)) return undefined;
    const named = /^\[:\^?\w+:\]/.exec(rest)?.[0].length;
    at += named ?? (rest.startsWith('\\') ? 2 : 1);
  }
  return at + 1;
}

function compile(text: string, source: string, ignoreCase: boolean): Parsed<Pattern> {
  try {
    const engine = RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    const literal = readLiteral(source, ignoreCase);
    if (literal === undefined) {
      const matches = (subject: string): boolean => engine.test(subject);
      return { ok: { text, literal, matches, groups: (subject) => groupsOf(engine, subject) } };
    }
    return { ok: { text, literal, matches: literalMatcher(literal), groups: () => [] } };
  } catch (error) {
    return refusal(String(error));
  }
}

/** One that took no part in it has caught nothing. */
function groupsOf(engine: RE2JS, subject: string): readonly string[] {
  const count = engine.groupCount();
  if (count === 0) return [];
  const matcher = engine.matcher(subject);
  if (!matcher.find()) return [];
  return Array.from({ length: count }, (_, index) => matcher.group(index + 1) ?? '');
}

/** @param error as the engine words it: `…: error parsing regexp: CAUSE: `PART`` */
function refusal(error: string): Refusal {
  const message = error.replace(/^.*?error parsing regexp: /s, '');
  const cause = message.replace(/: `.*`$/s, '');
  // Ignoring case is a flag that the engine puts in front.
  const part = message.replace(/^.*?: `(?:\(\?i\))?(.*)`$/s, '$1');
  const known = REFUSED.find(([form]) => form.test(part));
  if (known === undefined) {
    const hint = WRONG.find(([form]) => form.test(cause))?.[1] ?? BACKSLASH;
    return { problem: `is a wrong pattern: ${cause} at ${part}`, hint };
  }
  return { problem: `has ${known[1]}, which patterns here cannot have`, hint: known[2] };
}

function literalMatcher(literal: Literal): (subject: string) => boolean {
  const { at, value, ignoreCase } = literal;
  const plain = (subject: string): string => (ignoreCase ? subject.toLowerCase() : subject);
  switch (at) {
    case 'whole':
      return (subject) => plain(subject) === value;
    case 'start':
      return (subject) => plain(subject).startsWith(value);
    case 'end':
      return (subject) => plain(subject).endsWith(value);
    case 'anywhere':
      return (subject) => plain(subject).includes(value);
  }
}
