import { parseNameEntry } from '../../rules/sets/name-entry.js';
import type { Context } from './context.js';
import {
  addressEntry,
  allEntries,
  escapePattern,
  IN_NAMES,
  IN_VALUES,
  isForAll,
  isPattern,
  literalPattern,
  nameEntry,
  patternEntry,
  valueEntry,
} from './entries.js';
import type { Entry } from './entries.js';
import { at } from './placed.js';
import type { Mapping, Node, Placed } from './placed.js';
import type { FormatValue, PatternValue, TextOrPattern, TextValue } from './syntax.js';
import { plainText, toTemplate } from './template.js';
import { anyOf, block, leftOut, never } from './test.js';
import type { Test } from './test.js';

type Items = readonly TextOrPattern[];

/** A pattern that is found in everything is how people write that they mean everybody. */
const always: Test = { kind: 'constant', truth: true, why: 'it is found in everything' };

function isEverything(item: TextOrPattern): boolean {
  return isPattern(item) && isForAll(item);
}

/** One alone stands for a list of one. */
function single(entries: readonly Entry[]): Node {
  const [only, second] = entries;
  return only !== undefined && second === undefined ? only : entries;
}

function asBlock(entries: readonly Entry[], write: (all: Node) => Mapping): Test {
  const all = allEntries(entries);
  return all === undefined ? leftOut : block(write(single(all)));
}

/** Senders, or recipients: whole addresses in any letter case, and patterns with the brackets. */
export function askAddresses(
  kind: 'from' | 'rawfrom' | 'rcpt',
  items: Items,
  context: Context,
): Test {
  if (items.some(isEverything)) return always;
  const key = kind === 'rcpt' ? 'recipient' : 'sender';
  if (!items.some(isPattern)) {
    const plain = items.flatMap((item) => (isPattern(item) ? [] : [addressEntry(item)]));
    return block({ [key]: kind === 'rawfrom' ? { raw: single(plain) } : single(plain) });
  }
  const entries = items.map((item) =>
    isPattern(item) ? patternEntry(item, IN_NAMES, context) : at(item.place, `<${item.text}>`),
  );
  return asBlock(entries, (all) => ({
    [key]: { [kind === 'rawfrom' ? 'raw-bracketed' : 'bracketed']: all },
  }));
}

/**
 * Host names as the MTA has them: what they end with, or patterns. With `domainexact` a name and
 * those below it.
 */
export function askDomains(items: Items, context: Context): Test {
  if (items.some(isEverything)) return always;
  const texts = items.flatMap((item) => (isPattern(item) || isTooLong(item) ? [] : [item]));
  const patterns = allEntries(
    items.filter(isPattern).map((item) => patternEntry(item, IN_NAMES, context)),
  );
  if (patterns === undefined) return leftOut;
  const { whole, ends, odd } = domainEntries(texts, context);
  const matches = [...odd, ...patterns];
  const names: Mapping[] = [
    ...(whole.length === 0 ? [] : [whole]),
    ...(ends.length === 0 ? [] : [{ 'ends-with': single(ends) }]),
    ...(matches.length === 0 ? [] : [{ matches: single(matches) }]),
  ].map((value) => ({ 'client-name': value }));
  const [only, second] = names;
  if (only === undefined) return never('no name is as long');
  return second === undefined ? block(only) : { kind: 'any', blocks: names };
}

/** Names that are as they should be: whole ones, what they end with, and what needs a pattern. */
function domainEntries(texts: readonly TextValue[], { flags }: Context) {
  if (!flags.has('domainexact')) {
    return { whole: [], ends: texts.map(({ text, place }) => at(place, text)), odd: [] };
  }
  const isName = ({ text }: TextValue): boolean => {
    const parsed = parseNameEntry(text);
    return 'ok' in parsed && (parsed.ok.kind === 'name' || parsed.ok.kind === 'below');
  };
  const isBelow = ({ text }: TextValue): boolean => text.startsWith('.');
  return {
    whole: texts
      .filter(isName)
      .flatMap((item) => (isBelow(item) ? [at(item.place, item.text)] : withThoseBelow(item))),
    ends: [],
    odd: texts
      .filter((item) => !isName(item))
      .map(({ text, place }) => at(place, `/(^|\\.)${escapePattern(text)}$/`)),
  };
}

function withThoseBelow({ text, place }: TextValue): readonly Placed[] {
  return [at(place, text), at(place, `.${text}`)];
}

/** The longest that milter-greylist keeps of a name; a longer one is none. */
const LONGEST_NAME = 324;

function isTooLong({ text }: { readonly text: string }): boolean {
  return text.length > LONGEST_NAME;
}

/** What the client calls itself. */
export function askHelo(items: readonly (FormatValue | PatternValue)[], context: Context): Test {
  if (items.some((item) => item.kind === 'pattern' && isForAll(item))) return always;
  const names: Entry[] = [];
  const templates: Mapping[] = [];
  for (const item of items) {
    const text = item.kind === 'pattern' ? undefined : plainText(item.format);
    if (item.kind === 'pattern') names.push(patternEntry(item, IN_NAMES, context));
    else if (text !== undefined) {
      if (!isTooLong({ text })) names.push(nameEntry({ kind: 'text', text, place: item.place }));
    } else {
      templates.push({ helo: { template: at(item.place, toTemplate(item.format).text) } });
    }
  }
  if (names.length + templates.length === 0) return never('no name is as long');
  const plain = asBlock(names, (all) => ({ helo: all }));
  if (templates.length === 0) return plain;
  const blocks = templates.map((template) => block(template));
  return anyOf(names.length === 0 ? blocks : [plain, ...blocks]);
}

/** As whom a client has authenticated, in its very letters. */
export function askLogins(items: Items, context: Context): Test {
  const entries = items.map((item): Entry => {
    if (isPattern(item)) return patternEntry(item, IN_VALUES, context);
    // An @ at the end would stand for any domain.
    if (item.text.endsWith('@')) return at(item.place, literalPattern(item.text));
    return valueEntry(item, ['any', 'none']);
  });
  return asBlock(entries, (all) => ({ login: all }));
}

/** The subject of a certificate that the MTA has verified. */
export function askSubjects(items: Items, context: Context): Test {
  const entries = items.map((item) =>
    isPattern(item) ? patternEntry(item, IN_VALUES, context) : valueEntry(item),
  );
  return asBlock(entries, (all) => ({ tls: { verified: true, subject: all } }));
}

/** Parts of lines of the header, in their very letters, or patterns in any. */
export function askHeaders(items: Items, context: Context): Test {
  return asBlock(contentEntries(items, context), (all) => ({ header: { any: all } }));
}

/** The same of the body. */
export function askBodies(items: Items, context: Context): Test {
  return asBlock(contentEntries(items, context), (all) => ({ body: all }));
}

function contentEntries(items: Items, context: Context): readonly Entry[] {
  return items.map((item) => {
    if (isPattern(item)) {
      return patternEntry(item, { subject: 'lines', tellsCase: true }, context);
    }
    // What is nothing is in every line.
    if (item.text === '') return at(item.place, '/^/');
    const isPlain = !item.text.startsWith('/') && !item.text.startsWith('list:');
    return at(item.place, isPlain ? item.text : `/${escapePattern(item.text)}/`);
  });
}
