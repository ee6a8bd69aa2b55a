import type { Parsed } from '../../config/parsed.js';
import type { CompileContext, Condition, ConditionKind, SchemaKinds } from '../condition.js';
import { compileEntries, formatEntry, parseConditionEntry } from '../sets/compile-entries.js';
import type { MessageFacts } from '../facts.js';
import { headerLines, oneLine } from '../header-lines.js';
import type { ConditionEntry } from '../sets/compile-entries.js';
import { listKinds } from '../sets/list-kinds.js';
import { compileParts } from '../sets/part-entry.js';
import type { PartEntry } from '../sets/part-entry.js';
import { describeMatch, keepMatch } from './finding.js';
import { compileStates } from './states.js';
import type { StateEntry } from './states.js';

const STATES = ['present', 'missing'] as const;

type State = (typeof STATES)[number];
type HeaderEntry = ConditionEntry<'values'> | StateEntry<State>;
type Value = Readonly<Record<string, readonly HeaderEntry[]>>;

/** In place of a field's name: any field, each as a line. */
const ANY = 'any';

const schema = ({ list, named }: SchemaKinds) =>
  named(
    parseFieldName,
    { examples: ['Subject', 'X-Spam-Flag', ANY] },
    list<HeaderEntry>(parseEntry, formatEntry, {
      examples: ['value', '/^part/i', 'present', 'missing'],
    }),
  );

/** What the message's header says. */
export const headerCondition: ConditionKind<ReturnType<typeof schema>> = {
  name: 'header',
  about: {
    meaning:
      'Header fields of the message, each with its value, on one line and as it came: encoded words stay encoded. `present` for any value, `missing` if there is no such field. Several fields must all match; of a field that comes more than once, one must. `any` stands for all of them: what it has must stand somewhere in a line `Name: value`, or be a pattern that is found there.',
    expects: `a mapping of header fields, each with ${listKinds.values.expects}, present, missing, list:NAME, or a list of them`,
    example: "header: {X-Spam-Flag: 'YES', List-Id: missing}",
  },
  stage: 'eom',
  isLookup: false,
  schema: (kinds) => schema(kinds),
  needs: () => ({ headers: true }),
  compile: compileHeader,
};

/** RFC 5322 section 2.2: printable US-ASCII without a colon. */
function parseFieldName(name: string): Parsed<string> {
  if (/^[!-9;-~]{1,76}$/.test(name)) return { ok: name };
  return { problem: 'is not the name of a header field', hint: 'write it as in Subject' };
}

function parseEntry(text: string): Parsed<HeaderEntry> {
  const state = STATES.find((known) => known === text);
  if (state !== undefined) return { ok: { kind: 'state', text, state } };
  return parseConditionEntry('values')(text);
}

function compileHeader(value: Value, context: CompileContext): Condition {
  const tests = Object.entries(value).map(([name, entries]) => ({
    name,
    linesOf: name === ANY ? headerLines : valuesOf(name),
    find: name === ANY ? compileAny(entries, context) : compileField(entries, context, [name]),
  }));
  return {
    name: 'header',
    isLookup: false,
    test: (evaluation) => {
      const headers = evaluation.facts.message?.headers;
      if (headers === undefined) return 'no';
      for (const { name, linesOf: read, find } of tests) {
        const { subject, found } = find(read(headers));
        keepMatch(evaluation, subject, found);
        evaluation.note?.(describeMatch(`${name} ${subject}`, found));
        if (found === undefined) return 'no';
      }
      return 'yes';
    },
  };
}

type Headers = MessageFacts['headers'];

function valuesOf(name: string): (headers: Headers) => readonly string[] {
  const wanted = name.toLowerCase();
  return (headers) =>
    headers.flatMap(([field, text]) => (field.toLowerCase() === wanted ? [oneLine(text)] : []));
}

/** Where no field is meant, `present` and `missing` are words like any others. */
function compileAny(entries: readonly HeaderEntry[], context: CompileContext) {
  const parts = entries.map((entry): PartEntry =>
    entry.kind === 'pattern' ? entry : { kind: 'part', text: entry.text, part: entry.text },
  );
  const find = compileParts(parts, context, [ANY]);
  return (lines: readonly string[]) => {
    for (const subject of lines) {
      const found = find(subject);
      if (found !== undefined) return { subject, found };
    }
    return { subject: 'line', found: undefined };
  };
}

function compileField(
  entries: readonly HeaderEntry[],
  context: CompileContext,
  path: readonly string[],
) {
  const texts = entries.map((entry) => (entry.kind === 'state' ? undefined : entry));
  const set = compileEntries('values', texts, context, path);
  const states = compileStates<State>(entries, context, path);
  return (values: readonly string[]) => {
    const [first] = values;
    if (first === undefined) return { subject: 'missing', found: states.get('missing') };
    const present = states.get('present');
    if (present !== undefined) return { subject: first, found: present };
    for (const subject of values) {
      const found = set.find(subject);
      if (found !== undefined) return { subject, found };
    }
    return { subject: values.join(', '), found: undefined };
  };
}
